import FederationModel
import NetworkTypes
import Testing
import Verification

/// A fault by which routes get where no policy lets them, put into an honest federation, and what must be said of it.
struct InjectedLeak {
    enum Kind: String, CaseIterable {
        case duplicatedTarget, rawTarget, rawWildcard, wildcard, truncatedAS, typingError, staleImport, automaticTarget, foreignVRF,
            foreignWildcard,
            foreignExport, foreignExportToStray, copiedVRF, copiedIntoVPN, sharersMeet, sharersUnrefused, routeSeen, unexplainedRoute,
            retargetedRoute, retargetedToForeign
    }

    var breach: IsolationBreach
    /// Or better.
    var level: IsolationLevel
    var exporter: LocalVRF
    var importer: LocalVRF
    /// Nil: by intent it is the whole VPN's.
    var gateway: GatewayID?
    var imported: RouteTarget?
    var route: IPPrefix?

    func isToldBy(_ witness: IsolationWitness) -> Bool {
        witness.breach == breach && witness.level >= level && witness.exporter == exporter && witness.importer == importer
            && (gateway.map(witness.gateways.contains) ?? true) && (imported == nil || witness.imported == imported)
            && (route == nil || witness.route?.prefix == route)
    }
}

extension HonestFederation {
    /// What looks odd and is none: other VRFs with targets of their own, targets that nobody exports, what a raw target invites.
    mutating func addDecoys() {
        let raw = graph.vpns.values.flatMap(\.exportTargets).sorted()
        for id in observations.keys.sorted() {
            var vrfs = [
                ForeignVRF(
                    name: "customer", asn: ASN("65010")!, vni: VNI("4000000")!, importTargets: [.any(4_000_000), target("65010:77")],
                    exportTargets: [target("65010:77"), target("65010:4000000")], importedVRFs: [.foreign("management")]),
                ForeignVRF(name: "management", exportTargets: [target("65010:78")]),
            ]
            if let invited = raw.randomElement(using: &random), chance(1, in: 2) { vrfs[1].importTargets = [invited] }
            observations[id]!.report.base.foreignVRFs = ForeignVRFs(among: vrfs)
            for name in observations[id]!.report.vpns.keys.sorted() where chance(1, in: 3) {
                // Of its own VPN elsewhere, and of nobody. Guests must not have those of guests.
                let others = name.text == "v2" ? [] : intents.values.compactMap { $0.vpns[name] }.flatMap(\.exportTargets)
                let intended = intents[id]!.vpns[name]!.importTargets
                observations[id]!.report.vpns[name]!.effective!.importTargets = Set(intended + others + [target("65535:1")]).sorted()
                for route in observations[id]!.report.received
                where Set(intended).isDisjoint(with: route.routeTargets) && !Set(others).isDisjoint(with: route.routeTargets) {
                    observations[id]!.report.vpns[name]!.imported.append(
                        ImportedRoute(prefix: route.prefix, nextHop: route.nextHop, isBest: false))
                }
            }
        }
    }

    func isolation() -> IsolationProof {
        proveIsolation(intents: intents, vpns: graph.vpns, observations: observations, now: Self.now)
    }

