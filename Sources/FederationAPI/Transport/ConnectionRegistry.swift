import Logging
import NIOCore
import Synchronization

/// The connections that were let in, each with the certificates that let it in: a certificate is revoked or ends while
/// its owner is connected, and TLS looks at certificates only once.
package final class ConnectionRegistry: Sendable {
    private struct Entry: Sendable {
        var channel: any Channel
        var chain: [[UInt8]]
        var identity: PeerIdentity
    }

    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])
    private let admitted = Atomic(0)

    init() {}

    /// Connections that were let in since the start.
    package var admissions: Int { admitted.load(ordering: .relaxed) }

    /// Connections that are let in and open.
    package var count: Int { entries.withLock { $0.count } }

    /// Connected peers; one that is connected twice comes twice.
    package var identities: [PeerIdentity] { entries.withLock { $0.values.map(\.identity) } }

    func admit(_ channel: any Channel, chain: [[UInt8]], identity: PeerIdentity) {
        let id = ObjectIdentifier(channel)
        entries.withLock { $0[id] = Entry(channel: channel, chain: chain, identity: identity) }
        admitted.add(1, ordering: .relaxed)
        channel.closeFuture.whenComplete { _ in
            _ = self.entries.withLock { $0.removeValue(forKey: id) }
        }
    }

    func isAdmitted(_ channel: any Channel) -> Bool {
        entries.withLock { $0[ObjectIdentifier(channel)] != nil }
    }

    /// Closes what `credentials` would not let in any more.
    func recheck(by credentials: Credentials, at time: Int64, log: Logger) {
        let snapshot = credentials.current()
        for entry in entries.withLock({ Array($0.values) }) {
            do {
                _ = try credentials.judge(entry.chain, by: snapshot, at: time)
            } catch {
                log.warning(
                    "connection closed, its certificate is good no more",
                    metadata: ["peer": "\(entry.identity)", "reason": "\(error)"])
                ConnectionGuard.cut(entry.channel)
            }
        }
    }
}
