import Logging
import NIOCore
import Synchronization

/// The connections that are open, and the certificates of those that were let in: a certificate is revoked or ends while its owner is
/// connected, and TLS looks at certificates only once.
package final class ConnectionRegistry: Sendable {
    private struct Entry: Sendable {
        var channel: any Channel
        /// Nil until the peer has shown a certificate.
        var peer: Peer?
    }

    private struct Peer: Sendable {
        var chain: [[UInt8]]
        var identity: PeerIdentity
    }

    private struct State: Sendable {
        var entries: [ObjectIdentifier: Entry] = [:]
        var budget: ConnectionBudget<ObjectIdentifier>
        /// Of each gateway the certificates that it came with last, connected or not: what it said counts as long as they do.
        var known: [PeerIdentity: [[UInt8]]] = [:]
    }

    private let state: Mutex<State>
    private let admitted = Atomic(0)
    private let refusals: RefusalLog

    init(_ limits: ConnectionLimits, refusals: RefusalLog) {
        state = Mutex(State(budget: ConnectionBudget(limits)))
        self.refusals = refusals
    }

    /// Connections that were let in since the start.
    package var admissions: Int { admitted.load(ordering: .relaxed) }

    /// Connections that are let in and open.
    package var count: Int { state.withLock { $0.entries.values.count { $0.peer != nil } } }

    /// Connections with a descriptor, let in or not.
    package var open: Int { state.withLock { $0.budget.open } }

    /// Connected peers; one that is connected twice comes twice.
    package var identities: [PeerIdentity] { state.withLock { $0.entries.values.compactMap { $0.peer?.identity } } }

    /// There is no room for another connection, not even to refuse it.
    var isFull: Bool { state.withLock { $0.budget.isFull } }

    /// A connection was accepted.
    /// - Returns: False where it is to be closed at once.
    func arrive(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let address = channel.remoteAddress
        let (isTaken, evicted) = state.withLock { state -> (Bool, (any Channel)?) in
            state.entries[id] = Entry(channel: channel)
            switch state.budget.arrive(id, from: SourceAddress(address)) {
            case .taken(let evicted): return (true, evicted.flatMap { state.entries[$0]?.channel })
            case .refused: return (false, nil)
            }
        }
        if let evicted {
            ConnectionGuard.cut(evicted)
            refusals.note(
                "connection closed: too many connections without a certificate", ["from": "\(Self.host(evicted.remoteAddress))"])
        }
        if !isTaken { refusals.note("connection refused: too many open connections", ["from": "\(Self.host(address))"]) }
        return isTaken
    }

    /// The peer has shown a certificate that is good.
    /// - Returns: False where the connection is being closed.
    func admit(_ channel: any Channel, chain: [[UInt8]], identity: PeerIdentity) -> Bool {
        let id = ObjectIdentifier(channel)
        let surplus = state.withLock { state -> [any Channel]? in
            guard let surplus = state.budget.prove(id, identity) else { return nil }
            state.entries[id]?.peer = Peer(chain: chain, identity: identity)
            if identity.role == .gateway { state.known[identity] = chain }
            return surplus.compactMap { state.entries[$0]?.channel }
        }
        guard let surplus else { return false }
        admitted.add(1, ordering: .relaxed)
        for channel in surplus {
            ConnectionGuard.cut(channel)
            refusals.note("connection closed: the peer connected again", ["peer": "\(identity)"])
        }
        return true
    }

    func leave(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { state in
            state.entries[id] = nil
            state.budget.leave(id)
        }
    }

    func isAdmitted(_ channel: any Channel) -> Bool {
        state.withLock { $0.entries[ObjectIdentifier(channel)]?.peer != nil }
    }

    /// Closes what `credentials` would not let in any more.
    /// - Returns: gateways whose last certificate was revoked, connected or not; each once.
    func recheck(by credentials: Credentials, at time: Int64, log: Logger) -> [PeerIdentity] {
        let snapshot = credentials.current()
        let (peers, known) = state.withLock { state in
            (state.entries.values.compactMap { entry in entry.peer.map { (entry.channel, $0) } }, state.known)
        }
        for (channel, peer) in peers {
            do {
                _ = try credentials.judge(peer.chain, by: snapshot, at: time)
            } catch {
                log.warning(
                    "connection closed: the certificate is no longer valid", metadata: ["peer": "\(peer.identity)", "reason": "\(error)"])
                ConnectionGuard.cut(channel)
            }
        }
        let revoked = known.filter { snapshot.verifier.isRevoked($0.value, at: time) }
        state.withLock { state in
            // It may have come again meanwhile, with another certificate.
            for (identity, chain) in revoked where state.known[identity] == chain { state.known[identity] = nil }
        }
        return revoked.keys.sorted { "\($0)" < "\($1)" }
    }

    /// For the log, without the port.
    private static func host(_ address: SocketAddress?) -> String { address?.ipAddress ?? "?" }
}
