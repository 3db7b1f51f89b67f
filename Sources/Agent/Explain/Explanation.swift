import EVPN
import FRR
import FederationModel
import NetworkTypes
import OVN

/// What an agent that starts now would see, want and do: facts → design → plan, as data.
package struct Explanation: Hashable, Sendable, Encodable {
    /// What was seen of one thing.
    package struct Fact: Hashable, Sendable, Codable {
        package var of: String
        /// Nil: it cannot be read.
        package var seen: String?
        /// Milliseconds since it was read; of the intent, since it was stored.
        package var age: Int64?
    }

    /// One VPN with one VNI, as it should be.
    package struct Wish: Hashable, Sendable, Encodable {
        package var vpn: String
        package var lines: [String]
    }

    /// One thing that would be done.
    package struct PlannedStep: Hashable, Sendable, Encodable {
        /// Whose it is: `blue/10001`, `node` or the id of a router.
        package var of: String
        package var surface: String
        package var step: String
        package var reason: String
    }

    package var gateway: String?
    package var facts: [Fact]
    package var base: String?
    package var design: [Wish]
    package var plan: [PlannedStep]
    /// What must come about by itself first.
    package var waits: [String]
    package var problems: [String]

    /// Everything was seen.
    package var isComplete: Bool { facts.allSatisfy { $0.seen != nil } }
    /// Everything is as it should be.
    package var isSettled: Bool { isComplete && plan.isEmpty && waits.isEmpty && problems.isEmpty }
}

extension Explanation {
    /// - Parameters:
    ///   - core: after its decision.
    ///   - actions: that it decided on.
    ///   - seenAt: by the name of the fact: milliseconds since 1970.
    init(_ core: AgentCore, _ actions: [Action], seenAt: [String: Int64], now: Int64) {
        gateway = core.keeper.intent.map { "\($0.gateway) of federation \($0.federation)" }
        facts = Self.facts(core).map { name, seen in
            Fact(of: name, seen: seen, age: seen == nil ? nil : seenAt[name].map { max(0, now - $0) })
        }
        base = core.design.map { $0.base.map(Self.line) ?? "BGP is the operator's: management external" }
        design = (core.design?.vpns.values.sorted { $0.index < $1.index } ?? []).map {
            Wish(vpn: "\($0.instance)", lines: Self.lines($0))
        }
        plan = actions.flatMap(PlannedStep.of)
        waits = core.waits
        problems = (core.baseProblems + core.problems.sorted { $0.key < $1.key }.flatMap(\.value)).map {
            "\($0.message) (\($0.word)): \($0.remedy)"
        }
        let routers = Set(core.selection.routers.map(\.id)).sorted()
        problems += routers.flatMap { core.exemptions.problems(of: $0) }
    }

    /// The name of the fact that an event tells.
    static func fact(of event: Event) -> String {
        switch event {
        case .switching: "switch"
        case .routing: "bgpd and zebra"
        case .message: "intent"
        default: event.name
        }
    }

    private static func facts(_ core: AgentCore) -> [(String, String?)] {
        let (host, kernel) = (core.host, core.host.kernel)
        return [
            ("intent", core.keeper.intent.map { "revision \($0.revision), epoch \($0.epoch), \($0.vpns.count) VPNs" }),
            (
                "node",
                core.node.map { node in
                    "chassis \(node.chassis); "
                        + node.bridgeMappings.sorted { $0.key < $1.key }.map { "\($0.key) on \($0.value)" }.joined(separator: ", ")
                }
            ),
            (
                "cloud",
                core.cloud.map { cloud in
                    let here = core.node.map { cloud.routers(hostedBy: $0.chassis).count } ?? 0
                    return "\(cloud.routers.count) routers (\(here) with a gateway port here), \(cloud.networks.count) networks, "
                        + "\(cloud.chassis.count) chassis" + (cloud.problems.isEmpty ? "" : ", \(cloud.problems.count) rows make no sense")
                }
            ),
            ("northbound", core.exemptions.seen),
            (
                "switch",
                host.switching.map { "bridges \($0.bridges.sorted().joined(separator: ", ")); \($0.ports.count) ports of ours" }
            ),
            (
                "flows",
                host.flows.map { $0.sorted { $0.key < $1.key }.map { "\($0.value.count) of ours on \($0.key)" }.joined(separator: ", ") }
            ),
            (
                "kernel",
                kernel.map { kernel in
                    let ours = kernel.links.keys.filter(LocalNames.isOurs).count
                    let learned = kernel.tunnels.values.reduce(0) { $0 + $1.count }
                    return "\(ours) devices and \(kernel.routes.count) routes of ours, \(learned) learned routes installed"
                }
            ),
            (
                "bgpd and zebra",
                host.routing.map { routing in
                    "AS \(routing.asn?.description ?? "none"), \(routing.vrfs.count) VRFs of ours, \(routing.vniBindings.count) VNIs bound"
                }
            ),
        ]
    }

    private static func line(_ base: EVPNBaseStanza) -> String {
        let peers = base.peers.map { "\($0.address) (AS \($0.asn)\($0.description.map { ", \($0)" } ?? ""))" }.sorted().joined(
            separator: ", ")
        return
            "router bgp \(base.asn?.description ?? "none"), router id \(base.routerID?.description ?? "none"), EVPN peers \(peers.isEmpty ? "none" : peers)"
    }

    private static func lines(_ vpn: VPNDesign) -> [String] {
        func listed(_ values: some Collection<IPPrefix>) -> String {
            values.isEmpty ? "none" : values.sorted().map(\.description).joined(separator: ", ")
        }
        let routing = vpn.routing
        let destinations = vpn.exemptions.sorted { $0.key < $1.key }
        return [
            "vrf \(vpn.names.vrf), table \(vpn.names.table), devices \(vpn.links.map(\.name).joined(separator: ", "))",
            "RD \(routing.distinguisher?.description ?? "none"), "
                + "import \(routing.importTargets.sorted().map(\.description).joined(separator: " ")), "
                + "export \(routing.exportTargets.sorted().map(\.description).joined(separator: " "))",
            "advertise \(listed(routing.networks))",
        ] + vpn.ports.sorted { $0.name < $1.name }.map { "hand-off \($0.name) on \($0.bridge)" }
            + destinations.map { "router \($0.key): steer to and exempt from NAT: \(listed($0.value))" }
            + [vpn.flows.values.reduce(0) { $0 + $1.count }].map { "\($0) flows" }
    }
}

extension Explanation.PlannedStep {
    fileprivate static func of(_ action: Action) -> [Self] {
        switch action {
        case .carryOut(let steps, let instance):
            steps.flatMap { step in step.repairs.map { Self(instance?.description ?? "node", step.surface.rawValue, $0) } }
        case .exempt(let transaction):
            transaction.steps.flatMap { step in step.repairs.map { Self("router \(transaction.router)", "northbound", $0) } }
        default: []
        }
    }

    private init(_ owner: String, _ surface: String, _ repair: (object: String, change: String)) {
        self.init(of: owner, surface: surface, step: "", reason: "")
        (step, reason) =
            switch repair.change {
            case "removed": ("add \(repair.object)", "it is missing")
            case "added": ("remove \(repair.object)", "it should not be there")
            default: ("change \(repair.object)", "it is not as it should be")
            }
    }
}
