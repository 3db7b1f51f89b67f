import EVPN
import FRR
import OVN

extension Step {
    /// What was wrong, if this step is a repair: the object as an engineer would name it, and what had happened to it.
    var repairs: [(object: String, change: String)] {
        switch self {
        case .createLink(let link): [("device \(link.name)", "removed")]
        case .adjustLink(let link): [("device \(link.name)", "changed")]
        case .deleteLink(let name): [("device \(name)", "added")]
        case .enableForwarding(let link): [("sysctls forwarding and rp_filter of \(link)", "changed")]
        case .addAddress(let address): [("address \(address.address) dev \(address.link)", "removed")]
        case .removeAddress(let address): [("address \(address.address) dev \(address.link)", "added")]
        case .addRoute(let route): [("route \(route.prefix) table \(route.table)", "removed")]
        case .removeRoute(let route): [("route \(route.prefix) table \(route.table)", "added")]
        case .setNeighbour(let neighbour): [("neighbour \(neighbour.address) dev \(neighbour.link)", "removed")]
        case .removeNeighbour(let neighbour): [("neighbour \(neighbour.address) dev \(neighbour.link)", "added")]
        case .addPort(let port): [("port \(port.name) of \(port.bridge)", "changed")]
        case .removePort(let port): [("port \(port.name) of \(port.bridge)", "added")]
        case .changeFlows(let bridge, let add, let remove):
            (add.isEmpty ? [] : [("\(add.count) flows of \(bridge)", "removed")])
                + (remove.isEmpty ? [] : [("\(remove.count) flows of \(bridge)", "added")])
        case .configureVRF(let from, let to): Self.differences(from, to)
        case .restateTargets(let stanza, let vni): Self.differences(stanza.withTargetsInForce(vni), stanza)
        case .removeVRF(let instance): [("router bgp vrf \(instance.vrf)", "added")]
        case .bindVNI(let vrf, let vni): [("vni \(vni) of vrf \(vrf)", "removed")]
        case .unbindVNI(let vrf, let vni): [("vni \(vni) of vrf \(vrf)", "added")]
        case .announceRoutes(let stanza): [("tunnel entries of vrf \(stanza.vrf)", "removed")]
        case .configureBase: [("router bgp", "changed")]
        case .removeBase: [("peer groups and neighbors of the federation in router bgp", "added")]
        }
    }

    private static func differences(_ from: VRFStanza?, _ to: VRFStanza) -> [(object: String, change: String)] {
        guard let from else { return [("router bgp vrf \(to.vrf)", "removed")] }
        var found: [(String, String)] = []
        func compare<Value: Comparable & CustomStringConvertible>(_ what: String, _ old: Set<Value>, _ new: Set<Value>) {
            found += new.subtracting(old).sorted().map { ("\(what) \($0) of vrf \(to.vrf)", "removed") }
            found += old.subtracting(new).sorted().map { ("\(what) \($0) of vrf \(to.vrf)", "added") }
        }
        compare("import route target", from.importTargets, to.importTargets)
        compare("export route target", from.exportTargets, to.exportTargets)
        compare("network", from.networks, to.networks)
        compare("export filter", from.advertisedSubnets.union(from.advertisedPrefixes), to.advertisedSubnets.union(to.advertisedPrefixes))
        if from.installed != to.installed { found.append(("import filter of vrf \(to.vrf)", "changed")) }
        if from.isDraining != to.isDraining { found.append(("graceful shutdown of vrf \(to.vrf)", to.isDraining ? "removed" : "added")) }
        if from.distinguisher != to.distinguisher { found.append(("route distinguisher of vrf \(to.vrf)", "changed")) }
        found += from.foreign.map(\.text).sorted().map { ("line “\($0)” of vrf \(to.vrf)", "added") }
        found += from.absent.map(\.text).sorted().map { ("line “\($0)” of vrf \(to.vrf)", "removed") }
        return found.isEmpty ? [("router bgp vrf \(to.vrf)", "changed")] : found
    }
}

extension ExemptionStep {
    /// The same, in the northbound database.
    var repairs: [(object: String, change: String)] {
        switch self {
        case .createSet(let name, _, _, _): [("address set \(name)", "removed")]
        case .keepSet(_, let name, _): [("agent of address set \(name)", "changed")]
        case .changeSet(_, let name, let insert, let delete):
            (insert.isEmpty ? [] : [("\(insert.count) addresses of address set \(name)", "removed")])
                + (delete.isEmpty ? [] : [("\(delete.count) addresses of address set \(name)", "added")])
        case .exempt(let rule, _, let replacing): [("exempted_ext_ips of NAT \(rule)", replacing == nil ? "removed" : "changed")]
        case .restore(let rule, _): [("exempted_ext_ips of NAT \(rule)", "added")]
        case .deleteSet(_, let name): [("address set \(name)", "added")]
        }
    }
}
