import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The agents' and admins' end: HTTP/2 over TLS 1.3, to the coordinator of our federation only.
///
/// It connects and reconnects by itself; each attempt uses the credentials that are on disk then. The transport does
/// not say why an attempt failed (`unavailable`): `trouble` does.
package struct SecureClient: Sendable {
    package let transport: HTTP2ClientTransport.Posix
    package let trouble: ConnectionTrouble

    /// - Throws: if no resolver knows the endpoint.
    package init(
        connect endpoint: Endpoint, credentials: Credentials, limits: TransportLimits = TransportLimits(), log: Logger
    ) throws {
        let trouble = ConnectionTrouble()
        var config = HTTP2ClientTransport.Posix.Config.defaults
        config.http2.targetWindowSize = limits.windowSize
        config.connection.keepalive = .init(time: limits.keepaliveTime, timeout: limits.keepaliveTimeout, allowWithoutCalls: true)
        config.backoff = .init(initial: limits.backoff.lowerBound, max: limits.backoff.upperBound, multiplier: 1.6, jitter: 0.2)
        config.channelDebuggingCallbacks.onCreateTCPConnection = { channel in
            channel.eventLoop.makeCompletedFuture {
                try Self.secure(channel, credentials: credentials, limits: limits, trouble: trouble, log: log)
            }
        }
        // `.customSecure`: the transport adds no TLS but speaks as over TLS; ours is in front of it.
        transport = try HTTP2ClientTransport.Posix(target: endpoint.target, transportSecurity: .customSecure, config: config)
        self.trouble = trouble
    }

    private static func secure(
        _ channel: any Channel, credentials: Credentials, limits: TransportLimits, trouble: ConnectionTrouble, log: Logger
    ) throws {
        let snapshot = credentials.current()
        let isVerified = Flag()
        let tls = try NIOSSLClientHandler(context: snapshot.context, serverHostname: nil) { certificates, promise in
            do {
                let chain = try certificates.map { try $0.toDERBytes() }
                _ = try credentials.judge(chain, by: snapshot, at: credentials.clock())
                isVerified.raise()
                promise.succeed(.certificateVerified(VerificationMetadata(NIOSSL.ValidatedCertificateChain(certificates))))
            } catch {
                let reason = "the coordinator's certificate: \(error)"
                log.error("coordinator refused", metadata: ["reason": "\(reason)"])
                trouble.record(reason)
                promise.succeed(.failed)
            }
        }
        let report: @Sendable (any Error) -> Void = { error in
            // Before that, the callback above has said more than this error knows.
            guard isVerified.isRaised || !ConnectionTrouble.isVerification(error) else { return }
            let reason = ConnectionTrouble.explain(error)
            log.warning("connection to the coordinator broken", metadata: ["reason": "\(reason)"])
            trouble.record(reason)
        }
        let guardian = HandshakeGuard(
            deadline: TimeAmount(limits.connectTime), isAdmitted: { _ in isVerified.isRaised }, refused: report)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(guardian, position: .first)
        try pipeline.addHandler(tls, position: .first)
        try pipeline.addHandler(ConnectionGuard(), position: .first)
        // The answers to our PINGs are what is read at least.
        let silence = limits.keepaliveTime + limits.keepaliveTimeout
        try pipeline.addHandler(IdleStateHandler(readTimeout: TimeAmount(silence)), position: .first)
    }
}

/// Why the connection broke last, for people: an RPC that fails says `unavailable` only.
package final class ConnectionTrouble: Sendable {
    private let reason = Mutex<String?>(nil)

    /// nil as long as nothing was wrong.
    package var latest: String? { reason.withLock { $0 } }

    func record(_ text: String) { reason.withLock { $0 = text } }

    static func isVerification(_ error: any Error) -> Bool { "\(error)".contains("CERTIFICATE_VERIFY_FAILED") }

    /// A sentence with what to do.
    static func explain(_ error: any Error) -> String {
        let text = "\(error)"
        if text.contains("ALERT_PROTOCOL_VERSION") || text.contains("WRONG_VERSION_NUMBER") {
            return "the other side does not support TLS 1.3; check that it is the coordinator's port"
        }
        if text.contains("ALERT") {
            return "the coordinator refused our certificate; its log shows why, “fedctl pki list” shows what was issued and revoked"
        }
        return text
    }
}

/// A yes that is never taken back.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
}
