import Federation
import FederationModel
import NetworkTypes

/// What a policy means, read from the words of the graph and not from route targets: slow, plain, and written without a look at the
/// compiler, which it judges.
struct NaivePolicy {
    let graph: FederationGraph

    func role(_ cloud: CloudName, in vpn: VPNName) -> AttachmentRole? {
        graph.vpns[vpn]?.attachments.first { $0.cloud == cloud }?.role
    }

    /// Another VPN shares prefixes of this cloud into this VPN.
    func serves(_ cloud: CloudName, in vpn: VPNName) -> Bool {
        graph.vpns.contains { name, other in
            name != vpn
                && other.shares.contains { $0.to == vpn && ($0.clouds.isEmpty || $0.clouds.contains(cloud)) }
                && other.attachments.contains { $0.cloud == cloud && $0.role != .importOnly }
        }
    }

    /// What each of the VPNs that share from this cloud into this VPN has to keep from.
    func refused(_ cloud: CloudName, in vpn: VPNName) -> [VPNName: Set<IPPrefix>] {
        func given(by name: VPNName, in cloud: CloudName) -> Set<IPPrefix> {
            guard name != vpn, graph.clouds[cloud] != nil, let other = graph.vpns[name],
                other.attachments.contains(where: { $0.cloud == cloud && $0.role != .importOnly })
            else { return [] }
            return Set(other.shares.filter { $0.to == vpn && ($0.clouds.isEmpty || $0.clouds.contains(cloud)) }.flatMap(\.prefixes))
        }
        var refused: [VPNName: Set<IPPrefix>] = [:]
        for name in graph.vpns.keys where !given(by: name, in: cloud).isEmpty {
            refused[name] = []
            for other in graph.vpns.keys where other != name {
                for cloud in graph.clouds.keys { refused[name]?.formUnion(given(by: other, in: cloud)) }
            }
        }
        return refused
    }

    /// It is in the VPN for what is shared, and for nothing else.
    func isGuest(_ cloud: CloudName, in vpn: VPNName) -> Bool { role(cloud, in: vpn) == nil && serves(cloud, in: vpn) }

    func takesPart(_ cloud: CloudName, in vpn: VPNName) -> Bool {
        graph.clouds[cloud] != nil && (role(cloud, in: vpn) != nil || serves(cloud, in: vpn))
    }

    func speaks(_ cloud: CloudName, in vpn: VPNName) -> Bool { takesPart(cloud, in: vpn) && role(cloud, in: vpn) != .importOnly }
    func listens(_ cloud: CloudName, in vpn: VPNName) -> Bool { takesPart(cloud, in: vpn) && role(cloud, in: vpn) != .exportOnly }

    /// Some raw target of one is a raw target of the other; AS 0 stands for any administrator.
    func rawTargetsMeet(_ exporter: VPN, _ importer: VPN) -> Bool {
        exporter.exportTargets.contains { exported in
            importer.importTargets.contains { wanted in
                let texts = (exported.description.split(separator: ":"), wanted.description.split(separator: ":"))
                return exported == wanted || texts.1[0] == "0" && texts.0[1] == texts.1[1]
            }
        }
    }

    func reaches(_ from: CloudName, _ to: CloudName, in name: VPNName) -> Bool {
        guard from != to, let vpn = graph.vpns[name], speaks(from, in: name), listens(to, in: name) else { return false }
        if rawTargetsMeet(vpn, vpn) { return true }
        if isGuest(from, in: name), isGuest(to, in: name) { return false }
        let somebodyServes = serves(from, in: name) || serves(to, in: name)
        switch vpn.policy {
        case .fullMesh: return true
        case .hubAndSpoke: return somebodyServes || role(from, in: name) == .hub || role(to, in: name) == .hub
        case .partialMesh(let edges):
            func picks(_ pick: CloudPick, _ cloud: CloudName) -> Bool {
                switch pick {
                case .cloud(let name): name == cloud
                case .labels(let labels): labels.allSatisfy { graph.clouds[cloud]?.labels[$0.key] == $0.value }
                }
            }
            return somebodyServes
                || edges.contains { edge in
                    picks(edge.from, from) && picks(edge.to, to) || !edge.isOneWay && picks(edge.to, from) && picks(edge.from, to)
                }
        }
    }

    func reaches(in vpn: VPNName) -> Set<Reach> {
        var reaches: Set<Reach> = []
        for from in graph.clouds.keys {
            for to in graph.clouds.keys where self.reaches(from, to, in: vpn) { reaches.insert(Reach(vpn: vpn, from: from, to: to)) }
        }
        return reaches
    }

    /// Where routes of one VPN come into another one, as pairs of `vpn in cloud`.
    func leaks() -> Set<String> {
        var leaks: Set<String> = []
        for (exporter, one) in graph.vpns {
            for (importer, other) in graph.vpns where exporter != importer && rawTargetsMeet(one, other) {
                for from in graph.clouds.keys where speaks(from, in: exporter) {
                    for to in graph.clouds.keys where listens(to, in: importer) {
                        leaks.insert("\(exporter) in \(from) > \(importer) in \(to)")
                    }
                }
            }
        }
        return leaks
    }
}
