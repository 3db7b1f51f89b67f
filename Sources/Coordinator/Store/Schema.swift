import GRDB

/// The tables and how they came to be. A migration that was released is never changed; another one follows it.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 revisions, allocations, agents") { db in
            try db.execute(
                sql: """
                    -- The one federation that this database is of. The epoch names the database: agents refuse to be rolled
                    -- back by another one.
                    CREATE TABLE federation (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        name TEXT NOT NULL,
                        epoch TEXT NOT NULL CHECK (length(epoch) = 36)
                    ) STRICT;

                    -- Each apply, for ever. The highest number is in force.
                    CREATE TABLE revisions (
                        number INTEGER PRIMARY KEY CHECK (number > 0),
                        author TEXT NOT NULL CHECK (author <> ''),
                        applied_at INTEGER NOT NULL,    -- milliseconds since 1970
                        file TEXT NOT NULL,             -- as applied
                        graph TEXT NOT NULL CHECK (json_valid(graph))
                    ) STRICT;

                    -- The ledger as a whole, with what is in quarantine, as of the revision in force.
                    CREATE TABLE ledger (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        revision INTEGER NOT NULL REFERENCES revisions (number),
                        document TEXT NOT NULL CHECK (json_valid(document))
                    ) STRICT;

                    -- What is held, one row each, written with the ledger. It is there so that the schema itself refuses to
                    -- give anything away twice, whatever the allocator thinks.
                    CREATE TABLE allocations (
                        kind TEXT NOT NULL,             -- asn, vni, route-target, rd-index, router-mac, probe-address
                        object TEXT NOT NULL,           -- cloud paris, vpn blue, gateway paris/gw1
                        value TEXT NOT NULL,
                        revision INTEGER NOT NULL REFERENCES revisions (number),
                        PRIMARY KEY (kind, object),
                        UNIQUE (kind, value)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE agents (
                        cloud TEXT NOT NULL,
                        node TEXT NOT NULL,
                        last_seen INTEGER NOT NULL,     -- milliseconds since 1970
                        software TEXT NOT NULL,
                        PRIMARY KEY (cloud, node)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE agent_resources (
                        cloud TEXT NOT NULL,
                        node TEXT NOT NULL,
                        resource TEXT NOT NULL,         -- base, vpn/blue
                        applied TEXT,
                        rejected TEXT,
                        reason TEXT,
                        PRIMARY KEY (cloud, node, resource),
                        FOREIGN KEY (cloud, node) REFERENCES agents (cloud, node) ON DELETE CASCADE,
                        CHECK ((rejected IS NULL) = (reason IS NULL))
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        return migrator
    }()
}
