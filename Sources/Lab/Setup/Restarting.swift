import Foundation
import Glibc

extension Lab {
    /// Ends a daemon where it runs, and starts it again with what it had: database, configuration, identity.
    /// Returns when it listens, as far as it does.
    ///
    /// With zebra go its clients, as watchfrr(8) does it: bgpd 8.4 may not ask a new zebra for the next hops that it told the old one.
    package func restart(_ kind: DaemonKind, on host: Host) async throws {
        let kinds: [DaemonKind] = kind == .zebra ? [.zebra, .staticd, .bgpd] : [kind]
        for kind in kinds.reversed() { await daemons.process(kind, host).stop(patience: .seconds(10)) }
        for kind in kinds { try await start(kind, on: host) }
        guard kind == .agent || kind == .coordinator else { return }
        // These two stay in the foreground: one that cannot start says so in its log, and is gone.
        try await Task.sleep(for: .seconds(1))
        guard daemons.process(kind, host).process != nil else {
            throw LabError("\(kind.rawValue) of \(host) exited immediately; see \(layout.log(host, kind.rawValue))")
        }
    }

    /// Starts a daemon that does not run.
    func start(_ kind: DaemonKind, on host: Host) async throws {
        switch kind {
        case .coordinator: try await daemons.startCoordinator()
        case .agent:
            for cloud in scenario.clouds {
                guard let central = plan.management(.central(cloud.name)),
                    let gateway = cloud.gateways.first(where: { .node(cloud.name, $0.name) == host })
                else { continue }
                try await daemons.startAgent(cloud, gateway, central: central)
            }
        case .zebra, .staticd, .bgpd:
            let socket = "\(layout.frr(host))/\(kind.rawValue).vty"
            unlink(socket)
            try await daemons.startRoutingDaemon(kind.rawValue, host)
            try await eventually(within: .seconds(10), every: .milliseconds(20), "\(kind.rawValue) at its vty") {
                FileManager.default.fileExists(atPath: socket)
            }
        case .database: try await daemons.startSwitchDatabase(host)
        case .vswitchd:
            try await daemons.startVSwitchd(host)
            // The internal port that carries Geneve was made anew, without its address.
            for cloud in scenario.clouds where cloud.nodes.count > 1 {
                guard let node = cloud.nodes.first(where: { .node(cloud.name, $0) == host }) else { continue }
                try await connectFabric(host, address: plan.tunnel(cloud, node))
            }
        case .controller: try await daemons.startController(host)
        case .northbound: try await daemons.startNorthbound(host)
        case .southbound: try await daemons.startSouthbound(host)
        case .northd: try await daemons.startNorthd(host)
        }
    }
}
