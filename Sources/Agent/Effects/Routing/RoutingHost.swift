import EVPN
import FRR
import FederationModel
import Logging
import NetworkTypes
import VTY

/// bgpd and zebra of this node, over their vty sockets: looks at what concerns us and carries out the steps that change it.
///
/// An actor, because two configuration sessions on one daemon do not exclude each other.
actor RoutingHost {
    struct Failure: Error, CustomStringConvertible {
        let rejections: [VTYRejection]
        var description: String { "FRR refused \(VTYRejection.summary(rejections))" }
    }

    private let bgpd: VTYClient
    private let zebra: VTYClient
    private let log: Logger
    /// As last looked at, with what was configured since: what changes are computed from.
    private var instances: [String: VRFStanza] = [:]
    /// Neighbours of the default instance that we made since the start: one that did not come to join our group is still ours.
    private var claimed: Set<IPAddress> = []
    private var wasReachable = false

    init(directory: String, log: Logger) {
        bgpd = VTYClient(path: directory + "/bgpd.vty", logger: log)
        zebra = VTYClient(path: directory + "/zebra.vty", logger: log)
        self.log = log
    }

    /// Configuration lines since the start.
    var writes: UInt64 {
        get async { UInt64(await bgpd.configurationLinesWritten) + UInt64(await zebra.configurationLinesWritten) }
    }

    /// Whether both connections stand.
    var isReachable: Bool {
        get async {
            let (bgpd, zebra) = (await bgpd.isConnected, await zebra.isConnected)
            return bgpd && zebra
        }
    }

    /// Nil while one of the daemons cannot be asked.
    /// - Parameter wanted: BGP without VRFs, as it shall be.
    func look(intent: GatewayIntent, wanted: BaseRouting) async -> ObservedRouting? {
        do {
            let observed = try await read(intent, EVPNBaseStanza(wanted), wanted)
            if !wasReachable { log.notice("bgpd and zebra can be asked") }
            wasReachable = true
            return observed
        } catch {
            if wasReachable { log.warning("bgpd or zebra cannot be asked; nothing is changed meanwhile", metadata: ["reason": "\(error)"]) }
            wasReachable = false
            return nil
        }
    }

    private func read(_ intent: GatewayIntent, _ stanza: EVPNBaseStanza, _ wanted: BaseRouting) async throws -> ObservedRouting {
        for client in [bgpd, zebra] where await !client.isConnected { try await client.connect() }
        var observed = ObservedRouting()
        let running = RunningConfiguration(parsing: try await bgpd.show("show running-config"))
        observed.asn = running.defaultASN
        // Of another AS nothing is read: nothing may be changed in it either.
        if let base = try? EVPNBaseStanza.parse(running, asn: stanza.asn, claimed: claimed) {
            // What the architect knows of the base is whether it is as intended: the rest is the operator's.
            if try EVPNBaseStanza.changes(from: base, to: stanza).isEmpty { observed.base = wanted }
            observed.takenPeers = Set(
                stanza.conflicts(beside: base).compactMap { if case .neighbourTaken(let address) = $0 { address } else { nil } })
        }
        instances = [:]
        for name in Set(running.bgpVRFs.map(\.name)) where LocalNames.index(ofVRF: name) != nil {
            guard let stanza = VRFStanza.parse(running, vrf: name, asn: intent.base.asn) else { continue }
            instances[name] = stanza
            observed.vrfs[name] = VRFRouting(stanza, routerID: intent.base.vtep)
        }
        let configuration = RunningConfiguration(parsing: try await zebra.show("show running-config"))
        for section in configuration.sections {
            let words = section.header.split(separator: " ")
            guard words.count == 2, words[0] == "vrf", LocalNames.index(ofVRF: String(words[1])) != nil else { continue }
            observed.vniBindings[String(words[1])] = ZebraVRFStanza.parse(configuration, vrf: String(words[1]))?.vni
        }
        if let vnis = try await bgpd.showDefaultInstance("show bgp l2vpn evpn vni json") {
            for entry in try BGPVNI.decode(vnis).values where entry.kind == .l3 { observed.vnis[entry.vni] = EffectiveTargets(entry) }
        }
        for entry in try ZebraInterface.decode(await zebra.show("show interface vrf all json")).values
        where LocalNames.isOurs(entry.name) && entry.isAdministrativelyUp {
            observed.devices[entry.name] = entry.vrf
        }
        return observed
    }

    func carryOut(_ step: Step) async throws {
        switch step {
        case .configureBase(_, let to):
            try await configureBase(EVPNBaseStanza(to))
        case .configureVRF(let from, let to):
            guard let wanted = VRFStanza(to) else { return }
            var running = instances[to.vrf]
            if var inForce = running, let from, inForce.importTargets != from.importTargets || inForce.exportTargets != from.exportTargets {
                // Configured, but not in force (FRR #17342): saying it again does nothing, so take it away first.
                inForce.importTargets = from.importTargets
                inForce.exportTargets = from.exportTargets
                try await configure(bgpd, VRFStanza.changes(from: running, to: inForce))
                running = inForce
            }
            try await configure(bgpd, VRFStanza.changes(from: running, to: wanted))
            instances[to.vrf] = wanted
        case .removeVRF(let instance):
            try await configure(bgpd, VRFStanza.changes(from: instances[instance.vrf], to: nil))
            instances[instance.vrf] = nil
        case .announceRoutes(let vrf):
            guard let stanza = instances[vrf] else { return }
            try await configure(bgpd, stanza.reannouncement)
        case .bindVNI(let vrf, let vni):
            try await configure(zebra, ZebraVRFStanza.changes(from: nil, to: ZebraVRFStanza(vrf: vrf, vni: vni)))
        case .unbindVNI(let vrf, let vni):
            try await configure(zebra, ZebraVRFStanza.changes(from: ZebraVRFStanza(vrf: vrf, vni: vni), to: nil))
        default: break
        }
    }

    /// Looks once more before it writes: the operator may have been at work since, in the same instance.
    private func configureBase(_ wanted: EVPNBaseStanza) async throws {
        let running = RunningConfiguration(parsing: try await bgpd.show("show running-config"))
        let base = try EVPNBaseStanza.parse(running, asn: wanted.asn, claimed: claimed)
        let lines = try EVPNBaseStanza.changes(from: base, to: wanted)
        claimed = Set(wanted.peers.map(\.address)).subtracting(running.neighbours).union(claimed.intersection(wanted.peers.map(\.address)))
        try await configure(bgpd, lines)
    }

    private func configure(_ daemon: VTYClient, _ lines: [String]) async throws {
        guard !lines.isEmpty else { return }
        let rejections = try await daemon.configure(lines)
        guard rejections.isEmpty else { throw Failure(rejections: rejections) }
    }
}

