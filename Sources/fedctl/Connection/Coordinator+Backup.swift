import Crypto
import FederationAPI
import FederationModel
import Foundation
import GRPCCore

/// The coordinator's database as a whole.
extension Coordinator {
    struct BackupSummary: Hashable, Sendable, Encodable {
        var file: String
        var federation: String
        var epoch: String
        var revision: UInt64
        var bytes: UInt64
    }

    /// Writes a backup into a file, which is there whole or not at all.
    func backup(to path: String, replacing: Bool) async throws -> BackupSummary {
        let file = try BackupFile(path, replacing: replacing)
        var options = options
        // A large database takes its time; a silent connection is noticed by its own.
        options.timeout = nil
        let header = try await call { [options] in
            try await admin.backup(WireBackupRequest(), options: options) { response in
                var header: WireBackupHeader?
                var digest = SHA256()
                var size: UInt64 = 0
                for try await chunk in response.messages {
                    if chunk.hasHeader { header = chunk.header }
                    guard let header, size + UInt64(chunk.data.count) <= header.size else {
                        throw Self.notWhole(path)
                    }
                    size += UInt64(chunk.data.count)
                    digest.update(data: chunk.data)
                    try file.write(chunk.data)
                }
                guard let header, size == header.size, Data(digest.finalize()) == header.digest else {
                    throw Self.notWhole(path)
                }
                return header
            }
        }
        try file.finish()
        return BackupSummary(
            file: path, federation: header.federation, epoch: header.epoch, revision: header.revision, bytes: header.size)
    }

    private static func notWhole(_ path: String) -> Complaint {
        Complaint("the backup did not arrive whole, and was not kept", remedy: "make it again: fedctl backup \(path)")
    }

    /// - Returns: agents that wait, and whether there is, or was, anything to adopt.
    func adopt(rehearsing: Bool) async throws -> WireAdoptResponse {
        var request = WireAdoptRequest()
        request.dryRun = rehearsing
        return try await call { [request] in try await admin.adopt(request, options: options) }
    }
}
