import EVPN
import FederationModel
import Logging
import NetworkTypes
import OVN
import OVSDB
import Synchronization

/// The three databases that the agent follows: Open_vSwitch of this node, and the cloud's southbound and northbound.
///
/// Where the cloud's are, the node's own says (`external_ids:ovn-remote`, `ovn-nb-remote`), unless the operator said otherwise.
/// Losing one changes nothing: its last rows stand.
package final class Databases: Sendable {
    /// Where the databases listen.
    package struct Remotes: Hashable, Sendable {
        package var local: [OVSDBRemote]
        /// Nil: as this node's ovn-controller has it.
        package var southbound: [OVSDBRemote]?
        /// Nil: `ovn-nb-remote`, else the southbound's hosts on port 6641, which is where OVN puts it.
        package var northbound: [OVSDBRemote]?
        package var tls: OVSDBTLS?

        package init(local: [OVSDBRemote], southbound: [OVSDBRemote]? = nil, northbound: [OVSDBRemote]? = nil, tls: OVSDBTLS? = nil) {
            self.local = local
            self.southbound = southbound
            self.northbound = northbound
            self.tls = tls
        }
    }

    private let remotes: Remotes
    private let log: Logger
    /// The node's own database, which ports are written to.
    package let local: OVSDBClient
    private let current = Mutex<(southbound: OVSDBClient?, northbound: OVSDBClient?)>((nil, nil))
    /// Held while both replicas are read, made a view of and told: two readers at once could tell an older view last.
    private let telling = Mutex(())

    /// The cloud's northbound database; nil until it is known where it is.
    package var northbound: OVSDBClient? { current.withLock { $0.northbound } }
    /// The same of the southbound.
    package var southbound: OVSDBClient? { current.withLock { $0.southbound } }

    package init(remotes: Remotes, log: Logger) {
        self.remotes = remotes
        self.log = log
        local = OVSDBClient(
            remotes: remotes.local, tls: remotes.tls, database: "Open_vSwitch", monitor: MonitorRequest(OVNMonitor.localSwitch), logger: log
        )
    }

    /// Follows all three and tells the inbox, until cancelled.
    package func run(telling inbox: Inbox) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.local.run() }
            group.addTask { await self.tellState(of: self.local, as: .openVSwitch, inbox) }
            group.addTask { try await self.followNode(inbox) }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Tells of the node, and follows the cloud's databases where the node says that they are.
    private func followNode(_ inbox: Inbox) async throws {
        var following: (remotes: CloudRemotes, task: Task<Void, any Error>)?
        defer { following?.task.cancel() }
        for await update in local.updates() {
            let view = LocalSwitchView(update.replica)
            inbox.tell(.switching(ObservedSwitch(view)))
            if let node = LocalNode(view) { inbox.tell(.node(node)) }
            let found = CloudRemotes(configured: remotes, view)
            if let following, following.remotes == found { continue }
            following?.task.cancel()
            for (source, reason) in found.unknown { inbox.tell(.source(source, .lost(for: 0, reason: reason))) }
            log.notice(
                "following the cloud's databases", metadata: ["southbound": "\(found.southbound)", "northbound": "\(found.northbound)"])
            following = (found, Task { try await self.followCloud(found, inbox) })
        }
    }

    private func followCloud(_ found: CloudRemotes, _ inbox: Inbox) async throws {
        // Any member of a cluster will do: a follower passes writes on, and answers when it has them itself.
        let south = client(found.southbound, "OVN_Southbound", MonitorRequest(OVNMonitor.southbound))
        let north = client(found.northbound, "OVN_Northbound", OVNMonitor.northboundRequest)
        current.withLock { $0 = (south, north) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (client, source) in [(south, Source.southbound), (north, .northbound)] {
                guard let client else { continue }
                group.addTask { try await client.run() }
                group.addTask { await self.tellState(of: client, as: source, inbox) }
                group.addTask {
                    for await _ in client.updates() { self.tell(inbox, south, north) }
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func client(_ remotes: [OVSDBRemote], _ database: String, _ request: MonitorRequest) -> OVSDBClient? {
        guard !remotes.isEmpty else { return nil }
        return OVSDBClient(remotes: remotes, tls: self.remotes.tls, database: database, monitor: request, logger: log)
    }

    private func tell(_ inbox: Inbox, _ south: OVSDBClient?, _ north: OVSDBClient?) {
        let arrival = ContinuousClock.now
        telling.withLock { _ in
            guard let southbound = south?.replica else { return }
            let cloud = CloudView(southbound: southbound, northbound: north?.replica.map(NorthboundRows.init))
            // The northbound is read when the news is taken: by then the agent may have written to it.
            inbox.tell(.cloud(cloud), .northbound(nil), arrival: arrival)
        }
    }

    /// Tells whether a database is followed, and since when not.
    private func tellState(of client: OVSDBClient, as source: Source, _ inbox: Inbox) async {
        var told: String?
        for await state in client.connectionStates() {
            let reason = state.isConnected ? nil : state.lastError?.description ?? "no connection yet"
            // Attempts follow each other; one that ends as the one before is no news.
            guard state.isConnected || state.phase == .waiting, told != .some(reason ?? "") else { continue }
            told = reason ?? ""
            inbox.tell(
                .source(source, reason.map { .lost(for: Int64((client.silence ?? .zero) / .milliseconds(1)), reason: $0) } ?? .followed))
        }
    }
}
