import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Answers questions on a unix socket of the node, one a connection. Its socket is for root and the agent's user only (0600, in a directory
/// of mode 0700), and what it answers is only told: nothing can be changed here.
package struct ConsoleServer: Sendable {
    package typealias Answer = @Sendable (ConsoleRequest) async -> ConsoleReply

    /// At the same time; a further one is closed at once.
    static let mostConnections = 8
    /// From connecting to the last byte of the answer.
    static let patience = TimeAmount.seconds(10)

    private let directory: String
    private let log: Logger
    private let answer: Answer

    /// - Parameter directory: made where it is not there.
    package init(directory: String, log: Logger, answer: @escaping Answer) {
        self.directory = directory
        self.log = log
        self.answer = answer
    }

    /// Until cancelled. An agent whose console cannot listen goes on without it.
    package func run() async {
        do {
            let server = try await listen()
            log.info("console", metadata: ["socket": "\(ConsolePath.socket(in: directory))"])
            await cancellation()
            try? await server.close()
        } catch {
            log.error(
                "no console: `fed-agent status` will not answer", metadata: ["directory": "\(directory)", "reason": "\(error)"])
            await cancellation()
        }
    }

    private func cancellation() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    private func listen() async throws -> any Channel {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // It gets its name when it is closed to others. A name of an agent that was killed is taken over.
        let path = ConsolePath.socket(in: directory), temporary = path + ".new"
        unlink(temporary)
        let count = Mutex(0)
        let counter = Counter(count: count)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 8)
            .childChannelInitializer { [answer] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard counter.enter() else { throw ConsoleFailure(description: "too many connections") }
                    channel.closeFuture.whenComplete { _ in counter.leave() }
                    try channel.pipeline.syncOperations.addHandler(ConsoleHandler(answer))
                }
            }
            .bind(unixDomainSocketPath: temporary).get()
        guard chmod(temporary, 0o600) == 0, rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            try? await server.close()
            throw ConsoleFailure(description: "cannot make \(path): \(reason)")
        }
        return server
    }
}

package struct ConsoleFailure: Error, CustomStringConvertible {
    package let description: String
}

/// The connections that there are.
private final class Counter: Sendable {
    private let count: Mutex<Int>

    init(count: consuming sending Mutex<Int>) { self.count = count }

    func enter() -> Bool {
        count.withLock { count in
            guard count < ConsoleServer.mostConnections else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}

/// One line in, one line out.
private final class ConsoleHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: ConsoleServer.Answer
    private var line: [UInt8] = []
    private var isAsked = false
    private var deadline: Scheduled<Void>?

    init(_ answer: @escaping ConsoleServer.Answer) { self.answer = answer }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: ConsoleServer.patience) { channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAsked else { return }
        line += unwrapInboundIn(data).readableBytesView
        let channel = context.channel
        guard let end = line.firstIndex(of: 0x0a) else {
            if line.count > ConsoleLine.longestRequest { channel.close(promise: nil) }
            return
        }
        isAsked = true
        let request = Result { try ConsoleLine.decode(line[..<end], as: ConsoleRequest.self) }
        Task { [answer] in
            let reply =
                switch request {
                case .success(let request): await answer(request)
                case .failure: ConsoleReply.refused("the agent does not know this question: it has another release than the asking program")
                }
            let bytes = (try? ConsoleLine.encode(reply)) ?? []
            channel.writeAndFlush(channel.allocator.buffer(bytes: bytes)).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
