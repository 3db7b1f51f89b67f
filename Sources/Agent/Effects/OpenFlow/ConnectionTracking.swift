import FederationModel
import Foundation
import NIOCore
import NIOPosix

/// Whether the connection tracking that tenants' packets pass has room: the kernel's, and that of Open vSwitch in user space. Where it is full,
/// what stands goes on, and nothing new passes.
package struct ConnectionTracking: Sendable {
    /// How many connections there are, and how many there may be.
    package struct Table: Hashable, Sendable {
        package var count: Int
        package var most: Int

        package init(count: Int, most: Int) {
            self.count = count
            self.most = most
        }

        /// Some end at any moment.
        var isFull: Bool { count >= most - most / 50 }
    }

    private static let limit = TimeAmount.seconds(2)
    private static let longestReply = 65_536

    private let directory: String
    private let kernel: String

    /// - Parameters:
    ///   - directory: of ovs-vswitchd's sockets.
    ///   - kernel: where the kernel tells.
    package init(directory: String, kernel: String = "/proc/sys/net/netfilter") {
        self.directory = directory
        self.kernel = kernel
    }

    package func problems() async -> [Problem] {
        var problems: [Problem] = []
        if let table = kernelTable, table.isFull {
            problems.append(
                Self.problem("the kernel", table, "raise “net.netfilter.nf_conntrack_max” to \(table.most * 2)"))
        }
        if let table = await switchTable(), table.isFull {
            problems.append(
                Self.problem("Open vSwitch", table, "`ovs-appctl dpctl/ct-set-maxconns \(max(3_000_000, table.most * 2))`"))
        }
        return problems
    }

    private static func problem(_ whose: String, _ table: Table, _ remedy: String) -> Problem {
        Problem(
            code: .conntrackFull,
            message: "the connection tracking of \(whose) is full (\(table.count) of \(table.most)): new connections do not pass",
            remedy: remedy)
    }

    /// Nil where the kernel tracks nothing.
    private var kernelTable: Table? {
        guard let count = number("nf_conntrack_count"), let most = number("nf_conntrack_max"), most > 0 else { return nil }
        return Table(count: count, most: most)
    }

    private func number(_ name: String) -> Int? {
        guard let text = try? String(contentsOfFile: "\(kernel)/\(name)", encoding: .utf8) else { return nil }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Nil where Open vSwitch leaves it to the kernel, or does not tell.
    private func switchTable() async -> Table? {
        guard let socket, let most = await ask("dpctl/ct-get-maxconns", socket), let count = await ask("dpctl/ct-get-nconns", socket)
        else { return nil }
        return Table(count: count, most: most)
    }

    /// `ovs-vswitchd.PID.ctl`, or without the number.
    private var socket: String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let found = names.filter { $0.hasPrefix("ovs-vswitchd.") && $0.hasSuffix(".ctl") }
        // One of a process that is gone may be left.
        let pid = (try? String(contentsOfFile: "\(directory)/ovs-vswitchd.pid", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return (found.first { $0 == "ovs-vswitchd.\(pid ?? "").ctl" } ?? found.min()).map { "\(directory)/\($0)" }
    }

    private struct Question: Encodable {
        var id = 0
        var method: String
        var params: [String] = []
    }

    private struct Reply: Decodable {
        var result: String?
    }

    /// As ovs-appctl does: JSON-RPC, one question a connection.
    private func ask(_ method: String, _ socket: String) async -> Int? {
        guard let reply = try? await exchange(JSONEncoder().encode(Question(method: method)), socket),
            let text = reply.result?.trimmingCharacters(in: .whitespacesAndNewlines)
        else { return nil }
        return Int(text)
    }

    private func exchange(_ question: Data, _ socket: String) async throws -> Reply? {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(Self.limit)
            .connect(unixDomainSocketPath: socket) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let deadline = channel.channel.eventLoop.scheduleTask(in: Self.limit) { channel.channel.close(promise: nil) }
        defer { deadline.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: question))
            var bytes = Data()
            for try await part in inbound {
                bytes += part.readableBytesView
                // No frame tells where an answer ends.
                if let reply = try? JSONDecoder().decode(Reply.self, from: bytes) { return reply }
                if bytes.count > Self.longestReply { break }
            }
            return nil
        }
    }
}