    /// Nil where the federation has no place for it.
    mutating func inject(_ kind: InjectedLeak.Kind) -> InjectedLeak? {
        guard let (gateway, victim, intent) = pickVRF(where: { !$0.exportTargets.isEmpty }),
            let (place, other, mine) = pickVRF(where: { $0.name != victim && !$0.importTargets.isEmpty }),
            let wanted = intent.exportTargets.first(where: { !isRaw($0, of: victim) })
        else { return nil }
        let pair = (exporter: LocalVRF.vpn(victim), importer: LocalVRF.vpn(other))
        func told(
            _ breach: IsolationBreach, _ level: IsolationLevel = .configuration, by target: RouteTarget? = nil, at: GatewayID? = nil
        ) -> InjectedLeak {
            InjectedLeak(breach: breach, level: level, exporter: pair.exporter, importer: pair.importer, gateway: at, imported: target)
        }
        switch kind {
        case .duplicatedTarget:
            // The ledger gave a value twice: all gateways of the other VPN have it.
            for id in intents.keys.sorted() where intents[id]!.vpns[other] != nil {
                setTargets(of: other, at: id, imports: [wanted], exports: [wanted])
            }
            return told(.sharedTarget, .intent, by: wanted)
        case .rawTarget:
            graph.vpns[other]!.importTargets.append(wanted)
            for id in intents.keys.sorted() where intents[id]!.vpns[other] != nil { addImport(wanted, of: other, at: id, intended: true) }
            return told(.sharedTarget, .intent, by: wanted)
        case .rawWildcard:
            let wildcard = RouteTarget.any(wanted.localNumber)
            for id in intents.keys.sorted() where intents[id]!.vpns[other] != nil { addImport(wildcard, of: other, at: id, intended: true) }
            return told(.wildcardTarget, .intent, by: wildcard)
        case .wildcard:
            let wildcard = RouteTarget.any(wanted.localNumber)
            guard mine.encapsulation.vni.value != wanted.localNumber else { return nil }
            addImport(wildcard, of: other, at: place)
            return told(.wildcardTarget, by: wildcard, at: place)
        case .truncatedAS:
            // The other VPN imports a raw target that the automatic one happens to be.
            let automatic = RouteTarget(automaticFor: intent.encapsulation.vni, in: intents[gateway]!.base.asn)
            for id in intents.keys.sorted() where intents[id]!.vpns[other] != nil {
                addImport(automatic, of: other, at: id, intended: true)
            }
            observations[gateway]!.report.vpns[victim]!.effective!.exportTargets = [automatic]
            return told(.automaticTarget, by: automatic, at: gateway)
        case .typingError:
            observations[place]!.report.vpns[other]!.effective!.importTargets = [wanted]
            return told(.extraTarget, by: wanted, at: place)
        case .staleImport:
            // A VPN that is not in the federation any more; its VRF is.
            let gone = VPNName("gone")!
            observations[place]!.report.vpns[gone] = VPNReport(
                name: gone,
                effective: EffectiveVPN(
                    encapsulation: .vxlan(VNI("800001")!), routeDistinguisher: nil, importTargets: [wanted], exportTargets: [],
                    routerMAC: nil,
                    isUp: true))
            var leak = told(.extraTarget, by: wanted, at: place)
            leak.importer = .vpn(gone)
            return leak
        case .automaticTarget:
            // Its VNI is the number of the victim's target.
            guard let vni = VNI(value: wanted.localNumber) else { return nil }
            observations[place]!.report.vpns[other]!.effective!.encapsulation = .vxlan(vni)
            addImport(.any(wanted.localNumber), of: other, at: place)
            return told(.automaticTarget, by: .any(wanted.localNumber), at: place)
        case .foreignVRF, .foreignWildcard:
            let target = kind == .foreignVRF ? wanted : .any(wanted.localNumber)
            add(ForeignVRF(name: "stranger", importTargets: [target]), at: place)
            var leak = told(.foreignImport, by: target, at: place)
            leak.importer = .foreign("stranger")
            leak.route = route(of: victim, bearing: target, at: place)
            return leak
        case .foreignExport:
            guard let target = mine.importTargets.first else { return nil }
            add(ForeignVRF(name: "stranger", exportTargets: [target]), at: gateway)
            return InjectedLeak(
                breach: .foreignExport, level: .configuration, exporter: .foreign("stranger"), importer: pair.importer, gateway: gateway,
                imported: target)
        case .foreignExportToStray:
            // Neither the VPN's target nor that of the VRF is of the other by intent.
            addImport(target("65010:99"), of: other, at: place)
            add(ForeignVRF(name: "stranger", exportTargets: [target("65010:99")]), at: gateway)
            return InjectedLeak(
                breach: .foreignExport, level: .configuration, exporter: .foreign("stranger"), importer: pair.importer, gateway: gateway,
                imported: target("65010:99"))
        case .copiedVRF:
            add(ForeignVRF(name: "stranger", importedVRFs: [.vpn(victim)]), at: gateway)
            var leak = told(.copiedVRF, at: gateway)
            leak.importer = .foreign("stranger")
            return leak
        case .copiedIntoVPN:
            observations[place]!.report.vpns[other]!.effective!.importedVRFs = [pair.exporter]
            return told(.copiedVRF, at: place)
        case .sharersMeet: return mergeGuests()
        case .sharersUnrefused: return forgetRefusals()
        case .routeSeen:
            guard let received = received(of: victim, bearing: wanted, at: place) else { return nil }
            addImport(wanted, of: other, at: place)
            observations[place]!.report.vpns[other]!.imported.append(
                ImportedRoute(prefix: received.prefix, nextHop: received.nextHop, isBest: true))
            var leak = told(.extraTarget, .routes, by: wanted, at: place)
            leak.route = received.prefix
            return leak
        case .unexplainedRoute:
            // Tenants' addresses overlap; this one is the victim's alone.
            guard let received = received(of: victim, bearing: wanted, at: place),
                !observations[place]!.report.received.contains(where: {
                    $0.prefix == received.prefix && $0.nextHop == received.nextHop && !isOf(victim, $0)
                })
            else { return nil }
            observations[place]!.report.vpns[other]!.effective!.importTargets = [target("65535:1")]
            observations[place]!.report.vpns[other]!.imported.append(
                ImportedRoute(prefix: received.prefix, nextHop: received.nextHop, isBest: true))
            var leak = told(.foreignRoute, .routes, at: place)
            leak.route = received.prefix
            return leak
        case .retargetedRoute:
            // A route server adds the other VPN's target; all targets in force are as intended.
            guard let added = mine.importTargets.first, let prefix = retarget(victim, wanted, with: added, at: place) else { return nil }
            var leak = told(.foreignRoute, .routes, by: added, at: place)
            leak.route = prefix
            return leak
        case .retargetedToForeign:
            let added = target("65010:99")
            guard let prefix = retarget(victim, wanted, with: added, at: place) else { return nil }
            add(ForeignVRF(name: "stranger", importTargets: [added]), at: place)
            var leak = told(.foreignImport, by: added, at: place)
            (leak.importer, leak.route) = (.foreign("stranger"), prefix)
            return leak
        }
    }

