/// Token by token to one row update: `{"new": {column: value…}}`, `{"modify": {…}}`, `{"delete": null}`.
struct RowUpdateAssembler: Sendable {
    private enum Kind: String { case old, new, initial, insert, modify, delete }
    private enum Place { case kind, content, column, value }

    let table: String
    let uuid: OVSDBUUID
    private var place = Place.kind
    private var kind = Kind.old
    private var change: OVSDBRowUpdate.Change?
    private var wasOldOnly = false
    private var columns: [OVSDBColumnValue] = []
    private var column = ""
    private var value = ValueAssembler()

    /// Begins behind the brace that opens the row update.
    init(table: String, uuid: OVSDBUUID) {
        self.table = table
        self.uuid = uuid
    }

    /// The row update, once its closing brace is there.
    mutating func take(_ token: JSONToken) throws(ValueAssembler.Mismatch) -> OVSDBRowUpdate? {
        switch (place, token) {
        case (.kind, .key(let name)):
            guard let kind = Kind(rawValue: name) else { throw .init(text: "unknown row update “\(name)”") }
            guard change == nil || kind == .old else { throw .init(text: "two updates of one row") }
            self.kind = kind
            place = .content
        case (.kind, .endObject):
            // In an `update` a row with an old content only is gone.
            guard let change = change ?? (wasOldOnly ? .delete : nil) else { throw .init(text: "an empty row update") }
            return OVSDBRowUpdate(uuid: uuid, change: change)
        case (.content, .beginObject):
            columns = []
            place = .column
        case (.content, .null) where kind == .delete: endContent()
        case (.column, .key(let name)):
            column = name
            value = ValueAssembler()
            place = .value
        case (.column, .endObject): endContent()
        case (.value, _):
            guard let value = try value.take(token) else { return nil }
            if kind != .old, kind != .delete { columns.append(OVSDBColumnValue(column, value)) }
            place = .column
        default: throw .init(text: "a row update must be an object of objects")
        }
        return nil
    }

    private mutating func endContent() {
        place = .kind
        switch kind {
        case .old: wasOldOnly = true
        case .new: change = .replace(columns)
        case .initial, .insert: change = .insert(columns)
        case .modify: change = .modify(columns)
        case .delete: change = .delete
        }
        columns = []
    }
}
