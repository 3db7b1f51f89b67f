import FederationAPI
import Foundation
import GRDB

/// Revocation lists in their table: what was revoked stays so when an older list is put back, after a restart too.
extension SQLiteStore: RevocationMemory {
    package func recall() throws -> [[UInt8]] {
        try pool.read { db in try Data.fetchAll(db, sql: "SELECT list FROM revocation_lists ORDER BY authority").map { Array($0) } }
    }

    package func remember(_ lists: [SignedRevocationList]) throws {
        try pool.write { db in
            for list in lists {
                try db.execute(
                    sql: """
                        INSERT INTO revocation_lists (authority, number, list) VALUES (?, ?, ?)
                        ON CONFLICT (authority) DO UPDATE SET number = excluded.number, list = excluded.list
                        """, arguments: [list.authority, list.number.description, Data(list.der)])
            }
        }
    }
}
