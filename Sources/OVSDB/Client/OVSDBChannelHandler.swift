import NIOCore

/// Bytes of one connection to messages, and what the client wants to say to bytes.
final class OVSDBChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let client: OVSDBClient
    private var decoder = OVSDBMessageDecoder()
    private var messages: [OVSDBMessage] = []

    init(client: OVSDBClient) { self.client = client }

    func channelActive(context: ChannelHandlerContext) {
        send(client.opened(context.channel), context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        do {
            try decode(buffer)
            defer { messages.removeAll(keepingCapacity: true) }
            send(try client.received(messages), context)
        } catch {
            client.failed(error)
            context.close(promise: nil)
        }
    }

    private func decode(_ buffer: ByteBuffer) throws(OVSDBError) {
        do {
            try buffer.withUnsafeReadableBytes { bytes throws(OVSDBDecodingError) in
                try decoder.decode(bytes.bindMemory(to: UInt8.self).span, into: &messages)
            }
        } catch {
            throw .decoding(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        client.failed(.disconnected(reason: "\(error)"))
        context.close(promise: nil)
    }

    private func send(_ requests: [JSONValue], _ context: ChannelHandlerContext) {
        guard !requests.isEmpty else { return }
        for request in requests { context.write(wrapOutboundOut(ByteBuffer(bytes: request.bytes)), promise: nil) }
        context.flush()
    }
}
