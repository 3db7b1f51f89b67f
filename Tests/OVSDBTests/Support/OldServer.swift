import NIOCore
import NIOPosix
import Synchronization

@testable import OVSDB

/// A door before a real server that does not know some methods, and remembers what went through it. Stands for old servers.
final class OldServer: Sendable {
    let path: String
    private let upstream: String
    private let unknown: Set<String>
    private let seen = Mutex<[OVSDBMessage]>([])
    private let answers = Mutex<[OVSDBMessage]>([])
    private let listener = Mutex<(any Channel)?>(nil)
    private let clients = Mutex<[any Channel]>([])

    init(before server: TestServer, unknown: Set<String>) {
        path = server.directory.path() + "old.sock"
        upstream = server.socket
        self.unknown = unknown
    }

    /// The methods that were called.
    var methods: [String] { seen.withLock { $0.compactMap { if case .request(let method, _, _) = $0 { method } else { nil } } } }
    /// What the real server answered to requests with this id.
    func results(_ id: JSONValue) -> [JSONValue] {
        answers.withLock { $0.compactMap { if case .response(id, let result, nil, _) = $0 { result } else { nil } } }
    }

    /// Says something to all clients.
    func say(_ text: String) {
        for client in clients.withLock({ $0 }) { client.writeAndFlush(ByteBuffer(string: text), promise: nil) }
    }

    /// Cuts all connections.
    func cut() { for client in clients.withLock({ $0 }) { client.close(promise: nil) } }

    func start() async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                self.clients.withLock { $0.append(channel) }
                return ClientBootstrap(group: channel.eventLoop)
                    .channelInitializer { upstream in
                        upstream.eventLoop.makeCompletedFuture {
                            try upstream.pipeline.syncOperations.addHandler(
                                Back(to: channel) { message in self.answers.withLock { $0.append(message) } })
                        }
                    }
                    .connect(unixDomainSocketPath: self.upstream)
                    .flatMapThrowing { upstream in
                        try channel.pipeline.syncOperations.addHandler(
                            Forth(to: upstream, unknown: self.unknown) { message in self.seen.withLock { $0.append(message) } })
                    }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        self.listener.withLock { $0 = listener }
    }

    func stop() async {
        cut()
        try? await listener.withLock { $0.take() }?.close()
    }

    private final class Forth: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let upstream: any Channel
        private let unknown: Set<String>
        private let record: (OVSDBMessage) -> Void
        private var decoder = OVSDBMessageDecoder()

        init(to upstream: any Channel, unknown: Set<String>, record: @escaping (OVSDBMessage) -> Void) {
            self.upstream = upstream
            self.unknown = unknown
            self.record = record
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var messages: [OVSDBMessage] = []
            try? decoder.decode(Array(buffer: unwrapInboundIn(data)).span, into: &messages)
            for message in messages {
                record(message)
                guard case .request(let method, let parameters, let id) = message else { continue }
                if unknown.contains(method) {
                    let answer: JSONValue = ["id": id, "error": "unknown method"]
                    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer.bytes)), promise: nil)
                } else {
                    let request: JSONValue = ["id": id, "method": .string(method), "params": .array(parameters)]
                    upstream.writeAndFlush(ByteBuffer(bytes: request.bytes), promise: nil)
                }
            }
        }

        func channelInactive(context: ChannelHandlerContext) { upstream.close(promise: nil) }
    }

    private final class Back: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let client: any Channel
        private let record: (OVSDBMessage) -> Void
        private var decoder = OVSDBMessageDecoder()

        init(to client: any Channel, record: @escaping (OVSDBMessage) -> Void) {
            self.client = client
            self.record = record
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            var messages: [OVSDBMessage] = []
            try? decoder.decode(Array(buffer: buffer).span, into: &messages)
            messages.forEach(record)
            client.writeAndFlush(buffer, promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
    }
}
