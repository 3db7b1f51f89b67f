import NetworkTypes

/// What must hold before any federation.
extension Lab {
    /// Machines of one network reach each other, and the Internet's stand-in where the router does SNAT.
    func waitForClouds() async throws -> String {
        var pairs: [Pair] = []
        let clouds = scenario.clouds.filter { $0.northbound == .lab }
        for cloud in clouds {
            for network in cloud.networks {
                let machines = cloud.machines.filter { $0.network == network.name }
                guard let first = machines.first else { continue }
                let host = Host.node(cloud.name, first.name)
                for other in machines.dropFirst() { pairs += other.addresses.map { Pair(from: host, to: $0) } }
                if cloud.router(network.router)?.snat == true {
                    pairs += cloud.internet.filter { $0.family == .ipv4 }.map { Pair(from: host, to: $0) }
                }
            }
        }
        try await waitForPings(pairs, within: .seconds(60))
        for cloud in clouds { try await waitForNeighbours(cloud) }
        return "\(pairs.count) pairs"
    }

    /// Every router has asked for the provider gateway's MAC address: OVN drops what it is to forward meanwhile. No answer
    /// to IPv6 ever comes back (there is no NAT for it), so that OVN's own table has to tell.
    private func waitForNeighbours(_ cloud: Scenario.Cloud) async throws {
        let ids = NeutronCloud(cloud)
        for router in cloud.routers {
            let networks = Set(cloud.networks.filter { $0.router == router.name }.map(\.name))
            guard let machine = cloud.machines.first(where: { networks.contains($0.network) }),
                let target = cloud.internet.first(where: { $0.family == .ipv6 }), machine.addresses.contains(where: { $0.family == .ipv6 })
            else { continue }
            let port = NeutronName.routerPort(ids.gateway(router.name))
            let gateway = cloud.provider.map(\.gateway).filter { $0.contains(":") }
            try await eventually(
                within: .seconds(30), every: .milliseconds(50), "neighbour entry of \(router.name) for \(gateway.joined())"
            ) {
                let ping = Ping(from: Host.node(cloud.name, machine.name).namespace, to: target)
                _ = try await ping.run(count: 1, every: .milliseconds(1), patience: .zero)
                let rows = try await layout.southbound(cloud.name).select(
                    "MAC_Binding", where: [.equals("logical_port", .string(port))], columns: ["ip"])
                return rows.contains { row in gateway.contains(row["ip"]?.string ?? "") }
            }
        }
    }

    func waitForUnderlay() async throws -> String {
        var pairs: [Pair] = []
        for cloud in scenario.clouds {
            for gateway in cloud.gateways {
                for other in scenario.clouds.flatMap(\.gateways) where other != gateway {
                    pairs.append(Pair(from: .node(cloud.name, gateway.name), to: .v4(other.vtep), source: .v4(gateway.vtep)))
                }
            }
        }
        try await waitForPings(pairs, within: .seconds(30))
        return "\(pairs.count) pairs"
    }

    private struct Pair: Sendable {
        var from: Host
        var to: IPAddress
        var source: IPAddress?
    }

    private func waitForPings(_ pairs: [Pair], within limit: Duration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for pair in pairs {
                group.addTask {
                    try await eventually(within: limit, every: .milliseconds(50), "answer from \(pair.to) to \(pair.from)") {
                        let ping = Ping(from: pair.from.namespace, to: pair.to, source: pair.source)
                        return try await ping.run(count: 1, every: .milliseconds(1), patience: .seconds(1)).lost == 0
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
