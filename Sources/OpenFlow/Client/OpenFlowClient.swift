import NIOCore
import NIOPosix

/// Reads and changes the flows of one bridge over its management socket, in OpenFlow 1.3.
///
/// One connection per request: no unsolicited messages are needed, and a closed connection cannot go stale.
package struct OpenFlowClient: Sendable {
    /// `/run/openvswitch/BRIDGE.mgmt`.
    package let path: String
    private let limit: Duration
    private let group: any EventLoopGroup

    /// - Parameter limit: for each question, from connecting to the last answer.
    package init(path: String, limit: Duration = .seconds(10), group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
        self.path = path
        self.limit = limit
        self.group = group
    }

    /// The flows of all tables with this cookie under the mask.
    package func flows(cookie: UInt64, mask: UInt64) async throws(OpenFlowError) -> [FoundFlow] {
        try await ask(.flows(cookie: cookie, mask: mask)).flows
    }

    /// The entries of the first table with this priority at least, without those with the cookie under the mask.
    package func rules(from priority: UInt16, except cookie: UInt64, mask: UInt64) async throws(OpenFlowError) -> [FoundRule] {
        try await ask(.rules(from: priority, except: cookie, mask: mask)).rules
    }

    package func ports() async throws(OpenFlowError) -> [PortState] { try await ask(.ports).ports }

    /// Makes the changes in their order, in table 0, and returns when they are in force.
    /// - Throws: `refused` for the first one that the switch refused; the others are still applied.
    package func apply(_ changes: [FlowChange]) async throws(OpenFlowError) {
        guard !changes.isEmpty else { return }
        _ = try await ask(.change(changes))
    }

    /// Sends an Ethernet frame out of a port, and returns when it is out.
    package func send(_ frame: [UInt8], to port: UInt32) async throws(OpenFlowError) { _ = try await ask(.packet(frame, port: port)) }

    private func ask(_ question: Exchange.Question) async throws(OpenFlowError) -> Exchange.Answer {
        let loop = group.next()
        let answer = loop.makePromise(of: Exchange.Answer.self)
        let time = TimeAmount.nanoseconds(Int64(limit / .nanoseconds(1)))
        ClientBootstrap(group: loop)
            .connectTimeout(time)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ExchangeHandler(Exchange(question), within: time, answer))
                }
            }
            .connect(unixDomainSocketPath: path)
            // Where the handler has answered already, this changes nothing.
            .whenFailure { answer.fail(OpenFlowError.connectionFailed(path: path, reason: "\($0)")) }
        do {
            return try await answer.futureResult.get()
        } catch let error as OpenFlowError {
            throw error
        } catch {
            throw .connectionFailed(path: path, reason: "\(error)")
        }
    }
}

/// Runs an `Exchange` on its own channel, and closes it at the end.
private final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var exchange: Exchange
    private let limit: TimeAmount
    private let answer: EventLoopPromise<Exchange.Answer>
    private var deadline: Scheduled<Void>?

    init(_ exchange: Exchange, within limit: TimeAmount, _ answer: EventLoopPromise<Exchange.Answer>) {
        self.exchange = exchange
        self.limit = limit
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            self.end(.failure(OpenFlowError.deadlineExceeded), loopBound.value)
        }
        send(exchange.opening, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            send(try exchange.receive(unwrapInboundIn(data).readableBytesView), context)
            if exchange.isDone { end(Result { try exchange.result() }, context) }
        } catch {
            end(.failure(error), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { end(.failure(OpenFlowError.closed), context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(.failure(OpenFlowError.closed), context) }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        guard !bytes.isEmpty else { return }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }

    /// The first end is the one that counts: a promise takes no second answer.
    private func end(_ result: Result<Exchange.Answer, any Error>, _ context: ChannelHandlerContext) {
        guard let deadline else { return }
        self.deadline = nil
        deadline.cancel()
        answer.completeWith(result)
        context.close(promise: nil)
    }
}
