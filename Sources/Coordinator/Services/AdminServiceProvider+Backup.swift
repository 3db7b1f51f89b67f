import Crypto
import FederationAPI
import Foundation

/// The database as a whole: copied, and put in force after it was restored.
extension AdminServiceProvider {
    package func backup(by admin: Principal, _ send: (BackupPart) async throws -> Void) async throws {
        guard controlPlane.beginBackup() else {
            throw AdminRefusal(.busy, "another backup is being made", remedy: "ask again when it is done")
        }
        defer { controlPlane.endBackup() }
        let folder = try Backup.scratch(in: controlPlane.store.directory)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "backup.db")
        let contents = try await refusing { try await controlPlane.store.backup(to: file.path(percentEncoded: false)) }
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        var digest = SHA256()
        var size: UInt64 = 0
        while let data = try handle.read(upToCount: Self.chunk), !data.isEmpty {
            digest.update(data: data)
            size += UInt64(data.count)
        }
        try handle.seek(toOffset: 0)
        try await send(
            .header(
                BackupHeader(
                    federation: contents.federation, epoch: contents.epoch, revision: contents.revision, size: size,
                    digest: Data(digest.finalize()))))
        while let data = try handle.read(upToCount: Self.chunk), !data.isEmpty { try await send(.data(data)) }
        controlPlane.log.notice("backup made", metadata: ["author": "\(admin)", "revision": "\(contents.revision)", "bytes": "\(size)"])
        await controlPlane.record(.backup, .done, by: admin, "\(size) bytes")
    }

    /// Bytes of one message.
    private static let chunk = 1 << 20

    package func adopt(isRehearsal: Bool, by admin: Principal) async throws -> Adoption {
        try await refusing { try await controlPlane.adopt(rehearsing: isRehearsal, by: admin) }
    }
}
