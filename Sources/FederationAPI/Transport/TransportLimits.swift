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
    /// At the server, from accept to the end of the TLS handshake: who has not shown a certificate by then has none.
    package var handshakeTime: Duration = .seconds(3)
    /// At the client, from connect to the end of the TLS handshake.
    package var connectTime: Duration = .seconds(10)
    /// Calls at a time on one connection; the next one waits until one ends. Each can hold a message that is not whole yet.
    package var concurrentStreams = 32
    /// HTTP/2 flow control window in bytes. At gRPC's default of 8 MiB, TLS makes it copy its buffers over and over.
    package var windowSize = 262_144
    /// The longest message that the server takes, in bytes. Reports come in chunks of 1 MiB; a federation file is one message.
    package var messageSize = 4 << 20
    /// The longest message that a client takes, in bytes: the coordinator is trusted, and a status of a thousand gateways is one message.
    package var answerSize = 32 << 20
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
        options.maxRequestMessageBytes = answerSize
        options.maxResponseMessageBytes = answerSize
        return options
    }
}
