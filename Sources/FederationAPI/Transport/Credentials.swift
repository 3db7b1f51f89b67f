import Logging
import NIOCore
import NIOSSL
import Synchronization
import X509

/// Our credentials as they are on disk now, and the judgement of peers by them.
///
/// Files are looked at (stat) for each new connection. New ones that cannot be used, for instance a certificate whose
/// key is not written yet, change nothing: the old ones stay in force and the reason is logged once.
package final class Credentials: Sendable {
    private struct State: Sendable {
        var snapshot: CredentialSnapshot
        /// Of the files as last looked at, usable or not.
        var stamp: [FileStamp]
    }

    package let files: CredentialFiles
    package let side: TransportSide
    private let log: Logger
    private let state: Mutex<State>

    /// - Throws: `CertificateRefusal` that names the file and says what to do.
    package init(files: CredentialFiles, side: TransportSide, log: Logger) throws(CertificateRefusal) {
        self.files = files
        self.side = side
        self.log = log
        let stamp = files.stamp
        let snapshot = try CredentialSnapshot(files: files, role: side)
        state = Mutex(State(snapshot: snapshot, stamp: stamp))
        warn(of: snapshot)
    }

    /// Ours; it never changes while we run.
    package var identity: PeerIdentity { state.withLock { $0.snapshot.identity } }

    /// What is in force, after a look at the files.
    package func current() -> CredentialSnapshot {
        reload()
        return state.withLock { $0.snapshot }
    }

    /// Reads the files if one of them changed.
    /// - Returns: whether something new is in force.
    @discardableResult
    package func reload() -> Bool {
        let stamp = files.stamp
        let (replaced, refusal): (CredentialSnapshot?, CertificateRefusal?) = state.withLock { state in
            guard stamp != state.stamp else { return (nil, nil) }
            state.stamp = stamp
            do throws(CertificateRefusal) {
                let snapshot = try CredentialSnapshot(files: files, role: side)
                guard snapshot.identity == state.snapshot.identity else {
                    throw CertificateRefusal(
                        reason: "\(files.certificate) is now of \(snapshot.identity) and not of \(state.snapshot.identity)",
                        remedy: "restart to become another peer, or put the certificate back")
                }
                state.snapshot = snapshot
                return (snapshot, nil)
            } catch {
                return (nil, error)
            }
        }
        if let refusal {
            log.error("credentials changed but cannot be used; the old ones stay in force", metadata: ["reason": "\(refusal)"])
        }
        if let replaced {
            log.notice("credentials reloaded", metadata: ["serial": "\(replaced.serialNumber)"])
            warn(of: replaced)
        }
        return replaced != nil
    }

    /// Whether a peer that sent this chain may stay connected.
    /// - Parameter chain: DER, its own certificate first.
    /// - Returns: who it is.
    package func judge(_ chain: [[UInt8]], by snapshot: CredentialSnapshot, at time: Int64) throws(CertificateRefusal) -> PeerIdentity {
        try snapshot.verifier.verify(chain, as: side.peerPurpose, at: time)
        guard let first = chain.first, let leaf = try? Certificate(derEncoded: first) else {
            throw CertificateRefusal(reason: "the certificate cannot be read", remedy: "issue it again")
        }
        let identity: PeerIdentity
        do {
            identity = try PeerIdentity(certificate: leaf)
        } catch {
            throw CertificateRefusal(reason: "the certificate names nobody: \(error.reason)", remedy: error.remedy)
        }
        guard identity.federation == snapshot.identity.federation else {
            throw CertificateRefusal(
                reason: "\(identity) is of another federation than \(snapshot.identity)",
                remedy: "use a certificate of federation \(snapshot.identity.federation)")
        }
        guard side.peerRoles.contains(identity.role) else {
            throw CertificateRefusal(
                reason: "\(identity) has no business here", remedy: "connect gateways and admins to a coordinator, and nothing else")
        }
        return identity
    }

    /// A certificate of ours that the other side will refuse is no reason to stop (routes stay), but one to speak up.
    private func warn(of snapshot: CredentialSnapshot) {
        do {
            try snapshot.verifier.verify(snapshot.chain, as: side == .server ? .server : .client, at: .now)
        } catch {
            log.warning("peers will refuse our own certificate", metadata: ["file": "\(files.certificate)", "reason": "\(error)"])
        }
    }
}
