import Foundation
import NetworkTypes

extension Judge {
    /// Lets a federation live fast for a while; then nothing may be missing, nothing may be too much, and nothing may have grown.
    func churn(seed: UInt64, for time: Duration) async throws -> Finding {
        let sites = Dictionary(
            uniqueKeysWithValues: scenario.clouds.filter(\.isFederated).compactMap { cloud in ChurnSite(lab, cloud).map { (cloud.name, $0) }
            })
        var churn = Churn(scenario, seed: seed)
        // Whatever is made once is made before it is counted.
        try await settle(churn, sites)
        let before = try await sizes()
        let end = ContinuousClock.now + time
        var (acts, log) = (0, [String]())
        while ContinuousClock.now < end {
            guard let act = churn.next() else { break }
            (acts, log) = (acts + 1, log.suffix(30) + ["\(act)"])
            do {
                try await perform(act, sites)
                // Most acts come while those before them are not digested yet; now and then all must be right in between.
                if acts % 25 == 0 { try await settle(churn, sites) }
            } catch {
                throw LabError("seed \(seed), act \(acts): \(error)\nthe last acts:\n\(log.joined(separator: "\n"))")
            }
            try await Task.sleep(for: .milliseconds(Int64(acts * 7919 % 1500)))
        }
        for act in churn.ending() { try await perform(act, sites) }
        do {
            try await settle(churn, sites)
            let held = try await release(before)
            let quiet = try await idle(10)
            // What the latest acts broke may take a second to show in reports, and to be mended; now all of it has been.
            for project in Set(scenario.clouds.compactMap { $0.routers.first?.project }) {
                _ = try await reaches(scenario.remotePairs(from: project, to: project), count: 5, every: .milliseconds(100))
            }
            let after = try await sizes()
            let grown = Self.growth(from: before, to: after)
            guard grown.isEmpty else { throw LabError("grown:\n\(grown.joined(separator: "\n"))") }
            let replayed = try await replays()
            let table = before.keys.sorted { $0.description < $1.description }.map { host in
                "\(host): \(before[host].map(\.description) ?? "") before, \(after[host].map(\.description) ?? "") after"
            }
            return Finding(said: "seed \(seed), \(acts) acts, \(held), \(quiet), \(replayed)", shown: table.joined(separator: "\n"))
        } catch {
            throw LabError("seed \(seed), after \(acts) acts: \(error)\nthe last acts:\n\(log.joined(separator: "\n"))")
        }
    }

    /// Waits until flows are as many as before, and says how long. An agent steers to a destination for five minutes after its route went.
    private func release(_ before: [Host: NodeSize]) async throws -> String {
        let start = ContinuousClock.now
        // Whatever else has grown is told by the one who asks afterwards.
        try? await eventually(within: .seconds(Self.hold) + .seconds(20) * patience, every: .seconds(2), "as many flows as before") {
            try await self.sizes().allSatisfy { host, size in before[host].map { size.flows <= $0.flows } ?? true }
        }
        return "flows as before after \(Journal.seconds(.now - start).trimmingCharacters(in: .whitespaces))"
    }

    /// Seconds that an agent goes on steering to what has no route any more.
    private static let hold = 300

    private static func growth(from before: [Host: NodeSize], to after: [Host: NodeSize]) -> [String] {
        after.compactMap { host, size in before[host].flatMap { size.growth(since: $0) }.map { "\(host): \($0)" } }.sorted()
    }

    private func perform(_ act: Churn.Act, _ sites: [String: ChurnSite]) async throws {
        switch act {
        case .address(let port, let number): try await sites[port.cloud]?.write(port, number)
        case .delete(let port): try await sites[port.cloud]?.delete(port)
        case .plug(let port, let node): try await sites[port.cloud]?.plug(port, at: node)
        case .unplug(let port): try await sites[port.cloud]?.unplug(port)
        case .move(let cloud, let router, let gateway):
            guard let cloud = scenario.cloud(cloud) else { return }
            _ = try await lab.layout.northbound(cloud.name).transact([try await promotion(of: gateway, in: cloud, router: router)])
        case .kill(let victim, let time):
            try kill(victim)
            try await Task.sleep(for: .milliseconds(time))
            try await restart(victim)
        case .drift(let host, let damage):
            // Where there is nothing to remove, nothing is removed.
            _ = try await shell(damage.command, on: host.description)
        }
    }

