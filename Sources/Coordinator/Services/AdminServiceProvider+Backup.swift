import Crypto
import FederationAPI
import FederationModel
import Foundation
import GRPCCore

/// The database as a whole: copied, and put in force after it was restored.
extension AdminServiceProvider {
    package func backup(request: WireBackupRequest, response: RPCWriter<WireBackupChunk>, context: ServerContext) async throws {
        let admin = try context.callingAdmin()
        guard controlPlane.beginBackup() else {
            throw RPCError(code: .resourceExhausted, message: "another backup is being made")
        }
        defer { controlPlane.endBackup() }
        let folder = try Backup.scratch(in: controlPlane.store.directory)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "backup.db")
        let contents = try await refusing { try await controlPlane.store.backup(to: file.path(percentEncoded: false)) }
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        var header = WireBackupHeader()
        header.federation = contents.federation.text
        header.epoch = contents.epoch
        header.revision = contents.revision
        var digest = SHA256()
        while let data = try handle.read(upToCount: Self.chunk), !data.isEmpty {
            digest.update(data: data)
            header.size += UInt64(data.count)
        }
        header.digest = Data(digest.finalize())
        try handle.seek(toOffset: 0)
        var first = WireBackupChunk()
        first.header = header
        try await response.write(first)
        while let data = try handle.read(upToCount: Self.chunk), !data.isEmpty {
            var chunk = WireBackupChunk()
            chunk.data = data
            try await response.write(chunk)
        }
        controlPlane.log.notice(
            "backup made", metadata: ["author": "\(admin)", "revision": "\(contents.revision)", "bytes": "\(header.size)"])
        await controlPlane.record(.backup, .done, by: admin.text, "\(header.size) bytes")
    }

    /// Bytes of one message.
    private static let chunk = 1 << 20

    package func adopt(request: WireAdoptRequest, context: ServerContext) async throws -> WireAdoptResponse {
        let admin = try context.callingAdmin()
        return try await refusing {
            let outcome = try await controlPlane.adopt(rehearsing: request.dryRun, by: admin.text)
            var response = WireAdoptResponse()
            response.changes = outcome.changes
            response.agents = outcome.waiting.map { waiting in
                var agent = WireWaitingAgent()
                agent.gateway = WireGateway(waiting.agent.gateway)
                agent.epoch = waiting.agent.epoch
                agent.revision = waiting.agent.revision
                agent.lost = waiting.lost.map(\.text)
                return agent
            }
            return response
        }
    }
}
