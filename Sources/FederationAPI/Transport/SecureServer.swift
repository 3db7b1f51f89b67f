import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import NIOSSL

/// The coordinator's end: HTTP/2 over TLS 1.3, to peers with a certificate of this federation only.
///
///     let server = try SecureServer(listen: endpoint, credentials: credentials, log: log)
///     let grpc = GRPCServer(transport: server.transport, services: […], interceptors: [server.authorization])
///     // run both: grpc.serve() and server.run()
///
/// The transport's own TLS cannot be told to refuse TLS 1.2, so it is told to do none (`.plaintext`), and every
/// connection gets our TLS handler at the front before its first byte is read. A connection for which that fails is closed.
package struct SecureServer: Sendable {
    package let transport: HTTP2ServerTransport.Posix
    package let credentials: Credentials
    package let connections: ConnectionRegistry
    package let peers: PeerCertificates
    private let log: Logger

    /// - Throws: `CertificateRefusal` if the endpoint is a name and no address.
    package init(
        listen endpoint: Endpoint, credentials: Credentials, limits: TransportLimits = TransportLimits(),
        connections connectionLimits: ConnectionLimits = .ofThisProcess, log: Logger
    ) throws(CertificateRefusal) {
        guard let address = endpoint.socketAddress else {
            throw CertificateRefusal(
                reason: "cannot listen at “\(endpoint.host)”: not an IP address", remedy: "write an IP address, or 0.0.0.0 or [::] for all")
        }
        let refusals = RefusalLog(log)
        let connections = ConnectionRegistry(connectionLimits, refusals: refusals)
        let peers = PeerCertificates()
        var config = HTTP2ServerTransport.Posix.Config.defaults
        config.http2.maxConcurrentStreams = limits.concurrentStreams
        config.http2.targetWindowSize = limits.windowSize
        config.rpc.maxRequestPayloadSize = limits.messageSize
        config.connection.keepalive.clientBehavior.allowWithoutCalls = true
        config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = limits.keepaliveTime / 2
        // What these callbacks are called, they are not only good for: the one is run for the listening socket, the other before the first
        // byte of a connection is read.
        config.channelDebuggingCallbacks.onBindTCPListener = { listener in
            listener.eventLoop.makeCompletedFuture {
                try listener.pipeline.syncOperations.addHandler(ListenerGuard(connections), position: .first)
            }
        }
        config.channelDebuggingCallbacks.onAcceptTCPConnection = { channel in
            channel.eventLoop.makeCompletedFuture {
                try Self.secure(
                    channel, credentials: credentials, connections: connections, peers: peers, limits: limits, refusals: refusals, log: log)
            }
        }
        transport = HTTP2ServerTransport.Posix(address: address, transportSecurity: .plaintext, config: config)
        self.credentials = credentials
        self.connections = connections
        self.peers = peers
        self.log = log
    }

    /// Lets each peer call the services that are for it, and no others.
    package var authorization: Authorization { Authorization(federation: credentials.identity.federation) }

    /// Until cancelled: takes up changed files, and closes the connections of certificates that were revoked or ended.
    ///
    /// - Parameters:
    ///   - interval: between looks at the files. All connections are judged again when they changed, and every sixty looks, because
    ///     certificates end by themselves.
    ///   - revoked: hears of gateways whose certificate was revoked: what they said is to be believed no more.
    package func run(every interval: Duration = .seconds(1), revoked: @Sendable ([PeerIdentity]) async -> Void = { _ in }) async {
        var looks = 0
        // What is in force may have been taken up by a new connection: compare what is, not who noticed.
        var judgedBy = credentials.current().verifier
        while !Task.isCancelled {
            try? await Task.sleep(for: interval)
            looks += 1
            let verifier = credentials.current().verifier
            if verifier != judgedBy || looks % 60 == 0 {
                judgedBy = verifier
                let gone = connections.recheck(by: credentials, at: credentials.clock(), log: log)
                if !gone.isEmpty { await revoked(gone) }
            }
        }
    }

    /// Puts TLS and the guards in front of gRPC's handlers. In the order of what is read: idle timer, guard, TLS, guard, gRPC.
    private static func secure(
        _ channel: any Channel, credentials: Credentials, connections: ConnectionRegistry, peers: PeerCertificates,
        limits: TransportLimits, refusals: RefusalLog, log: Logger
    ) throws {
        let snapshot = credentials.current()
        let remote = channel.remoteAddress?.description ?? "?"
        let tls = NIOSSLServerHandler(context: snapshot.context) { certificates, promise in
            do {
                let chain = try certificates.map { try $0.toDERBytes() }
                let identity = try credentials.judge(chain, by: snapshot, at: credentials.clock())
                guard connections.admit(channel, chain: chain, identity: identity) else {
                    promise.succeed(.failed)
                    return
                }
                if let leaf = chain.first { peers.note(identity, leaf: leaf) }
                promise.succeed(.certificateVerified(VerificationMetadata(NIOSSL.ValidatedCertificateChain(certificates))))
            } catch {
                refusals.note("connection refused", ["from": "\(remote)", "reason": "\(error)"])
                promise.succeed(.failed)
            }
        }
        let guardian = HandshakeGuard(deadline: TimeAmount(limits.handshakeTime), isAdmitted: connections.isAdmitted) { error in
            log.debug("connection broken", metadata: ["from": "\(remote)", "error": "\(error)"])
        }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(guardian, position: .first)
        try pipeline.addHandler(tls, position: .first)
        try pipeline.addHandler(ConnectionGuard(), position: .first)
        try pipeline.addHandler(IdleStateHandler(readTimeout: TimeAmount(limits.idleTime)), position: .first)
    }
}
