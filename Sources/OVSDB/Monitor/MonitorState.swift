/// What a client knows of a database: it outlives connections, so that a server that goes away takes no row with it.
package struct MonitorState: Sendable {
    package let request: MonitorRequest
    /// The rows as of the last message; no tables before the first dump.
    package private(set) var replica = OVSDBReplica()
    /// Whether there has been a dump, so that the replica says something.
    package private(set) var isFilled = false
    /// The transaction that the replica is as of, for `monitor_cond_since`; nil if the server cannot resume.
    package private(set) var lastTransaction: OVSDBUUID?
    private var layout: MonitorLayout?
    /// The cluster that `lastTransaction` belongs to.
    private var cluster: OVSDBUUID?
    /// How far in the cluster's log the rows are at least.
    private var clusterIndex: Int64 = 0
    /// How many members in a row were refused because they are behind our rows, and how many may be.
    private var lags = 0
    private let mostLags: Int

    /// - Parameter mostLags: when more members in a row lag than this, the cluster itself has gone back: it was restored from a backup.
    package init(request: MonitorRequest, mostLags: Int = 3) {
        self.request = request
        self.mostLags = mostLags
    }

    /// Takes the schema of the server now connected.
    mutating func adopt(_ schema: OVSDBSchema) -> MonitorLayout {
        let layout = MonitorLayout(request, schema: schema)
        // With other columns the rows must be seen anew.
        if layout != self.layout { lastTransaction = nil }
        self.layout = layout
        return layout
    }

    /// Takes the identity of the cluster now connected; transactions of another one (the database was made anew) mean nothing.
    mutating func adopt(cluster: OVSDBUUID?) {
        if cluster != self.cluster {
            lastTransaction = nil
            clusterIndex = 0
        }
        self.cluster = cluster
    }

    /// Takes how far the member now connected has come in the cluster's log.
    ///
    /// - Returns: Whether that is as far as our rows, or no member is. One that lags would take us back in time: rows that are there would go.
    mutating func adopt(clusterIndex: Int64?) -> Bool {
        guard let clusterIndex else { return true }
        if clusterIndex < self.clusterIndex {
            lags += 1
            guard lags > mostLags else { return false }
            // What we know of its log it has never had.
            lastTransaction = nil
        }
        lags = 0
        self.clusterIndex = clusterIndex
        return true
    }

    /// Takes the transaction that `update3` or `monitor_cond_since` names; all zeros from servers that cannot resume.
    mutating func advance(to transaction: OVSDBUUID?) {
        lastTransaction = transaction == OVSDBUUID(high: 0, low: 0) ? nil : transaction
    }

    /// Forgets where to resume, so that the next monitor brings everything.
    mutating func forgetTransaction() { lastTransaction = nil }

    /// Takes a whole dump. What changed is what differs from the rows before it, not everything.
    mutating func fill(with updates: OVSDBTableUpdates, recording change: inout ReplicaChange) throws(OVSDBError) {
        guard let layout else { throw .unexpected("a dump before the schema") }
        var replica = layout.emptyReplica
        var ignored = ReplicaChange()
        try Self.apply(updates, to: &replica, layout, recording: &ignored)
        change.merge(ReplicaChange(from: self.replica, to: replica))
        self.replica = replica
        isFilled = true
    }

    /// Takes an `update`, `update2` or `update3`. What was applied before an error stays and is recorded.
    mutating func apply(_ updates: OVSDBTableUpdates, recording change: inout ReplicaChange) throws(OVSDBError) {
        guard let layout, isFilled else { throw .unexpected("an update before the dump") }
        try Self.apply(updates, to: &replica, layout, recording: &change)
    }

    private static func apply(
        _ updates: OVSDBTableUpdates, to replica: inout OVSDBReplica, _ layout: MonitorLayout, recording change: inout ReplicaChange
    ) throws(OVSDBError) {
        for (name, rows) in updates.tables {
            // Out of the dictionary and back, so that its rows are changed in place unless a reader holds them too.
            guard let columns = layout.tables[name], var table = replica.tables.removeValue(forKey: name) else {
                throw .unexpected("an update of table \(name), which is not monitored")
            }
            defer { replica.tables[name] = table }
            if table.rows.isEmpty { table.rows.reserveCapacity(rows.count) }
            for row in rows { try apply(row, to: &table, columns, name, recording: &change) }
        }
    }

    private static func apply(
        _ update: OVSDBRowUpdate, to table: inout OVSDBTable, _ layout: MonitorLayout.Table, _ name: String,
        recording change: inout ReplicaChange
    ) throws(OVSDBError) {
        let uuid = update.uuid
        switch update.change {
        case .insert(let columns):
            let row = try layout.row(uuid, columns)
            store(row, in: &table, name, recording: &change)
        case .replace(let columns):
            let row = try layout.row(uuid, columns)
            // Only servers without conditional monitors send this, so the conditions are ours to check.
            if layout.wants(row) {
                store(row, in: &table, name, recording: &change)
            } else if table.rows.removeValue(forKey: uuid) != nil {
                change.delete(uuid, in: name)
            }
        case .modify(let columns):
            guard let index = table.rows.index(forKey: uuid) else {
                throw .unexpected("a change to row \(uuid) of \(name), which is unknown")
            }
            if try layout.modify(&table.rows.values[index], columns) { change.modify(uuid, in: name) }
        case .delete:
            if table.rows.removeValue(forKey: uuid) != nil { change.delete(uuid, in: name) }
        }
    }

    private static func store(_ row: OVSDBRow, in table: inout OVSDBTable, _ name: String, recording change: inout ReplicaChange) {
        switch table.rows.updateValue(row, forKey: row.uuid) {
        case nil: change.insert(row.uuid, in: name)
        case row?: break
        default: change.modify(row.uuid, in: name)
        }
    }
}

