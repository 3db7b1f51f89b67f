import FederationAPI

/// The database as a whole: copied, and put in force after it was restored.
extension AdminServiceProvider {
    package func backup(by admin: Principal, _ send: (BackupPart) async throws -> Void) async throws {
        try await refusing { try await database.backup(by: admin, send) }
    }

    package func adopt(isRehearsal: Bool, by admin: Principal) async throws -> Adoption {
        try await refusing { try await database.adopt(rehearsing: isRehearsal, by: admin) }
    }
}
