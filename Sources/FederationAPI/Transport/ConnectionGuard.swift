import NIOCore
import NIOSSL
import NIOTLS

/// Stands below TLS and closes the TCP connection when it has been silent too long. It goes around TLS and HTTP/2:
/// both would first wait for an answer of the peer, which is what a frozen peer does not give.
final class ConnectionGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(mode: .all, promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Closes the connection now, whatever its peer does.
    static func cut(_ channel: any Channel) {
        channel.eventLoop.execute {
            guard let context = try? channel.pipeline.syncOperations.context(handlerType: ConnectionGuard.self) else {
                channel.close(promise: nil)
                return
            }
            context.close(mode: .all, promise: nil)
        }
    }
}

/// Stands above TLS. It closes connections whose handshake takes too long, and those whose handshake went past our
/// verification: a TLS session that is resumed brings no certificate, and would outlive revocation.
final class HandshakeGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let deadline: TimeAmount
    private let isAdmitted: @Sendable (any Channel) -> Bool
    private let refused: @Sendable (any Error) -> Void
    private var timer: Scheduled<Void>?

    init(deadline: TimeAmount, isAdmitted: @escaping @Sendable (any Channel) -> Bool, refused: @escaping @Sendable (any Error) -> Void) {
        self.deadline = deadline
        self.isAdmitted = isAdmitted
        self.refused = refused
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: deadline) { ConnectionGuard.cut(channel) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? TLSUserEvent, case .handshakeCompleted = event else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        timer?.cancel()
        guard isAdmitted(context.channel) else {
            ConnectionGuard.cut(context.channel)
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        refused(error)
        context.fireErrorCaught(error)
    }
}
