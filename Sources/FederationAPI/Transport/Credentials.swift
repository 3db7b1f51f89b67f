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
        /// Of revocation lists that are older than those in force.
        var complaints: [RevocationComplaint]
        var memory: (any RevocationMemory)?
    }

    package let files: CredentialFiles
    package let side: TransportSide
    /// Seconds since 1970: what certificates are judged by.
    package let clock: @Sendable () -> Int64
    private let log: Logger
    private let state: Mutex<State>

    /// - Throws: `CertificateRefusal` that names the file and says what to do.
    package init(
        files: CredentialFiles, side: TransportSide, log: Logger, clock: @escaping @Sendable () -> Int64 = { .now }
    ) throws(CertificateRefusal) {
        self.files = files
        self.side = side
        self.log = log
        self.clock = clock
        let stamp = files.stamp
        var complaints: [RevocationComplaint] = []
        let snapshot = try CredentialSnapshot(files: files, role: side, keeping: nil, complaints: &complaints)
        state = Mutex(State(snapshot: snapshot, stamp: stamp, complaints: [], memory: nil))
        warn(of: snapshot)
    }

    /// Remembers revocation lists there from now on, and goes on with those that are remembered where they are newer.
    package func keep(in memory: any RevocationMemory) throws {
        let recalled = try memory.recall()
        let complaints = try state.withLock { state throws(CertificateRefusal) -> [RevocationComplaint] in
            state.memory = memory
            var complaints: [RevocationComplaint] = []
            var lists = RevocationLists()
            for der in recalled {
                guard let list = SignedRevocationList(der, signedBy: state.snapshot.verifier.roots) else { continue }
                var nothing: [RevocationComplaint] = []
                lists.take(list, complaints: &nothing)
            }
            state.snapshot.verifier = try state.snapshot.verifier.keeping(lists, complaints: &complaints)
            state.complaints = complaints
            return complaints
        }
        complain(complaints)
        remember()
    }

    /// Revocation lists on disk that are older than those in force.
    package var complaints: [RevocationComplaint] { state.withLock { $0.complaints } }

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
        var complaints: [RevocationComplaint] = []
        let (replaced, refusal): (CredentialSnapshot?, CertificateRefusal?) = state.withLock { state in
            guard stamp != state.stamp else { return (nil, nil) }
            state.stamp = stamp
            do throws(CertificateRefusal) {
                let snapshot = try CredentialSnapshot(
                    files: files, role: side, keeping: state.snapshot.verifier.revocationLists, complaints: &complaints)
                guard snapshot.identity == state.snapshot.identity else {
                    throw CertificateRefusal(
                        reason: "\(files.certificate) now belongs to \(snapshot.identity), not to \(state.snapshot.identity)",
                        remedy: "restart to become another peer, or restore the certificate")
                }
                state.snapshot = snapshot
                state.complaints = complaints
                return (snapshot, nil)
            } catch {
                return (nil, error)
            }
        }
        if let refusal {
            log.error("changed credentials are not usable; the old ones stay in force", metadata: ["reason": "\(refusal)"])
        }
        if let replaced {
            log.notice("credentials reloaded", metadata: ["serial": "\(replaced.serialNumber)"])
            warn(of: replaced)
            complain(complaints)
            remember()
        }
        return replaced != nil
    }

    private func complain(_ complaints: [RevocationComplaint]) {
        for complaint in complaints {
            log.error("older revocation list ignored", metadata: ["reason": "\(complaint.reason)", "remedy": "\(complaint.remedy)"])
        }
    }

    /// Where it cannot be written down it counts until we end.
    private func remember() {
        let (memory, lists) = state.withLock { ($0.memory, $0.snapshot.verifier.revocationLists?.all ?? []) }
        guard let memory, !lists.isEmpty else { return }
        do {
            try memory.remember(lists)
        } catch {
            log.error(
                "cannot store the revocation list; after a restart an older one would be accepted", metadata: ["reason": "\(error)"])
        }
    }

    /// Whether a peer that sent this chain may stay connected.
    /// - Parameter chain: DER, its own certificate first.
    /// - Returns: who it is.
    package func judge(_ chain: [[UInt8]], by snapshot: CredentialSnapshot, at time: Int64) throws(CertificateRefusal) -> PeerIdentity {
        try snapshot.verifier.verify(chain, as: side.peerPurpose, at: time)
        guard let first = chain.first, let leaf = try? Certificate(derEncoded: first) else {
            throw CertificateRefusal(reason: "cannot read the certificate", remedy: "issue it again")
        }
        let identity: PeerIdentity
        do {
            identity = try PeerIdentity(certificate: leaf)
        } catch {
            throw CertificateRefusal(reason: "the certificate has no valid identity: \(error.reason)", remedy: error.remedy)
        }
        guard identity.federation == snapshot.identity.federation else {
            throw CertificateRefusal(
                reason: "\(identity) and \(snapshot.identity) are of different federations",
                remedy: "use a certificate of federation \(snapshot.identity.federation)")
        }
        guard side.peerRoles.contains(identity.role) else {
            throw CertificateRefusal(
                reason: "\(identity) may not connect here", remedy: "connect only gateways, admins and readers to a coordinator")
        }
        return identity
    }

    /// A certificate of ours that the other side will refuse is no reason to stop (routes stay), but one to speak up.
    private func warn(of snapshot: CredentialSnapshot) {
        do {
            try snapshot.verifier.verify(snapshot.chain, as: side == .server ? .server : .client, at: clock())
        } catch {
            log.warning("peers will refuse our own certificate", metadata: ["file": "\(files.certificate)", "reason": "\(error)"])
        }
    }
}