extension EVPNBaseStanza {
    /// A peer that comes back is to be met within a second: the routes of a whole cloud wait for it.
    private static let timers = BGPTimers(keepalive: 3, hold: 9, connectRetry: 1)

    fileprivate init(_ base: BaseRouting) {
        self.init(
            asn: base.asn, routerID: base.routerID, vtep: .v4(base.routerID),
            peers: Set(base.peers.map { FRRPeer(address: $0.address, asn: $0.asn, description: $0.name) }), timers: Self.timers,
            preferences: Set(base.preferences.compactMap(RoutePreference.init)))
    }
}

extension RoutePreference {
    /// Nil for a number that no route-map has room for: that VPN goes without.
    fileprivate init?(_ preference: VPNPreference) {
        guard let sequence = UInt16(exactly: preference.index), sequence < EVPNBaseStanza.lastEntry else { return nil }
        self.init(
            name: LocalNames(index: preference.index).vrf, sequence: sequence, targets: preference.targets,
            localPreference: preference.localPreference)
    }
}

extension VRFRouting {
    fileprivate init(_ stanza: VRFStanza, routerID: IPv4Address) {
        self.init(
            asn: stanza.asn, vrf: stanza.vrf, routerID: stanza.routerID ?? routerID, routeDistinguisher: stanza.distinguisher,
            importTargets: stanza.importTargets, exportTargets: stanza.exportTargets, networks: stanza.networks,
            advertisable: stanza.advertisedSubnets, originated: stanza.advertisedPrefixes, isDraining: stanza.isDraining,
            installed: stanza.installed.mapValues(InstallRules.init),
            foreign: stanza.foreign.map(\.text).sorted() + stanza.absent.map { "missing: \($0.text)" }.sorted())
    }
}

extension VRFStanza {
    fileprivate init?(_ routing: VRFRouting) {
        guard let distinguisher = routing.routeDistinguisher else { return nil }
        self.init(
            asn: routing.asn, vrf: routing.vrf, routerID: routing.routerID, distinguisher: distinguisher,
            importTargets: routing.importTargets, exportTargets: routing.exportTargets, networks: routing.networks,
            advertisedSubnets: routing.advertisable, advertisedPrefixes: routing.originated, isDraining: routing.isDraining,
            installed: routing.installed.mapValues(InstallContent.init))
    }
}

extension InstallRules {
    fileprivate init(_ content: InstallContent) {
        self.init(
            rules: content.entries.compactMap { PrefixRule(canonical: $0.permits ? .permit : .deny, $0.prefix, lengths: $0.lengths) },
            nextHops: content.nextHops, defaultNextHops: content.defaultNextHops)
    }
}

extension InstallContent {
    fileprivate init(_ rules: InstallRules) {
        self.init(entries: rules.rules.compactMap(PrefixListEntry.init), nextHops: rules.nextHops, defaultNextHops: rules.defaultNextHops)
    }
}

extension PrefixListEntry {
    /// Nil for a rule that nothing can match.
    fileprivate init?(_ rule: PrefixRule) {
        self.init(permits: rule.action == .permit, prefix: rule.prefix, lengths: rule.lengths)
    }
}

extension EffectiveTargets {
    fileprivate init(_ entry: BGPVNI) {
        // A target that is none of ours (a wildcard) counts as if nothing were right: it is said again, whole.
        func targets(_ shown: ShownRouteTargets, placeholder: RouteTarget) -> Set<RouteTarget> {
            shown.others.isEmpty ? shown.targets.subtracting([placeholder]) : []
        }
        self.init(
            routeDistinguisher: entry.distinguisher,
            importTargets: targets(entry.importTargets, placeholder: VRFStanza.importsNothing),
            exportTargets: targets(entry.exportTargets, placeholder: VRFStanza.exportsNothing), routerMAC: entry.routerMAC)
    }
}
