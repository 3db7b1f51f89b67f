import FederationModel
import NetworkTypes

/// The state of one search; `proveIsolation` has its order. VPNs and gateways are numbered, because names are slow keys.
struct IsolationSearch {
    /// A VPN of the intents, or one that a gateway still reports.
    struct Tenant {
        let name: VPNName
        /// The different lists of its VRFs, mostly one.
        var imports: [[RouteTarget]] = []
        var exports: [[RouteTarget]] = []
        var level = IsolationLevel.routes
        var oldestEvidence: Int64?
        var silentGateways: [GatewayID] = []
    }

    /// A target in force that is not intended there.
    struct Stray {
        var vpn: Int
        var gateway: Int
        var target: RouteTarget
        /// Of its VRF.
        var vni: VNI
    }

    struct Owner {
        var vpn: Int
        var gateway: Int
    }

    let intents: [GatewayID: GatewayIntent]
    let vpns: [VPNName: VPN]
    let observations: [GatewayID: GatewayObservation]
    let now: Int64
    let gateways: [GatewayID]
    var tenants: [Tenant] = []
    var numbers: [VPNName: Int] = [:]
    var exporters = TargetIndex()
    var importers = TargetIndex()
    var owners: [RouteDistinguisher: Owner] = [:]
    var strayImports: [Stray] = []
    var strayExports: [Stray] = []
    var foreignVRFs: [(vrf: ForeignVRF, gateway: Int)] = []
    var gaps: [IsolationGap] = []
    var seenGateways = 0
    var witnesses = WitnessCollection()

    init(
        intents: [GatewayID: GatewayIntent], vpns: [VPNName: VPN], observations: [GatewayID: GatewayObservation], now: Int64
    ) {
        self.intents = intents
        self.vpns = vpns
        self.observations = observations
        self.now = now
        gateways = intents.keys.sorted()
        numbers.reserveCapacity(vpns.count)
        tenants.reserveCapacity(vpns.count)
        exporters.reserve(vpns.count)
        importers.reserve(vpns.count)
    }

    mutating func number(of name: VPNName) -> Int {
        if let known = numbers[name] { return known }
        numbers[name] = tenants.count
        tenants.append(Tenant(name: name))
        return tenants.count - 1
    }

    // MARK: Intents

    mutating func lookAtIntents() {
        for name in vpns.keys.sorted() { _ = number(of: name) }
        for (gateway, id) in gateways.enumerated() {
            guard let intent = intents[id] else { continue }
            for (name, vpn) in intent.vpns {
                let number = number(of: name)
                register(number, gateway, vpn.routeDistinguisher, vpn.importTargets, vpn.exportTargets)
                if let other = vpn.secondary {
                    register(number, gateway, other.routeDistinguisher, other.importTargets, other.exportTargets)
                }
            }
        }
        for (target, holdings) in exporters.holdings {
            let takers = importers.takers(of: target)
            guard takers.contains(where: { $0.vpn != holdings[0].vpn }) || holdings.count > 1 && !takers.isEmpty else { continue }
            let importing = Set(takers.map(\.vpn))
            for exporter in holdings {
                guard !witnesses.isFull else {
                    witnesses.omit(importing.count - (importing.contains(exporter.vpn) ? 1 : 0))
                    continue
                }
                for importer in takers where importer.vpn != exporter.vpn { intentBreach(exporter, importer) }
            }
        }
    }

    private mutating func register(
        _ vpn: Int, _ gateway: Int, _ distinguisher: RouteDistinguisher, _ imports: [RouteTarget], _ exports: [RouteTarget]
    ) {
        owners[distinguisher] = Owner(vpn: vpn, gateway: gateway)
        // All gateways of a VPN mostly have the same list.
        if !tenants[vpn].imports.contains(imports) {
            tenants[vpn].imports.append(imports)
            for target in imports { importers.add(.init(vpn: vpn, gateway: gateway, target: target)) }
        }
        if !tenants[vpn].exports.contains(exports) {
            tenants[vpn].exports.append(exports)
            for target in exports { exporters.add(.init(vpn: vpn, gateway: gateway, target: target)) }
        }
    }

    private mutating func intentBreach(_ exporter: TargetIndex.Holding, _ importer: TargetIndex.Holding) {
        add(
            importer.target.asConfigured == exporter.target.asConfigured ? .sharedTarget : .wildcardTarget, .intent,
            from: .vpn(tenants[exporter.vpn].name), to: .vpn(tenants[importer.vpn].name), exported: exporter.target,
            imported: importer.target, at: importer.gateway)
    }

    // MARK: Targets in force beside those of the intents

    mutating func compareStrayTargets() {
        var others = TargetIndex()
        for stray in strayExports { others.add(.init(vpn: stray.vpn, gateway: stray.gateway, target: stray.target)) }
        for stray in strayImports {
            for exporter in exporters.taken(by: stray.target) + others.taken(by: stray.target) where exporter.vpn != stray.vpn {
                add(
                    breach(of: stray), .configuration, from: .vpn(tenants[exporter.vpn].name), to: .vpn(tenants[stray.vpn].name),
                    exported: exporter.target, imported: stray.target, at: stray.gateway)
            }
        }
        for stray in strayExports {
            for importer in importers.takers(of: stray.target) where importer.vpn != stray.vpn {
                add(
                    breach(of: stray), .configuration, from: .vpn(tenants[stray.vpn].name), to: .vpn(tenants[importer.vpn].name),
                    exported: stray.target, imported: importer.target, at: stray.gateway, isExport: true)
            }
        }
        for (vrf, gateway) in foreignVRFs { compare(vrf, at: gateway, others: &others) }
    }

    private func breach(of stray: Stray) -> IsolationBreach {
        let asn = intents[gateways[stray.gateway]]?.base.asn
        if stray.target == .any(stray.vni.value) || asn.map({ stray.target == RouteTarget(automaticFor: stray.vni, in: $0) }) ?? false {
            return .automaticTarget
        }
        return stray.target.isWildcard ? .wildcardTarget : .extraTarget
    }

    /// What a raw target of the file invites is no leak: who exports one asks others to import it.
    private mutating func compare(_ vrf: ForeignVRF, at gateway: Int, others: inout TargetIndex) {
        for target in vrf.importTargets {
            for exporter in exporters.taken(by: target) + others.taken(by: target) {
                let name = tenants[exporter.vpn].name
                if vpns[name]?.exportTargets.contains(exporter.target) ?? false { continue }
                add(
                    .foreignImport, .configuration, from: .vpn(name), to: .foreign(vrf.name), exported: exporter.target, imported: target,
                    at: gateway, vrf: vrf)
            }
        }
        for target in vrf.exportTargets {
            for importer in importers.takers(of: target) {
                let name = tenants[importer.vpn].name
                if let vtep = intents[gateways[gateway]]?.base.vtep, vpns[name]?.importTargets.contains(importer.target) ?? false,
                    vpns[name]?.externalOrigins.contains(where: { $0.vtep == vtep }) ?? false
                {
                    continue
                }
                add(
                    .foreignExport, .configuration, from: .foreign(vrf.name), to: .vpn(name), exported: target, imported: importer.target,
                    at: gateway, vrf: vrf)
            }
        }
        for case .vpn(let name) in vrf.importedVRFs {
            add(
                .copiedVRF, .configuration, from: .vpn(name), to: .foreign(vrf.name), exported: nil, imported: nil, at: gateway, vrf: vrf)
        }
    }
}
