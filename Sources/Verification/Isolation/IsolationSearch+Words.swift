import FederationModel
import NetworkTypes

extension IsolationSearch {
    func witness(_ key: WitnessCollection.Key, _ found: WitnessCollection.Found) -> IsolationWitness {
        let places = found.gateways.sorted().map { gateways[$0] }
        let route = found.route ?? route(key, found)
        return IsolationWitness(
            breach: found.breach, level: found.level, exporter: key.exporter, importer: key.importer, exported: key.exported,
            imported: key.imported, route: route, gateways: Array(places.prefix(IsolationWitness.gatewayLimit)), gatewayCount: places.count,
            sentence: sentence(key, found, places) + (route.map { "; \($0.prefix) via \($0.nextHop) came that way" } ?? ""),
            remedy: remedy(key, found, places))
    }

    /// One that a foreign VRF has: bgpd received it, and the VRF imports its target.
    private func route(_ key: WitnessCollection.Key, _ found: WitnessCollection.Found) -> IsolationWitness.Route? {
        guard found.breach == .foreignImport, case .vpn(let name) = key.exporter, let vpn = numbers[name], let wanted = key.imported else {
            return nil
        }
        return found.gateways.lazy.flatMap { observations[gateways[$0]]?.report.received ?? [] }.filter { route in
            route.isValid && owners[route.routeDistinguisher]?.vpn == vpn && route.routeTargets.contains { wanted.admits($0) }
        }.map { .init(prefix: $0.prefix, nextHop: $0.nextHop.withoutMapping, routeDistinguisher: $0.routeDistinguisher) }.min()
    }

    private func sentence(_ key: WitnessCollection.Key, _ found: WitnessCollection.Found, _ places: [GatewayID]) -> String {
        let (exporter, importer) = (key.exporter, key.importer)
        let (exported, imported) = (key.exported?.description ?? "", key.imported?.description ?? "")
        let place = "at \(places.listed(limit: 2))"
        let matching = key.imported?.isWildcard ?? false && key.imported != key.exported
        let every = "every target with the number \(key.imported?.localNumber ?? 0)"
        switch found.breach {
        case .sharedTarget: return "by intent \(importer) imports \(imported), which \(exporter) exports"
        case .wildcardTarget:
            return "\(importer) imports \(every) \(place): also \(exported) of \(exporter)"
        case .automaticTarget where !found.isExport:
            return
                "FRR’s automatic target is in force for \(importer) \(place): it imports \(matching ? every : imported), also \(exported) of \(exporter)"
        case .automaticTarget:
            return "FRR’s automatic target is in force for \(exporter) \(place): it exports \(exported), which \(importer) imports"
        case .extraTarget where !found.isExport:
            return "\(importer) imports \(imported) \(place), which is not intended: \(exporter) exports it"
        case .extraTarget: return "\(exporter) exports \(exported) \(place), which is not intended: \(importer) imports it"
        case .foreignImport:
            return
                "\(importer) \(place) is not the federation’s and imports \(matching ? "\(every), so \(exported)" : imported) of \(exporter)"
        case .foreignExport:
            let stray = found.strayAt.map { " at \(gateways[$0]), which is not intended" } ?? ""
            return "\(exporter) \(place) is not the federation’s and exports \(exported), which \(importer) imports\(stray)"
        case .copiedVRF: return "bgpd copies the routes of \(exporter) into \(importer) \(place) (“import vrf”)"
        case .sharersMeet:
            let how = key.imported == nil ? "does not refuse the prefixes of" : "imports \(imported), the target of"
            return "both share into VPN \(found.via?.text ?? ""), and there \(importer) \(how) \(exporter) \(place)"
        case .foreignRoute: return "\(importer) has a route of \(exporter) \(place)"
        }
    }

    private func remedy(_ key: WitnessCollection.Key, _ found: WitnessCollection.Found, _ places: [GatewayID]) -> String {
        guard let place = found.strayAt.map({ gateways[$0] }) ?? places.first else { return "" }
        let here = "on \(place.node) of \(place.cloud)"
        let restart =
            "\(here): `vtysh -c 'show bgp l2vpn evpn vni'` shows the targets in force; `systemctl restart fed-agent` restores the intended ones"
        let edit =
            "remove the target from one of the two in the federation file (“routeTarget”, “importTargets”, “exportTargets”): \(Remedy.apply)"
        switch found.breach {
        case _ where found.isIntended: return found.breach == .sharersMeet ? "\(Remedy.apply) compiles the shares anew" : edit
        // Targets in force may be as intended: then the route has one that is not its own.
        case .foreignRoute where found.route != nil && key.imported != nil:
            let distinguisher = found.route.map { $0.routeDistinguisher.description } ?? ""
            return
                "\(here): `vtysh -c 'show bgp l2vpn evpn route rd \(distinguisher)'` shows the neighbor that sends it with "
                + "\(key.imported?.description ?? ""); remove what adds that target: a route-map there, or of a route server between"
        case .foreignExport where found.strayAt != nil: return restart
        case .sharedTarget, .wildcardTarget, .automaticTarget, .extraTarget, .sharersMeet, .foreignRoute: return restart
        case .copiedVRF:
            return
                "\(here): `vtysh -c 'show running-config bgpd'` shows the line “import vrf”; remove it from the instance of the importing VRF"
        case .foreignImport: return remedy(found.vrf, "import", key.imported, here, place)
        case .foreignExport: return remedy(found.vrf, "export", key.exported, here, place)
        }
    }

    private func remedy(_ vrf: ForeignVRF?, _ direction: String, _ target: RouteTarget?, _ here: String, _ place: GatewayID) -> String {
        guard let vrf, let target, let asn = vrf.asn ?? intents[place]?.base.asn, let name = vrf.shellName else {
            return "\(here): `vtysh -c 'show bgp l2vpn evpn vni'` shows the VRF; remove the target from its BGP instance"
        }
        let instance = "`vtysh -c 'configure terminal' -c 'router bgp \(asn)\(name)' -c 'address-family l2vpn evpn'"
        let isAutomatic = vrf.vni.map { target == .any($0.value) || target == RouteTarget(automaticFor: $0, in: asn) } ?? false
        guard isAutomatic, let vni = vrf.vni else { return "\(here): \(instance) -c 'no route-target \(direction) \(target)'`" }
        // Any explicit target ends the automatic one. A number of its own: that of another VNI may be a tenant’s.
        return "\(here), give it an explicit target: \(instance) -c 'route-target \(direction) 65535:\(vni)'`"
    }
}

extension ForeignVRF {
    /// For `router bgp AS…`; nil: the name is no plain word.
    fileprivate var shellName: String? {
        if name == "default" { return "" }
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x27 && $0 != 0x60 }
        return isPlain ? " vrf \(name)" : nil
    }
}