extension MonitorLayout.Table {
    /// A row in the order of the columns; those that are not named have their default.
    func row(_ uuid: OVSDBUUID, _ columns: [OVSDBColumnValue]) throws(OVSDBError) -> OVSDBRow {
        var values = defaults
        for column in columns {
            let position = try position(column)
            values[position] = try canonical(column, position)
        }
        return OVSDBRow(uuid: uuid, values: values)
    }

    /// Applies a `modify`. Says whether a value is another now.
    func modify(_ row: inout OVSDBRow, _ columns: [OVSDBColumnValue]) throws(OVSDBError) -> Bool {
        var isChanged = false
        for column in columns {
            let position = try position(column)
            let given = try canonical(column, position)
            let value = types[position].isComposite ? Self.applying(given, to: row.values[position]) : given
            if row.values[position] != value {
                row.values[position] = value
                isChanged = true
            }
        }
        return isChanged
    }

    /// A set and its symmetric difference; a map and its changed pairs, of which one that is there already means that it goes.
    private static func applying(_ difference: OVSDBValue, to value: OVSDBValue) -> OVSDBValue {
        if case .map(var pairs) = value, case .map(let changed) = difference {
            for (key, value) in changed { pairs[key] = pairs[key] == value ? nil : value }
            return .map(pairs)
        }
        let old = value.atoms
        let toggled = Set(difference.atoms)
        let kept = old.filter { !toggled.contains($0) }
        let added = toggled.subtracting(old)
        return OVSDBColumnType.set(kept + added.sorted())
    }

    private func position(_ column: OVSDBColumnValue) throws(OVSDBError) -> Int {
        guard let position = positions[column.column] else { throw .unexpected("column \(column.column), which is not monitored") }
        return position
    }

    private func canonical(_ column: OVSDBColumnValue, _ position: Int) throws(OVSDBError) -> OVSDBValue {
        guard let value = types[position].canonical(column.value) else {
            throw .unexpected("a value of column \(column.column) has the wrong type")
        }
        return value
    }
}
