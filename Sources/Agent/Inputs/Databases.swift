import EVPN
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
    private let current = Mutex<OVSDBClient?>(nil)
    /// Held while both replicas are read, made a view of and told: two readers at once could tell an older view last.
    private let telling = Mutex(())

    /// The cloud's northbound database; nil until it is known where it is.
    package var northbound: OVSDBClient? { current.withLock { $0 } }

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
            group.addTask { try await self.followNode(inbox) }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Tells of the node, and follows the cloud's databases where the node says that they are.
    private func followNode(_ inbox: Inbox) async throws {
        var following: (southbound: [OVSDBRemote], northbound: [OVSDBRemote], task: Task<Void, any Error>)?
        defer { following?.task.cancel() }
        for await update in local.updates() {
            let view = LocalSwitchView(update.replica)
            inbox.tell(.switching(ObservedSwitch(view)))
            if let node = LocalNode(view) { inbox.tell(.node(node)) }
            guard let (southbound, northbound) = cloudRemotes(view) else { continue }
            if let following, following.southbound == southbound, following.northbound == northbound { continue }
            following?.task.cancel()
            log.notice("following the cloud's databases", metadata: ["southbound": "\(southbound)", "northbound": "\(northbound)"])
            following = (southbound, northbound, Task { try await self.followCloud(southbound, northbound, inbox) })
        }
    }

    private func cloudRemotes(_ view: LocalSwitchView) -> ([OVSDBRemote], [OVSDBRemote])? {
        guard let chassis = view.chassis else { return nil }
        let southbound = remotes.southbound ?? chassis.southboundRemotes.compactMap { try? OVSDBRemote(parsing: $0) }
        let configured = chassis.northboundRemotes.compactMap { try? OVSDBRemote(parsing: $0) }
        let northbound = remotes.northbound ?? (configured.isEmpty ? southbound.compactMap(\.northboundBeside) : configured)
        return southbound.isEmpty || northbound.isEmpty ? nil : (southbound, northbound)
    }

    private func followCloud(_ southbound: [OVSDBRemote], _ northbound: [OVSDBRemote], _ inbox: Inbox) async throws {
        let south = OVSDBClient(
            remotes: southbound, tls: remotes.tls, database: "OVN_Southbound", monitor: MonitorRequest(OVNMonitor.southbound), logger: log)
        // Writes need the leader, and we write here.
        let north = OVSDBClient(
            remotes: northbound, tls: remotes.tls, database: "OVN_Northbound", monitor: MonitorRequest(OVNMonitor.northbound),
            requiresLeader: true, logger: log)
        current.withLock { $0 = north }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await south.run() }
            group.addTask { try await north.run() }
            group.addTask {
                for await _ in south.updates() { self.tell(inbox, south, north) }
            }
            group.addTask {
                for await _ in north.updates() { self.tell(inbox, south, north) }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func tell(_ inbox: Inbox, _ south: OVSDBClient, _ north: OVSDBClient) {
        let arrival = ContinuousClock.now
        telling.withLock { _ in
            // The cloud is what both say together; half of it would look as if routers had lost their NAT.
            guard let southbound = south.replica, let northbound = north.replica.map(NorthboundRows.init) else { return }
            let cloud = CloudView(southbound: southbound, northbound: northbound)
            // The northbound is read when the news is taken: by then the agent may have written to it.
            inbox.tell(.cloud(cloud), .northbound(nil), arrival: arrival)
        }
    }
}

extension OVSDBRemote {
    /// Where OVN puts the northbound database that goes with this southbound one: port 6641 beside 6642 (ovn-ctl(8)).
    var northboundBeside: OVSDBRemote? {
        switch self {
        case .tcp(let host, 6642): .tcp(host: host, port: 6641)
        case .ssl(let host, 6642): .ssl(host: host, port: 6641)
        default: nil
        }
    }
}
