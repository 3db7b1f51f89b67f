/// Bytes in any chunking to messages.
///
/// Table updates are recognised by their shape, because a reply may carry its `id` behind its result: in all of OVSDB only
/// there an object has UUIDs for keys (names of tables and columns have no hyphens). Each row update goes straight into values;
/// the rest of a message, which is small, becomes `JSONValue`.
package struct OVSDBMessageDecoder: Sendable {
    private enum Frame {
        case object(members: [String: JSONValue], key: String)
        case array([JSONValue])
    }

    private let limits: OVSDBDecodingLimits
    private var tokenizer: JSONTokenizer
    private var frames: [Frame] = []
    private var row: RowUpdateAssembler?
    private var updates = OVSDBTableUpdates()
    private var values = 0
    private var failure: OVSDBDecodingError?

    package init(limits: OVSDBDecodingLimits = OVSDBDecodingLimits()) {
        self.limits = limits
        self.tokenizer = JSONTokenizer(limits: limits)
    }

    /// Whether the bytes so far end inside a message.
    package var isInMessage: Bool { !frames.isEmpty }

    /// Appends the messages that end in this chunk; those before an error are appended too.
    ///
    /// - Throws: If the bytes are not OVSDB; from then on always this error, because the start of the next message is unknown.
    package mutating func decode(_ bytes: Span<UInt8>, into messages: inout [OVSDBMessage]) throws(OVSDBDecodingError) {
        if let failure { throw failure }
        var position = 0
        do {
            while let token = try tokenizer.next(in: bytes, at: &position) {
                if let message = try take(token) { messages.append(message) }
            }
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func take(_ token: JSONToken) throws(OVSDBDecodingError) -> OVSDBMessage? {
        if row != nil {
            try takeInRow(token)
            return nil
        }
        switch token {
        case .key(let key):
            guard case .object(let members, _)? = frames.popLast() else { return nil }
            frames.append(.object(members: members, key: key))
        case .beginObject:
            if let row = rowUpdate() {
                self.row = row
            } else {
                try count()
                frames.append(.object(members: [:], key: ""))
            }
        case .beginArray:
            try count()
            frames.append(.array([]))
        case .endObject, .endArray:
            switch frames.popLast() {
            case .object(let members, _)?:
                guard !frames.isEmpty else { return try message(members) }
                add(.object(members))
            case .array(let elements)?: add(.array(elements))
            case nil: break
            }
        case .string(let value): try addCounted(.string(value))
        case .integer(let value): try addCounted(.integer(value))
        case .real(let value): try addCounted(.real(value))
        case .boolean(let value): try addCounted(.boolean(value))
        case .null: try addCounted(.null)
        }
        return nil
    }

    /// The row update that the brace just read opens, if its key is a UUID and that of the object around it names a table.
    private func rowUpdate() -> RowUpdateAssembler? {
        guard frames.count >= 3, case .object(_, let key)? = frames.last, key.utf8.count == 36, let uuid = OVSDBUUID(key),
            case .object(_, let table) = frames[frames.count - 2]
        else { return nil }
        return RowUpdateAssembler(table: table, uuid: uuid)
    }

    private mutating func takeInRow(_ token: JSONToken) throws(OVSDBDecodingError) {
        let update: OVSDBRowUpdate?
        do {
            update = try row?.take(token)
        } catch {
            throw OVSDBDecodingError(.unexpectedShape(error.text), offset: tokenizer.tokenOffset)
        }
        guard let update, let table = row?.table else { return }
        updates.tables[table, default: []].append(update)
        row = nil
    }

    private mutating func count() throws(OVSDBDecodingError) {
        values += 1
        guard values <= limits.values else { throw OVSDBDecodingError(.tooManyValues, offset: tokenizer.tokenOffset) }
    }

    private mutating func addCounted(_ value: JSONValue) throws(OVSDBDecodingError) {
        try count()
        add(value)
    }

    /// Taken off the stack before it is changed, so that it is changed in place and not copied.
    private mutating func add(_ value: JSONValue) {
        switch frames.popLast() {
        case .object(var members, let key)?:
            members[key] = value
            frames.append(.object(members: members, key: key))
        case .array(var elements)?:
            elements.append(value)
            frames.append(.array(elements))
        case nil: break
        }
    }

    private mutating func message(_ members: [String: JSONValue]) throws(OVSDBDecodingError) -> OVSDBMessage {
        let message = OVSDBMessage(members: members, updates: updates)
        updates = OVSDBTableUpdates()
        values = 0
        guard let message else {
            throw OVSDBDecodingError(.unexpectedShape("must be a request, notification or response"), offset: tokenizer.tokenOffset)
        }
        return message
    }
}