    /// Everything is as it must be: verify says OK, and the other clouds have the routes to the ports that are bound, and to no others.
    private func settle(_ churn: Churn, _ sites: [String: ChurnSite]) async throws {
        var difference = ""
        do {
            try await eventually(within: .seconds(40) * patience, every: .milliseconds(500), "settled federation") {
                difference = try await self.difference(churn, sites)
                guard difference.isEmpty else { return false }
                let verdict = try await lab.daemons.fedctl(["verify"]).run()
                difference = verdict.succeeded ? "" : verdict.text
                return verdict.succeeded
            }
        } catch { throw LabError("\(error): \(difference)") }
    }

    /// What is missing or too much, in words.
    private func difference(_ churn: Churn, _ sites: [String: ChurnSite]) async throws -> String {
        var found: [String] = []
        for (name, site) in sites {
            let expected = Set((churn.advertised[name] ?? []).map { IPPrefix(host: site.address($0)) })
            for cloud in scenario.clouds where cloud.isFederated && cloud.name != name {
                for gateway in cloud.gateways {
                    let host = Host.node(cloud.name, gateway.name)
                    let routes = Set(try await federatedRoutes(of: [host]).map(\.prefix).filter(site.owns))
                    found += expected.subtracting(routes).map { "\(host) lacks a route to \($0)" }
                    found += routes.subtracting(expected).map { "\(host) has a route to \($0), which is not bound" }
                }
            }
        }
        return found.sorted().joined(separator: "\n")
    }

    /// What agents recorded leads to the same decisions again.
    private func replays() async throws -> String {
        var events = 0
        for host in scenario.hosts where scenario.daemons(of: host).contains(.agent) {
            for file in [lab.daemons.recording(host), lab.daemons.recording(host) + ".1"] where FileManager.default.fileExists(atPath: file)
            {
                // The agent goes on writing: what is read is a copy.
                let copy = file + ".copy"
                try? FileManager.default.removeItem(atPath: copy)
                try FileManager.default.copyItem(atPath: file, toPath: copy)
                let said = try await Command([ProductBinary.path("fed-agent"), "replay", "--quiet", copy], limit: .seconds(300)).succeed()
                events += said.split(separator: " ").compactMap { Int($0) }.first ?? 0
                try FileManager.default.removeItem(atPath: copy)
            }
        }
        return events == 0 ? "nothing recorded" : "\(events) recorded events decided the same again"
    }
}

extension Churn.Damage {
    /// Removes one of them, where there is one.
    fileprivate var command: String {
        switch self {
        case .flow:
            """
            match=$(ovs-ofctl dump-flows --no-stats br-ex 'cookie=0x0fed000000000000/0xffff000000000000' | sed -n 's/.*\\(priority=[^ ]*\\) actions.*/\\1/p' | shuf -n 1)
            [ -n "$match" ] && ovs-ofctl --strict del-flows br-ex "$match"
            """
        case .route: "ip route del $(ip route show table 10001 proto 250 | shuf -n 1) table 10001"
        case .neighbour:
            "ip neigh show nud permanent | shuf -n 1 | { read address dev device rest; ip neigh del $address dev $device; }"
        case .network:
            """
            as=$(vtysh -c 'show running-config' | sed -n 's/^router bgp \\([0-9]*\\) vrf fed1$/\\1/p')
            net=$(vtysh -c 'show running-config' | sed -n "/^router bgp $as vrf fed1/,/^exit$/s/^ *network \\([0-9.]*\\/[0-9]*\\).*/\\1/p" | shuf -n 1)
            [ -n "$net" ] && vtysh -c 'configure terminal' -c "router bgp $as vrf fed1" -c 'address-family ipv4 unicast' -c "no network $net"
            """
        case .device: "ip link del fedvx1"
        }
    }
}
