import EVPN
import FRR
import FederationModel
import NetworkTypes

/// What bgpd has in force: for the VPNs of the intent, and in VRFs that are of none.
extension AgentCore {
    /// In the VRF that is sent in, and in that of the other VNI.
    func effective(_ vpn: VPNIntent) -> (EffectiveVPN?, EffectiveVPN?) {
        let found = zip(vpn.bindings, vpn.instances).map { binding, instance in
            EffectiveVPN(
                binding.encapsulation, reportedRouting,
                indexes.instances[instance].flatMap { reportedRouting?.exchanges?[LocalNames(index: $0).vrf] }
            ) { others in
                let names = LocalVRFNames(self)
                return others.map { names[$0] }.sorted()
            }
        }
        return (found.first ?? nil, found.dropFirst().first ?? nil)
    }

    /// The VRFs of bgpd that are of no VPN of the intent; nil: nobody looked, or bgpd cannot be asked.
    package var foreignVRFs: ForeignVRFs? {
        guard let exchanges = reportedRouting?.exchanges else { return nil }
        let names = LocalVRFNames(self)
        var foreign = ForeignVRFs(
            among: exchanges.compactMap { name, exchange in
                guard case .foreign = names[name] else { return nil }
                return ForeignVRF(
                    name: name, asn: exchange.asn, vni: exchange.vni, importTargets: exchange.importTargets.sorted(),
                    exportTargets: exchange.exportTargets.sorted(), importedVRFs: exchange.importedVRFs.map { names[$0] }.sorted())
            })
        // What those do that have a target which nobody can read is not known either, be they of a VPN.
        foreign.omitted += exchanges.values.count { $0.unreadableTargets != nil }
        return foreign
    }
}

/// Whose VRF has a name on this node.
private struct LocalVRFNames {
    private let vpns: [Int: VPNName]

    init(_ core: AgentCore) {
        let intended = core.keeper.intent?.vpns ?? [:]
        vpns = Dictionary(core.indexes.instances.lazy.filter { intended[$0.key.vpn] != nil }.map { ($0.value, $0.key.vpn) }) { one, _ in one
        }
    }

    subscript(name: String) -> LocalVRF { LocalNames.index(ofVRF: name).flatMap { vpns[$0] }.map(LocalVRF.vpn) ?? .foreign(name) }
}

extension EffectiveVPN {
    /// What is in force for an encapsulation; nil: bgpd has no such L3VNI.
    fileprivate init?(
        _ encapsulation: Encapsulation, _ routing: ObservedRouting?, _ exchange: VRFExchange?, _ named: (Set<String>) -> [LocalVRF]
    ) {
        guard let routing, let entry = routing.vnis[encapsulation.vni] else { return nil }
        // The VNI’s entry shows the automatic import with this AS; the import table shows that any will do.
        self.init(
            encapsulation: encapsulation, routeDistinguisher: entry.distinguisher,
            importTargets: entry.importTargets.all.union(exchange?.importTargets ?? []).sorted(),
            exportTargets: entry.exportTargets.all.sorted(), routerMAC: entry.routerMAC, isUp: routing.vnisUp.contains(entry.vni),
            importedVRFs: exchange.map { $0.importedVRFs.isEmpty ? [] : named($0.importedVRFs) } ?? [])
    }
}