    // MARK: Parts

    /// - Returns: the prefix of the victim's route that has the target now.
    private mutating func retarget(_ victim: VPNName, _ wanted: RouteTarget, with added: RouteTarget, at id: GatewayID) -> IPPrefix? {
        guard let route = received(of: victim, bearing: wanted, at: id),
            let index = observations[id]!.report.received.firstIndex(of: route)
        else { return nil }
        observations[id]!.report.received[index].routeTargets.append(added)
        return route.prefix
    }

    private func isOf(_ vpn: VPNName, _ route: ReceivedRoute) -> Bool {
        intents.values.contains { $0.vpns[vpn]?.bindings.contains { $0.routeDistinguisher == route.routeDistinguisher } ?? false }
    }

    private func isRaw(_ target: RouteTarget, of vpn: VPNName) -> Bool { graph.vpns[vpn]!.exportTargets.contains(target) }

    private mutating func pickVRF(where condition: (VPNIntent) -> Bool) -> (GatewayID, VPNName, VPNIntent)? {
        var all: [(GatewayID, VPNName, VPNIntent)] = []
        for id in intents.keys.sorted() {
            for name in intents[id]!.vpns.keys.sorted() where condition(intents[id]!.vpns[name]!) {
                all.append((id, name, intents[id]!.vpns[name]!))
            }
        }
        return all.randomElement(using: &random)
    }

    private mutating func addImport(_ target: RouteTarget, of vpn: VPNName, at id: GatewayID, intended: Bool = false) {
        func added(_ list: [RouteTarget]) -> [RouteTarget] { Set(list + [target]).sorted() }
        observations[id]!.report.vpns[vpn]!.effective!.importTargets = added(observations[id]!.report.vpns[vpn]!.effective!.importTargets)
        if intended { intents[id]!.vpns[vpn]!.importTargets = added(intents[id]!.vpns[vpn]!.importTargets) }
    }

    private mutating func setTargets(of vpn: VPNName, at id: GatewayID, imports: [RouteTarget], exports: [RouteTarget]) {
        intents[id]!.vpns[vpn]!.importTargets = imports
        intents[id]!.vpns[vpn]!.exportTargets = exports
        observations[id]!.report.vpns[vpn]!.effective!.importTargets = imports
        observations[id]!.report.vpns[vpn]!.effective!.exportTargets = exports
    }

    private mutating func add(_ vrf: ForeignVRF, at id: GatewayID) { observations[id]!.report.base.foreignVRFs!.vrfs.append(vrf) }

    private func received(of vpn: VPNName, bearing target: RouteTarget, at id: GatewayID) -> ReceivedRoute? {
        let distinguishers = Set(intents.values.compactMap { $0.vpns[vpn] }.flatMap(\.bindings).map(\.routeDistinguisher))
        return observations[id]!.report.received.filter { route in
            distinguishers.contains(route.routeDistinguisher) && route.routeTargets.contains { target.admits($0) }
        }.min { ($0.prefix, $0.nextHop) < ($1.prefix, $1.nextHop) }
    }

    private func route(of vpn: VPNName, bearing target: RouteTarget, at id: GatewayID) -> IPPrefix? {
        received(of: vpn, bearing: target, at: id)?.prefix
    }

    /// The guests of v2 that only one of v1 and v3 has.
    private func guests(of sharer: String) -> [GatewayID] {
        let common = VPNName("v2")!, name = VPNName(sharer)!, other = VPNName(sharer == "v1" ? "v3" : "v1")!
        guard let vpn = graph.vpns[name], !vpn.shares.isEmpty else { return [] }
        return intents.keys.sorted().filter { id in
            vpn.attachments.contains { $0.cloud == id.cloud && $0.role != .importOnly } && !graph.vpns[common]!.clouds.contains(id.cloud)
                && !graph.vpns[other]!.clouds.contains(id.cloud)
        }
    }

    private mutating func mergeGuests() -> InjectedLeak? {
        let common = VPNName("v2")!
        guard let one = guests(of: "v1").first, let other = guests(of: "v3").first,
            let target = intents[other]!.vpns[common]?.exportTargets.first, intents[one]!.vpns[common] != nil
        else { return nil }
        addImport(target, of: common, at: one)
        return InjectedLeak(
            breach: .sharersMeet, level: .configuration, exporter: .vpn(VPNName("v3")!), importer: .vpn(VPNName("v1")!), gateway: one,
            imported: target)
    }

    private mutating func forgetRefusals() -> InjectedLeak? {
        let common = VPNName("v2")!
        guard let one = guests(of: "v1").first, !graph.vpns[VPNName("v3")!]!.shares.isEmpty,
            let place = intents[one]!.vpns[common]?.attachments.firstIndex(where: { !$0.refused.isEmpty })
        else { return nil }
        intents[one]!.vpns[common]!.attachments[place].refused = []
        return InjectedLeak(
            breach: .sharersMeet, level: .intent, exporter: .vpn(VPNName("v3")!), importer: .vpn(VPNName("v1")!), gateway: one)
    }
}
