/// Which rows changed between two replicas.
package struct ReplicaChange: Hashable, Sendable {
    package struct Table: Hashable, Sendable {
        package var inserted: Set<OVSDBUUID>
        package var modified: Set<OVSDBUUID>
        package var deleted: Set<OVSDBUUID>

        package init(inserted: Set<OVSDBUUID> = [], modified: Set<OVSDBUUID> = [], deleted: Set<OVSDBUUID> = []) {
            self.inserted = inserted
            self.modified = modified
            self.deleted = deleted
        }

        package var isEmpty: Bool { inserted.isEmpty && modified.isEmpty && deleted.isEmpty }
        package var all: Set<OVSDBUUID> { inserted.union(modified).union(deleted) }
    }

    /// Only tables with changed rows.
    package private(set) var tables: [String: Table] = [:]

    package init() {}

    package var isEmpty: Bool { tables.isEmpty }

    /// The changed rows of a table; none where it did not change.
    package subscript(_ table: String) -> Table { tables[table] ?? Table() }

    /// Adds what happened later: one that came and went again never was.
    package mutating func merge(_ later: ReplicaChange) {
        for (name, change) in later.tables {
            for uuid in change.deleted { delete(uuid, in: name) }
            for uuid in change.inserted { insert(uuid, in: name) }
            for uuid in change.modified { modify(uuid, in: name) }
        }
    }

    package mutating func insert(_ uuid: OVSDBUUID, in table: String) {
        update(table) { change in
            // Went and came back: to the reader it was there all the time, perhaps with other values.
            if change.deleted.remove(uuid) != nil { change.modified.insert(uuid) } else { change.inserted.insert(uuid) }
        }
    }

    package mutating func modify(_ uuid: OVSDBUUID, in table: String) {
        update(table) { change in
            if !change.inserted.contains(uuid) { change.modified.insert(uuid) }
        }
    }

    package mutating func delete(_ uuid: OVSDBUUID, in table: String) {
        update(table) { change in
            if change.inserted.remove(uuid) != nil { return }
            change.modified.remove(uuid)
            change.deleted.insert(uuid)
        }
    }

    private mutating func update(_ table: String, _ body: (inout Table) -> Void) {
        body(&tables[table, default: Table()])
        if tables[table]?.isEmpty == true { tables[table] = nil }
    }
}

extension ReplicaChange {
    /// What a reader who knows `old` must look at to know `new`.
    package init(from old: OVSDBReplica, to new: OVSDBReplica) {
        for (name, table) in new.tables {
            let before = old.tables[name]
            let hasSameColumns = before?.columns == table.columns
            for (uuid, row) in table.rows {
                guard let previous = before?.rows[uuid] else {
                    insert(uuid, in: name)
                    continue
                }
                if !hasSameColumns || previous.values != row.values { modify(uuid, in: name) }
            }
        }
        for (name, table) in old.tables {
            for uuid in table.rows.keys where new.tables[name]?.rows[uuid] == nil { delete(uuid, in: name) }
        }
    }
}
