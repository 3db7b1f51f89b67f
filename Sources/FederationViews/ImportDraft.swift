import FederationAPI
import FederationFile
import FederationModel
import NetworkTypes

/// A draft of the federation file: what is in force, with what one cloud has and the file does not. Pure; where the file has all of it, the draft is
/// what is in force.
package struct ImportDraft: Hashable, Sendable {
    package var graph: FederationGraph
    /// What was added, one sentence each.
    package private(set) var added: [String] = []
    /// What was left out or changed, because two want it, one sentence each.
    package private(set) var clashes: [String] = []
    private let cloud: CloudName
    private let revision: UInt64
    /// Who has a number or a target.
    private var holders: [Holding: Set<String>] = [:]

    private enum Holding: Hashable {
        case vni(UInt32)
        case target(String)

        /// For people.
        var words: String {
            switch self {
            case .vni(let number): "VNI \(number)"
            case .target(let text): "route target \(text)"
            }
        }
    }

    /// - Parameters:
    ///   - states: of the cloud's gateways.
    ///   - applied: what is in force, with its numbers.
    package init(_ cloud: CloudName, states: [GatewayState], applied: AppliedGraph, graph: FederationGraph) {
        self.graph = graph
        self.cloud = cloud
        revision = applied.revision
        for allocation in applied.allocations where allocation.kind == .vni || allocation.kind == .routeTarget {
            hold(allocation.kind == .vni ? UInt32(allocation.value).map(Holding.vni) : .target(allocation.value), "VPN \(allocation.owner)")
        }
        for (name, vpn) in graph.vpns {
            hold(vpn.vni.map { .vni($0.value) }, "VPN \(name)")
            hold(vpn.routeTarget.map { .target($0.description) }, "VPN \(name)")
        }
        let vrfs = Self.foreign(states)
        for (name, vrf) in vrfs {
            hold(vrf.vni.map { .vni($0.value) }, name)
            for target in Set(vrf.importTargets + vrf.exportTargets) where !target.isWildcard { hold(.target(target.description), name) }
        }
        let free = BGPVPNList(states, graph: graph).bgpvpns.filter { $0.cloud == cloud && $0.vpns.isEmpty }
        for one in free {
            hold(one.vni.map(Holding.vni), Self.title(one))
            for target in Set(one.importTargets + one.exportTargets) { hold(.target(target), Self.title(one)) }
        }
        for one in free { add(one, beside: free) }
        for (name, vrf) in vrfs { reserve(vrf, called: name) }
    }

    /// The draft with what was done in comments: a file to be edited and planned.
    package var text: String {
        let head =
            ["revision \(revision) with what \(cloud) has; plan it with: fedctl plan -f FILE"] + added.map { "added: \($0)" }
            + clashes.map { "clash: \($0)" } + (added.isEmpty ? ["nothing is added: the file has all of it"] : [])
        return head.map { "# \(printable($0))\n" }.joined() + FederationYAML.write(graph)
    }

    // MARK: - BGPVPNs

    private mutating func add(_ one: BGPVPNView, beside others: [BGPVPNView]) {
        let title = Self.title(one)
        guard one.type == "l3" else {
            clashes.append("\(title) is of type \(one.type), and VPNs are routed: left out")
            return
        }
        if one.id == nil, others.contains(where: { $0 != one && $0.vni == one.vni }) {
            clashes.append("\(title) has no id, and another one bears its VNI, which so selects neither: left out")
            return
        }
        var vpn = VPN(project: one.project)
        let selector = AttachmentSelector(
            kind: .bgpvpn, key: one.id == nil ? .vni : .id, value: one.id ?? one.vni.map { "\($0)" } ?? "")
        vpn.attachments = [Attachment(cloud: cloud, selector: selector)]
        if let number = one.vni, isAlone(.vni(number), title) { vpn.vni = VNI(value: number) }
        let targets = Set(one.importTargets + one.exportTargets)
        if let text = targets.first, targets.count == 1, one.importTargets == one.exportTargets, let target = RouteTarget(text),
            !target.isWildcard, isAlone(.target(text), title)
        {
            vpn.routeTarget = target
        } else if targets.count > 1 {
            clashes.append("\(title) claims several route targets, \(targets.sorted().joined(separator: " ")): the VPN gets one of its own")
        }
        let name = freeName(one)
        graph.vpns[name] = vpn
        added.append("VPN \(name) for \(title)")
    }

    /// The name of the BGPVPN where it can be one and nothing has it.
    private func freeName(_ one: BGPVPNView) -> VPNName {
        let plain = String(
            one.name.unicodeScalars.map { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-_.".unicodeScalars.contains(scalar))
                    ? Character(scalar) : "-"
            }.prefix(40))
        let base = VPNName(plain) ?? VPNName(unchecked: one.vni.map { "vni-\($0)" } ?? "bgpvpn-\((one.id ?? "").prefix(8))")
        if graph.vpns[base] == nil { return base }
        let rest = one.id.map { String($0.prefix(8)) } ?? cloud.text
        let second = VPNName(unchecked: "\(base.text.prefix(40))-\(rest.prefix(20))")
        if graph.vpns[second] == nil { return second }
        var number = 2
        while graph.vpns[VPNName(unchecked: "\(second.text)-\(number)")] != nil { number += 1 }
        return VPNName(unchecked: "\(second.text)-\(number)")
    }

    // MARK: - VRFs

    /// The VRFs of the nodes that are not the federation's, by a name that tells where they are.
    private static func foreign(_ states: [GatewayState]) -> [(name: String, vrf: ForeignVRF)] {
        states.sorted { $0.gateway < $1.gateway }.flatMap { state in
            (state.report?.base.foreignVRFs?.vrfs ?? []).sorted().filter { $0.name != "default" }.map {
                ("VRF \($0.name) of \(state.gateway)", $0)
            }
        }
    }

    /// What others use is never allocated.
    private mutating func reserve(_ vrf: ForeignVRF, called name: String) {
        if let vni = vrf.vni, mayReserve(.vni(vni.value), for: name) { reserve(.vnis(vni.value...vni.value), "VNI \(vni)", for: name) }
        for target in Set(vrf.importTargets + vrf.exportTargets).sorted() where !target.isWildcard {
            if mayReserve(.target(target.description), for: name) { reserve(.routeTarget(target), "route target \(target)", for: name) }
        }
    }

    private mutating func reserve(_ values: Reservation.Values, _ words: String, for name: String) {
        let isReserved = graph.reservations.contains { reservation in
            switch (reservation.values, values) {
            case (.vnis(let known), .vnis(let new)): known.contains(new.lowerBound)
            case (.routeTarget(let known), .routeTarget(let new)): known == new
            default: false
            }
        }
        guard !isReserved else { return }
        graph.reservations.append(Reservation(values: values, reason: name))
        added.append("\(words) is reserved: \(name) has it")
    }

    /// Nothing of the draft uses it.
    private mutating func mayReserve(_ holding: Holding, for name: String) -> Bool {
        let vpns = (holders[holding] ?? []).filter { $0.hasPrefix("VPN ") }.sorted()
        guard vpns.isEmpty else {
            clashes.append(
                "\(holding.words) is of \(vpns.joined(separator: " and ")), and \(name) has it too: `fedctl isolation` says what that does")
            return false
        }
        return true
    }

    // MARK: - Who has what

    private mutating func hold(_ holding: Holding?, _ holder: String) {
        if let holding { holders[holding, default: []].insert(holder) }
    }

    /// Nobody else has it; else it is said who, and the ledger gives another.
    private mutating func isAlone(_ holding: Holding, _ title: String) -> Bool {
        let others = (holders[holding] ?? []).subtracting([title]).sorted()
        guard others.isEmpty else {
            clashes.append("\(title) claims \(holding.words), which \(others.joined(separator: " and ")) has: the VPN gets another one")
            return false
        }
        return true
    }

    private static func title(_ one: BGPVPNView) -> String {
        let name =
            one.id.map { "BGPVPN \($0)" + (one.name.isEmpty ? "" : " (\(one.name))") } ?? "the rows with VNI \(one.title.dropFirst(4))"
        return name + " of project \(one.project ?? "unknown")"
    }
}
