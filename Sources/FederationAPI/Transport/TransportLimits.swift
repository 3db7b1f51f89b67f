import GRPCCore

/// Times and sizes of connections, the same on both sides unless a test says otherwise.
package struct TransportLimits: Hashable, Sendable {
    /// The client sends an HTTP/2 PING after so much silence…
    package var keepaliveTime: Duration = .seconds(10)
    /// …and gives up after so much more.
    package var keepaliveTimeout: Duration = .seconds(5)
    /// The server closes a connection that was silent for so long: a healthy client would have sent three PINGs. gRPC's
    /// own keepalive does not do it, because it waits for the frozen peer to say goodbye.
    package var idleTime: Duration = .seconds(30)
    /// From connect to the end of the TLS handshake.
    package var handshakeTime: Duration = .seconds(10)
    /// Calls at a time on one connection. NIO's default is 100, and the next one would wait for ever.
    package var concurrentStreams = 4096
    /// HTTP/2 flow control window in bytes. At gRPC's default of 8 MiB, TLS makes it copy its buffers over and over.
    package var windowSize = 262_144
    /// One message, in bytes. Received routes come in chunks of 1 MiB; a VPN's report is one message, and passes
    /// gRPC's default of 4 MiB from about 20,000 prefixes on.
    package var messageSize = 32 << 20
    /// Between attempts of a client to connect: the first and the longest pause.
    package var backoff: ClosedRange<Duration> = .milliseconds(200)...(.seconds(5))

    package init() {}

    /// Options for a client's calls.
    ///
    /// - Parameter waitForReady: waits for a connection instead of failing where there is none.
    package func callOptions(waitForReady: Bool) -> CallOptions {
        var options = CallOptions.defaults
        options.waitForReady = waitForReady
        // grpc-swift-nio-transport 2.9.2 takes the limit of what it *receives* from the one for requests.
        options.maxRequestMessageBytes = messageSize
        options.maxResponseMessageBytes = messageSize
        return options
    }
}
