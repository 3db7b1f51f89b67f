import NIOCore

/// Carries a `VTYConversation` on a channel: calls in, replies out, each with its deadline.
///
/// Lives on the channel's event loop; `VTYClient` reaches it through the loop only.
final class VTYChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var conversation = VTYConversation()
    private var promises: [VTYConversation.CallID: (promise: EventLoopPromise<[VTYReply]>, deadline: Scheduled<Void>)] = [:]
    private var lastCall: VTYConversation.CallID = 0
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Begins a call. Its promise fails with `VTYError` when the socket closes or time runs out.
    func call(_ commands: [String], within limit: TimeAmount, _ promise: EventLoopPromise<[VTYReply]>) {
        guard let context, context.channel.isActive else {
            promise.fail(VTYError.notConnected)
            return
        }
        lastCall += 1
        let id = lastCall
        let timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { self.deadlinePassed(for: id) }
        promises[id] = (promise, timer)
        perform(conversation.begin(id, commands))
    }

    private func deadlinePassed(for id: VTYConversation.CallID) {
        guard let waiting = promises.removeValue(forKey: id) else { return }
        waiting.promise.fail(VTYError.deadlineExceeded(command: conversation.awaitedCommand(of: id) ?? ""))
        // Replies go by position: one that comes late would answer the wrong question. Only a new connection is sure.
        context?.close(promise: nil)
    }

    private func perform(_ outputs: [VTYConversation.Output]) {
        guard let context else { return }
        for output in outputs {
            switch output {
            case .send(let bytes):
                context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
            case .finished(let id, let replies):
                guard let waiting = promises.removeValue(forKey: id) else { continue }
                waiting.deadline.cancel()
                waiting.promise.succeed(replies)
            }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(conversation.received(unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) {
        for id in conversation.closed() {
            guard let waiting = promises.removeValue(forKey: id) else { continue }
            waiting.deadline.cancel()
            waiting.promise.fail(VTYError.closed)
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken pipe or reset: closing brings `channelInactive`, which tells everyone who waits.
        context.close(promise: nil)
    }
}
