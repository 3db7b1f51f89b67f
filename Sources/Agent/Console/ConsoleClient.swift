import Foundation
import NIOCore
import NIOPosix

/// Asks the agent that runs on this node.
package struct ConsoleClient: Sendable {
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// Nobody listens there.
        case notRunning(socket: String)
        case notAllowed(socket: String)
        case noAnswer(String)
        /// The agent's own words.
        case refused(String)

        package var description: String {
            switch self {
            case .notRunning(let socket):
                "no agent listens on \(socket): `systemctl status fed-agent`; if it runs with another --runtime-directory, give the same one here"
            case .notAllowed(let socket): "permission denied for \(socket): it is for root and the agent's user only; use sudo"
            case .noAnswer(let reason): "the agent does not answer: \(reason); see `journalctl -u fed-agent -n 50`"
            case .refused(let words): words
            }
        }
    }

    private let path: String

    package init(directory: String) { path = ConsolePath.socket(in: directory) }

    /// Whether an agent listens there; false also where that cannot be found out.
    package var isAgentRunning: Bool {
        get async {
            do {
                _ = try await ask(.status)
                return true
            } catch {
                switch error {
                case .notRunning: return false
                case .notAllowed, .noAnswer, .refused: return true
                }
            }
        }
    }

    package func status() async throws(Failure) -> NodeStatus {
        guard case .status(let status) = try await ask(.status) else { throw .noAnswer("it answered something else") }
        return status
    }

    package func explain(_ request: ConsoleRequest) async throws(Failure) -> RouteExplanation {
        guard case .explanation(let explanation) = try await ask(request) else { throw .noAnswer("it answered something else") }
        return explanation
    }

    private func ask(_ request: ConsoleRequest) async throws(Failure) -> ConsoleReply {
        let reply: ConsoleReply
        do {
            reply = try await exchange(request)
        } catch let error as IOError where error.errnoCode == ENOENT || error.errnoCode == ECONNREFUSED {
            throw .notRunning(socket: path)
        } catch let error as IOError where error.errnoCode == EACCES || error.errnoCode == EPERM {
            throw .notAllowed(socket: path)
        } catch {
            throw .noAnswer("\(error)")
        }
        if case .refused(let words) = reply { throw .refused(words) }
        return reply
    }

    private func exchange(_ request: ConsoleRequest) async throws -> ConsoleReply {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let deadline = channel.channel.eventLoop.scheduleTask(in: ConsoleServer.patience + .seconds(2)) {
            channel.channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: try ConsoleLine.encode(request)))
            var line: [UInt8] = []
            for try await part in inbound {
                line += part.readableBytesView
                if line.last == 0x0a || line.count > ConsoleLine.longestReply { break }
            }
            guard line.last == 0x0a else { throw ConsoleFailure(description: "the answer is cut off") }
            return try ConsoleLine.decode(line.dropLast(), as: ConsoleReply.self)
        }
    }
}
