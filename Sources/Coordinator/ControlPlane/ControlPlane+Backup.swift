import Crypto
import FederationAPI
import Foundation
import Logging

/// The database copied while it is in use.
extension ControlPlane: DatabaseCare {
    package func backup(by author: Principal, _ send: (BackupPart) async throws -> Void) async throws {
        guard beginBackup() else {
            throw AdminRefusal(.busy, "another backup is being made", remedy: "ask again when it is done")
        }
        defer { endBackup() }
        let folder = try Backup.scratch(in: store.directory)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "backup.db")
        let contents = try await store.backup(to: file.path(percentEncoded: false))
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
        log.notice("backup made", metadata: ["author": "\(author)", "revision": "\(contents.revision)", "bytes": "\(size)"])
        await record(.backup, .done, by: author, "\(size) bytes")
    }

    /// Bytes of one message.
    private static let chunk = 1 << 20

    /// One backup at a time: each takes the database's size on disk.
    /// - Returns: false while there is one.
    package func beginBackup() -> Bool { !isBackingUp.exchange(true, ordering: .acquiringAndReleasing) }
    package func endBackup() { isBackingUp.store(false, ordering: .releasing) }
}
