import GRDB

/// The tables and how they came to be. A migration that was released is never changed; another one follows it.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 revisions, allocations, audit, agents") { db in
            try db.execute(
                sql: """
                    -- The one federation that this database is of. The epoch names the database: agents refuse to be rolled
                    -- back by another one.
                    CREATE TABLE federation (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        name TEXT NOT NULL,
                        epoch TEXT NOT NULL CHECK (length(epoch) = 36)
                    ) STRICT;

                    -- Each apply, for ever. The highest number is in force; no number is left out.
                    CREATE TABLE revisions (
                        number INTEGER PRIMARY KEY CHECK (number > 0),
                        author TEXT NOT NULL CHECK (author <> ''),
                        applied_at INTEGER NOT NULL,    -- milliseconds since 1970
                        message TEXT NOT NULL,
                        origin TEXT NOT NULL,           -- apply, rollback, automatic-rollback, reserve, release
                        restores INTEGER,               -- the revision whose graph it took up again; 0 is the empty one
                        added INTEGER NOT NULL,         -- objects of the graph
                        changed INTEGER NOT NULL,
                        removed INTEGER NOT NULL,
                        gateways INTEGER NOT NULL,      -- whose intent changed
                        gained INTEGER NOT NULL,        -- reaches
                        lost INTEGER NOT NULL,
                        CHECK ((origin IN ('rollback', 'automatic-rollback')) = (restores IS NOT NULL)),
                        CHECK (restores < number)
                    ) STRICT;

                    -- What a revision is made of, apart so that the history is read without it. The ledger is that of
                    -- its time, with what was in quarantine: going back takes the same values again.
                    CREATE TABLE contents (
                        revision INTEGER PRIMARY KEY REFERENCES revisions (number),
                        file TEXT NOT NULL,             -- as applied
                        graph TEXT NOT NULL CHECK (json_valid(graph)),
                        ledger TEXT NOT NULL CHECK (json_valid(ledger))
                    ) STRICT;

                    -- What is held now, one row each, written with the ledger. It is there so that the schema itself refuses
                    -- to give anything away twice, whatever the allocator thinks.
                    CREATE TABLE allocations (
                        kind TEXT NOT NULL,             -- as, vni, rt, rd-index, vtep, router-mac, probe-address
                        owner TEXT NOT NULL,            -- paris, blue, blue/spoke, paris/gw1
                        value TEXT NOT NULL,
                        revision INTEGER NOT NULL REFERENCES revisions (number),    -- since when
                        PRIMARY KEY (kind, owner),
                        UNIQUE (kind, value)
                    ) STRICT, WITHOUT ROWID;

                    -- The revision in force, where it is taken back unless it is confirmed.
                    CREATE TABLE probation (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        revision INTEGER NOT NULL REFERENCES revisions (number),
                        fallback INTEGER NOT NULL CHECK (fallback < revision),      -- 0 is the empty one
                        deadline INTEGER NOT NULL       -- milliseconds since 1970
                    ) STRICT;

                    -- Every attempt to change something.
                    CREATE TABLE audit (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        at INTEGER NOT NULL,            -- milliseconds since 1970
                        author TEXT NOT NULL CHECK (author <> ''),
                        action TEXT NOT NULL,
                        outcome TEXT NOT NULL,          -- done, refused, conflict, failed
                        revision INTEGER NOT NULL,      -- in force afterwards
                        detail TEXT NOT NULL
                    ) STRICT;

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
        migrator.registerMigration("2 revisions as what they change") { db in
            try db.execute(
                sql: """
                    -- A revision that has no row in contents: what it has otherwise than the one before it.
                    CREATE TABLE changes (
                        revision INTEGER PRIMARY KEY REFERENCES revisions (number),
                        head INTEGER NOT NULL,          -- bytes of the former file that it begins with
                        tail INTEGER NOT NULL,          -- bytes of the former file that it ends with
                        file TEXT NOT NULL,             -- what is between
                        graph TEXT NOT NULL CHECK (json_valid(graph)),
                        ledger TEXT NOT NULL CHECK (json_valid(ledger)),
                        room INTEGER NOT NULL CHECK (room >= 0)     -- bytes that later ones may change before one is written whole
                    ) STRICT;
                    """)
        }
        migrator.registerMigration("3 what names of attachments mean") { db in
            try db.execute(
                sql: """
                    -- What a name was found to mean in a cloud. It means that, whatever else gets the name.
                    CREATE TABLE pins (
                        cloud TEXT NOT NULL,
                        kind TEXT NOT NULL,             -- router, network, port
                        name TEXT NOT NULL,
                        project TEXT NOT NULL,          -- as selected; empty: any
                        id TEXT NOT NULL CHECK (id <> ''),
                        owner TEXT,                     -- the project whose thing it is; null while nothing tells
                        replaces TEXT,                  -- the id that was meant before and is gone
                        PRIMARY KEY (cloud, kind, name, project)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("4 restored databases, revocation lists") { db in
            try db.execute(
                sql: """
                    -- Databases that this one is a restored backup of, directly or not.
                    CREATE TABLE successions (
                        epoch TEXT PRIMARY KEY CHECK (length(epoch) = 36),
                        revision INTEGER NOT NULL,      -- in force in the backup
                        restored_at INTEGER NOT NULL,   -- milliseconds since 1970
                        adopted_at INTEGER              -- since when agents that hold it take this database; NULL: they do not
                    ) STRICT;

                    -- The newest list that was seen of each authority: an older one is not taken again.
                    CREATE TABLE revocation_lists (
                        authority TEXT PRIMARY KEY,     -- SHA-256 of its public key
                        number TEXT NOT NULL,           -- for people
                        list BLOB NOT NULL              -- DER
                    ) STRICT;
                    """)
        }
        migrator.registerMigration("5 certificates of authors, pending commits") { db in
            try db.execute(
                sql: """
                    -- The serial number of the certificate that the author was authenticated by, in hex. NULL: the coordinator itself, and
                    -- what is older than this column.
                    ALTER TABLE revisions ADD COLUMN certificate TEXT;
                    ALTER TABLE audit ADD COLUMN certificate TEXT;
                    ALTER TABLE probation RENAME TO pending_commit;
                    """)
        }
        migrator.registerMigration("6 what happened") { db in
            try db.execute(
                sql: """
                    -- Pairs of clouds of which verdicts are written down.
                    CREATE TABLE pairs (
                        number INTEGER PRIMARY KEY,
                        vpn TEXT NOT NULL,
                        origin TEXT NOT NULL,
                        viewer TEXT NOT NULL,
                        UNIQUE (vpn, origin, viewer)
                    ) STRICT;

                    -- What happened. Changes of verdicts have the pairs that they are of, all of which went from the same to the same.
                    CREATE TABLE events (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        at INTEGER NOT NULL,            -- milliseconds since 1970
                        kind TEXT NOT NULL,             -- verdicts, verdicts-ended, recording-began, agent, revision
                        event TEXT NOT NULL CHECK (json_valid(event)),  -- FederationEvent of admin.proto, without its pairs
                        pairs BLOB,                     -- their numbers, ascending: differences as LEB128
                        pair_count INTEGER NOT NULL
                    ) STRICT;
                    CREATE INDEX events_at ON events (at, number);

                    -- Nothing of the verdicts between these times is missing, but for what recording-began says.
                    CREATE TABLE recording (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        since INTEGER NOT NULL,         -- milliseconds since 1970
                        until INTEGER NOT NULL
                    ) STRICT;
                    """)
        }
        return migrator
    }()
}
