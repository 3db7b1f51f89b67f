import NetworkTypes

/// What must hold before any federation.
extension Lab {
    /// Machines of one network reach each other, and the Internet's stand-in where the router does SNAT.
    func waitForClouds() async throws -> String {
        var pairs: [Pair] = []
        for cloud in scenario.clouds {
            for network in cloud.networks {
                let machines = cloud.machines.filter { $0.network == network.name }
                guard let first = machines.first else { continue }
                let host = Host.node(cloud.name, first.name)
                for other in machines.dropFirst() { pairs += other.addresses.map { Pair(from: host, to: $0) } }
                if cloud.router(network.router)?.snat == true { pairs += cloud.internet.filter { $0.family == .ipv4 }.map { Pair(from: host, to: $0) } }
            }
        }
        try await waitForPings(pairs, within: .seconds(60))
        return "\(pairs.count) pairs"
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
            for (index, pair) in pairs.enumerated() {
                group.addTask {
                    try await eventually(within: limit, every: .milliseconds(50), "answer from \(pair.to) to \(pair.from)") {
                        let ping = Ping(from: pair.from.namespace, to: pair.to, identifier: UInt16(index + 1), source: pair.source)
                        return try await ping.run(count: 1, every: .milliseconds(1), patience: .seconds(1)).lost == 0
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
