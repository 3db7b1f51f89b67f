import EVPN
import FederationModel
import NetworkTypes
import OpenFlow

/// What of others stands in the way of our flows on a provider bridge: entries that take packets before them, and ports that are set not to
/// forward or not to receive. Pure.
package struct SwitchContest: Hashable, Sendable {
    package var bridge: String
    /// Others' entries, of any priority.
    package var rules: [FoundRule]
    package var ports: [PortState]

    package init(bridge: String, rules: [FoundRule], ports: [PortState]) {
        self.bridge = bridge
        self.rules = rules
        self.ports = ports
    }

    /// So many entries of others are compared.
    static let mostRules = 256
    /// So many prefixes a problem names; beyond, all of the family.
    private static let mostNamed = 64

    /// By index of the VPN.
    /// - Parameters:
    ///   - flows: ours on the bridge.
    ///   - routerMAC: of this gateway: what comes from VRFs has it as its source.
    package func problems(of flows: Set<Flow>, routerMAC: MACAddress) -> [Int: [Problem]] {
        var found: [Int: [Problem]] = [:]
        let ways = flows.filter { $0.action != .drop && $0.index != Flow.nodeIndex }
        for (index, port, what) in blocked(ways) {
            found[index, default: []].append(
                Problem(
                    code: .portBlocked, message: "port \(port.name) of \(bridge) is set \(what): tenants’ packets end there",
                    remedy: "`ovs-ofctl mod-port \(bridge) \(port.name) \(port.isDown ? "up" : port.drops ? "receive" : "forward")`"))
        }
        for rule in rules.sorted(by: { ($0.priority, $0.cookie) > ($1.priority, $1.cookie) }).prefix(Self.mostRules) {
            var taken: [Int: (isCertain: Bool, prefixes: Set<IPPrefix>)] = [:]
            for flow in ways where !flow.isOfProbes && rule.priority >= flow.priority {
                guard let (prefix, isCertain) = rule.takes(flow, routerMAC: routerMAC) else { continue }
                taken[flow.index, default: (false, [])].prefixes.insert(prefix)
                if isCertain { taken[flow.index]?.isCertain = true }
            }
            for (index, (isCertain, prefixes)) in taken {
                found[index, default: []].append(problem(rule, isCertain, prefixes.sorted()))
            }
        }
        return found
    }

    /// Ports by which flows lead in or out, each once a VPN.
    private func blocked(_ ways: Set<Flow>) -> [(index: Int, port: PortState, what: String)] {
        let states = Dictionary(ports.filter { $0.isDown || $0.drops || $0.forwardsNothing }.map { ($0.number, $0) }) { first, _ in first }
        guard !states.isEmpty else { return [] }
        struct Key: Hashable { var index: Int, port: UInt32 }
        var told: [Key: String] = [:]
        for flow in ways {
            if let number = flow.inPort, let port = states[number] {
                if port.isDown { told[Key(index: flow.index, port: number)] = "down" }
                if port.drops { told[Key(index: flow.index, port: number)] = "not to receive" }
            }
            if let number = flow.action.port, let port = states[number] {
                if port.isDown { told[Key(index: flow.index, port: number)] = "down" }
                if port.forwardsNothing { told[Key(index: flow.index, port: number)] = "not to forward" }
            }
        }
        return told.sorted { ($0.key.index, $0.key.port) < ($1.key.index, $1.key.port) }.compactMap { key, what in
            states[key.port].map { (key.index, $0, what) }
        }
    }

    private func problem(_ rule: FoundRule, _ isCertain: Bool, _ prefixes: [IPPrefix]) -> Problem {
        let entry = "an entry of \(bridge) with priority \(rule.priority), cookie 0x\(String(rule.cookie, radix: 16))"
        let list = prefixes.listed(limit: 3)
        return Problem(
            code: isCertain ? .flowOverridden : .flowUnread,
            message: isCertain
                ? "\(entry) takes packets to \(list) before the agent’s"
                : "\(entry) may take packets to \(list) before the agent’s: it has conditions that are not understood",
            remedy: "`ovs-ofctl dump-flows \(bridge)` shows it; whoever made it takes it away, or gives it a priority below 900",
            prefixes: prefixes.count <= Self.mostNamed ? prefixes : Set(prefixes.map { IPPrefix.everything($0.family) }).sorted())
    }
}

extension Flow.Action {
    /// By which it goes on.
    fileprivate var port: UInt32? {
        switch self {
        case .deliver(_, _, let port), .inject(_, let port), .turn(_, _, _, let port), .takeBack(_, _, _, let port): port
        case .drop: nil
        }
    }
}

extension FoundRule {
    /// Which destinations of a flow's packets it matches, and whether that is certain; nil: none.
    fileprivate func takes(_ flow: Flow, routerMAC: MACAddress) -> (prefix: IPPrefix, isCertain: Bool)? {
        guard let destination = flow.destination else { return nil }
        if let port = match.inPort, port != flow.inPort { return nil }
        if let mac = match.ethernetSource, mac != flow.sourceMAC ?? routerMAC { return nil }
        if let vlan = match.vlan, vlan != flow.vlan { return nil }
        if isUntagged, flow.vlan != nil { return nil }
        if let source = match.source, !(flow.source.map { source.overlaps($0) } ?? (source.family == destination.family)) { return nil }
        var taken = destination
        if let own = match.destination {
            guard own.overlaps(destination) else { return nil }
            if destination.contains(own) { taken = own }
        }
        // Where what leaves the router goes to, OVN decides.
        let isCertain = !isConditional && (match.ethernetDestination == nil || match.ethernetDestination == flow.destinationMAC)
        if let mac = match.ethernetDestination, let own = flow.destinationMAC, mac != own { return nil }
        return (taken, isCertain)
    }
}
