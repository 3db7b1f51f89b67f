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
    /// VPNs that are asked for; nil: all.
    let selection: Set<VPNName>?
    let now: Int64
    /// Sorted, and the intent of each.
    let gateways: [GatewayID]
    let gatewayIntents: [GatewayIntent]
    var tenants: [Tenant] = []
    var numbers: [VPNName: Int] = [:]
    var exporters = TargetIndex()
    var importers = TargetIndex()
    /// Who has which distinguisher by intent. Only where there are reports: routes ask for it.
    var owners: [RouteDistinguisher: Owner] = [:]
    var gatewaysByVTEP: [UInt32: Int] = [:]
    /// Which gateway has which VPN, both numbers in one.
    var memberships: Set<UInt64> = []
    /// VPNs that import another’s target by intent.
    var leakyImporters: Set<Int> = []
    var strayImports: [Stray] = []
    var strayExports: [Stray] = []
    var foreignVRFs: [(vrf: ForeignVRF, gateway: Int)] = []
    var gaps: [IsolationGap] = []
    /// VPNs on gateways, as `membership` has them, with a gap because of a route.
    var unexplained: Set<UInt64> = []
    var seenGateways = 0
    var witnesses = WitnessCollection()

    init(
        intents: [GatewayID: GatewayIntent], vpns: [VPNName: VPN], observations: [GatewayID: GatewayObservation],
        of selection: Set<VPNName>?, now: Int64
    ) {
        self.intents = intents
        self.vpns = vpns
        self.observations = observations
        self.selection = selection
        self.now = now
        let sorted = intents.sorted { $0.key < $1.key }
        gateways = sorted.map(\.key)
        gatewayIntents = sorted.map(\.value)
        gatewaysByVTEP.reserveCapacity(gateways.count)
        let places = gatewayIntents.reduce(0) { $0 + $1.vpns.count }
        memberships.reserveCapacity(places)
        if !observations.isEmpty { owners.reserveCapacity(places) }
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
        for (gateway, intent) in gatewayIntents.enumerated() {
            gatewaysByVTEP[intent.base.vtep.bits] = gateway
            for (name, vpn) in intent.vpns {
                let number = number(of: name)
                memberships.insert(Self.membership(number, gateway))
                if !observations.isEmpty {
                    let owner = Owner(vpn: number, gateway: gateway)
                    owners[vpn.routeDistinguisher] = owner
                    if let other = vpn.secondary { owners[other.routeDistinguisher] = owner }
                }
                register(number, gateway, vpn.importTargets, vpn.exportTargets)
                if let other = vpn.secondary { register(number, gateway, other.importTargets, other.exportTargets) }
            }
        }
        for (target, holdings) in exporters.holdings {
            let takers = importers.takers(of: target)
            guard takers.contains(where: { $0.vpn != holdings[0].vpn }) || holdings.count > 1 && !takers.isEmpty else { continue }
            leakyImporters.formUnion(takers.map(\.vpn))
            let wanted = selection == nil ? takers : takers.filter { isWanted(tenants[$0.vpn].name) }
            let (all, some) = (Set(takers.map(\.vpn)), Set(wanted.map(\.vpn)))
            for exporter in holdings {
                let isWanted = isWanted(tenants[exporter.vpn].name)
                guard !witnesses.isFull else {
                    let importing = isWanted ? all : some
                    witnesses.omit(importing.count - (importing.contains(exporter.vpn) ? 1 : 0))
                    continue
                }
                for importer in isWanted ? takers : wanted where importer.vpn != exporter.vpn { intentBreach(exporter, importer) }
            }
        }
    }

    static func membership(_ vpn: Int, _ gateway: Int) -> UInt64 { UInt64(vpn) << 32 | UInt64(gateway) }

    private mutating func register(_ vpn: Int, _ gateway: Int, _ imports: [RouteTarget], _ exports: [RouteTarget]) {
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
        var strays = TargetIndex()
        for stray in strayImports { strays.add(.init(vpn: stray.vpn, gateway: stray.gateway, target: stray.target)) }
        for (vrf, gateway) in foreignVRFs { compare(vrf, at: gateway, others: &others, strays) }
    }

    private func breach(of stray: Stray) -> IsolationBreach {
        let asn = gatewayIntents[stray.gateway].base.asn
        if stray.target == .any(stray.vni.value) || stray.target == RouteTarget(automaticFor: stray.vni, in: asn) {
            return .automaticTarget
        }
        return stray.target.isWildcard ? .wildcardTarget : .extraTarget
    }

    /// What a raw target of the file invites is no leak: who exports one asks others to import it.
    private mutating func compare(_ vrf: ForeignVRF, at gateway: Int, others: inout TargetIndex, _ strays: TargetIndex) {
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
                let vtep = gatewayIntents[gateway].base.vtep
                if vpns[name]?.importTargets.contains(importer.target) ?? false,
                    vpns[name]?.externalOrigins.contains(where: { $0.vtep == vtep }) ?? false
                {
                    continue
                }
                add(
                    .foreignExport, .configuration, from: .foreign(vrf.name), to: .vpn(name), exported: target, imported: importer.target,
                    at: gateway, vrf: vrf)
            }
            for importer in strays.takers(of: target) {
                add(
                    .foreignExport, .configuration, from: .foreign(vrf.name), to: .vpn(tenants[importer.vpn].name), exported: target,
                    imported: importer.target, at: gateway, vrf: vrf, strayAt: importer.gateway)
            }
        }
        for case .vpn(let name) in vrf.importedVRFs {
            add(
                .copiedVRF, .configuration, from: .vpn(name), to: .foreign(vrf.name), exported: nil, imported: nil, at: gateway, vrf: vrf)
        }
    }
}
