import NIOCore

/// Stands on the listening socket and decides of each accepted connection before it costs more than a descriptor; while there are as many
/// descriptors as may be, it accepts nothing.
final class ListenerGuard: ChannelInboundHandler, ChannelOutboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    /// A connection closed.
    private struct Room: Sendable {}

    private let connections: ConnectionRegistry
    private var isHolding = false

    init(_ connections: ConnectionRegistry) { self.connections = connections }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let accepted = unwrapInboundIn(data)
        let listener = context.channel
        let isTaken = connections.arrive(accepted)
        accepted.closeFuture.whenComplete { [connections] _ in
            connections.leave(accepted)
            listener.triggerUserOutboundEvent(Room(), promise: nil)
        }
        if isTaken {
            context.fireChannelRead(data)
        } else {
            accepted.close(promise: nil)
        }
    }

    func read(context: ChannelHandlerContext) {
        isHolding = connections.isFull
        if !isHolding { context.read() }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is Room else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        if isHolding { read(context: context) }
        promise?.succeed()
    }
}
