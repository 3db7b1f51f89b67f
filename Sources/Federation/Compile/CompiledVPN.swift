import NetworkTypes

/// One VPN, compiled: all that the intents of its gateways are made of. A reference, so that what a change does not touch is
/// recognised without a look inside.
final class CompiledVPN: Sendable {
    struct Membership: Sendable {
        var site: CompiledSite
        var cloud: CloudName
        var attachments: [AttachmentIntent]
        var imports: [RouteTarget]
        var exports: [RouteTarget]
        var originated: [IPPrefix]
        var maximumPrefixes: Int?

        func isSame(as other: Membership) -> Bool {
            cloud == other.cloud && imports == other.imports && exports == other.exports && attachments == other.attachments
                && originated == other.originated && maximumPrefixes == other.maximumPrefixes
                && (site === other.site || site.gateways.elementsEqual(other.site.gateways, by: ==))
        }
    }

    let name: VPNName
    /// Those that traffic is sent in.
    let numbers: VRFNumbers
    /// Those of its other VRF, while its VNI changes.
    let beside: VRFNumbers?
    /// Those that the ledger was asked for, with its answers. Nil for the guests' one: the ledger is older than those are.
    let targets: [TargetOwner: RouteTarget?]
    let importFilter: [PrefixRule]
    let exportFilter: [PrefixRule]
    let localPreference: UInt32?
    /// By cloud.
    let memberships: [Membership]

    /// - Throws: Where the ledger has nothing for it.
    init(
        _ name: VPNName, _ vpn: VPN, in graph: FederationGraph, _ shares: IncomingShares, _ ledger: Ledger,
        _ sites: [CloudName: CompiledSite]
    ) throws(CompilationError) {
        self.name = name
        numbers = try ledger.sending(of: name).allocated("VNI and RD index", name)
        beside = ledger.beside(of: name)
        var targets: [TargetOwner: RouteTarget?] = [:]
        for owner in graph.targetOwners(of: name, shares) {
            let target = ledger.routeTarget(of: owner)
            targets[owner] = .some(owner == .guests(name) ? target : try target.allocated("route target", owner))
        }
        self.targets = targets
        importFilter = vpn.importFilter
        exportFilter = vpn.exportFilter
        localPreference = vpn.localPreference
        let members = Member.members(of: name, in: graph, shares)
        let policy = PolicyTargets(name, vpn, in: graph.clouds, guests: targets[.guests(name)] ?? nil) { (owner) throws(CompilationError) in
            try (targets[owner] ?? nil).allocated("route target", owner)
        }
        let transit = Set(vpn.policy.transit).sorted()
        var memberships: [Membership] = []
        memberships.reserveCapacity(members.count)
        for (member, entry) in zip(members, try policy.entries(members)) {
            guard let site = sites[member.cloud] else { continue }
            memberships.append(
                Membership(
                    site: site, cloud: member.cloud, attachments: member.attachments, imports: entry.imports, exports: entry.exports,
                    originated: member.role == .hub ? transit : [],
                    maximumPrefixes: vpn.maximumPrefixes ?? site.prefixesPerVPN))
        }
        self.memberships = memberships
    }

    var entries: [TargetTable.Entry] {
        memberships.map { TargetTable.Entry(cloud: $0.cloud, imports: $0.imports, exports: $0.exports) }
    }

    /// What the ledger has for it is what it was compiled with.
    func agrees(with ledger: Ledger) -> Bool {
        ledger.sending(of: name) == numbers && ledger.beside(of: name) == beside
            && targets.allSatisfy { ledger.routeTarget(of: $0.key) == $0.value }
    }

    /// Compiled to the same intents.
    func isSame(as other: CompiledVPN) -> Bool {
        numbers == other.numbers && beside == other.beside && importFilter == other.importFilter && exportFilter == other.exportFilter
            && localPreference == other.localPreference && memberships.elementsEqual(other.memberships) { $0.isSame(as: $1) }
    }

    /// The intents of one cloud's gateways, in the order of the site.
    func intents(of membership: Membership) -> [VPNIntent] {
        var versions = VPNIntent.VersionWriter(name, numbers.vni)
        var intents: [VPNIntent] = []
        intents.reserveCapacity(membership.site.gateways.count)
        for gateway in membership.site.gateways {
            var intent = VPNIntent(
                version: "", name: name, vni: numbers.vni, routeDistinguisher: numbers.routeDistinguisher(behind: gateway.vtep),
                importTargets: membership.imports, exportTargets: membership.exports, attachments: membership.attachments,
                originated: membership.originated, importFilter: importFilter, exportFilter: exportFilter,
                maximumPrefixes: membership.maximumPrefixes, localPreference: localPreference,
                beside: beside.map { VNIBinding(vni: $0.vni, routeDistinguisher: $0.routeDistinguisher(behind: gateway.vtep)) })
            if intents.isEmpty { versions.remember(intent) }
            intent.version = versions.version(of: intent)
            intents.append(intent)
        }
        return intents
    }
}

extension VRFNumbers {
    /// RFC 4364, type 1.
    fileprivate func routeDistinguisher(behind vtep: IPv4Address) -> RouteDistinguisher { RouteDistinguisher(.ipv4(vtep, index.value)) }
}
