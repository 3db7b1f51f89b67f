import FederationModel
import NetworkTypes

/// A compiled VPN: everything for the intents of its gateways. A reference type, so that unchanged VPNs are
/// recognised without comparing their contents.
final class CompiledVPN: Sendable {
    struct Membership: Sendable {
        var site: CompiledSite
        var cloud: CloudName
        var attachments: [AttachmentIntent]
        var imports: [RouteTarget]
        var exports: [RouteTarget]
        /// Those of the secondary VRF, while the VNI changes.
        var secondary: TargetTable.Entry?
        var originated: [IPPrefix]
        var maximumPrefixes: Int?
        var maximumLearned: Int?
        var maximumLearnedPerOrigin: Int?
        var admitted: AdmittedOrigins
        var rights: [OriginRight]?
        /// The VTEPs from which it accepts tunnels; empty if its cloud does not filter.
        var tunnelSources: [IPv4Address]

        func isSame(as other: Membership) -> Bool {
            cloud == other.cloud && imports == other.imports && exports == other.exports && secondary == other.secondary
                && admitted.isSame(as: other.admitted) && rights == other.rights && tunnelSources == other.tunnelSources
                && attachments == other.attachments && originated == other.originated && maximumPrefixes == other.maximumPrefixes
                && maximumLearned == other.maximumLearned && maximumLearnedPerOrigin == other.maximumLearnedPerOrigin
                && (site === other.site || site.gateways.elementsEqual(other.site.gateways, by: ==))
        }
    }

    let name: VPNName
    let kind: VPNKind
    /// The numbers that traffic is sent with.
    let numbers: VRFNumbers
    /// The numbers of its secondary VRF, while its VNI changes.
    let secondary: VRFNumbers?
    /// With `secondary`: of `VNIChange`.
    let vniStep: UInt64?
    /// The requested targets with the ledger's answers. Nil for the guests' target in a ledger older than guests' targets.
    let targets: [TargetOwner: RouteTarget?]
    /// Those of the secondary VRF.
    let secondaryTargets: [TargetOwner: RouteTarget?]
    let importFilter: [PrefixRule]
    let exportFilter: [PrefixRule]
    let localPreference: UInt32?
    let mtu: Int?
    /// By cloud.
    let memberships: [Membership]

    /// - Throws: If the ledger has no value for it.
    init(
        _ name: VPNName, _ vpn: VPN, in graph: FederationGraph, _ shares: IncomingShares, _ ledger: Ledger,
        _ sites: [CloudName: CompiledSite]
    ) throws(CompilationError) {
        self.name = name
        kind = vpn.kind
        let owners = graph.targetOwners(of: name, shares)
        func targets(in numbers: VRFNumbers) throws(CompilationError) -> [TargetOwner: RouteTarget?] {
            var targets: [TargetOwner: RouteTarget?] = [:]
            for owner in owners {
                let target = ledger.routeTarget(of: owner, in: numbers)
                targets[owner] = .some(owner == .guests(name) ? target : try target.allocated("route target", owner))
            }
            return targets
        }
        numbers = try ledger.sending(of: name).allocated("VNI and RD index", name)
        secondary = ledger.secondary(of: name)
        vniStep = ledger.vniChanges[name]?.step
        self.targets = try targets(in: numbers)
        if let secondary { secondaryTargets = try targets(in: secondary) } else { secondaryTargets = [:] }
        importFilter = vpn.importFilter
        exportFilter = vpn.exportFilter
        localPreference = vpn.localPreference
        mtu = vpn.mtu
        let members = Member.members(of: name, in: graph, shares)
        func entries(_ targets: [TargetOwner: RouteTarget?]) throws(CompilationError) -> [TargetTable.Entry] {
            let policy = PolicyTargets(name, vpn, in: graph.clouds, guests: targets[.guests(name)] ?? nil) {
                (owner) throws(CompilationError) in
                try (targets[owner] ?? nil).allocated("route target", owner)
            }
            return try policy.entries(members)
        }
        let others: [TargetTable.Entry]? = if secondary == nil { nil } else { try entries(secondaryTargets) }
        let transit = Set(vpn.policy.transit).sorted()
        // In ledgers of older releases, where guests were like members, guests reach each other until the next change.
        let guestsMeet = owners.contains(.guests(name)) && (self.targets[.guests(name)] ?? nil) == nil
        var memberships: [Membership] = []
        memberships.reserveCapacity(members.count)
        let own = try entries(self.targets)
        // While the VNI changes, both VRFs have the same members.
        func both(_ number: Int, _ path: KeyPath<TargetTable.Entry, [RouteTarget]>) -> [RouteTarget] {
            others.map { own[number][keyPath: path] + $0[number][keyPath: path] } ?? own[number][keyPath: path]
        }
        let transitHasDefault = transit.contains { $0.length == 0 }
        var admission = Admission(
            members.enumerated().map { number, member in
                var origins = sites[member.cloud]?.origins ?? []
                if transitHasDefault, member.role == .hub { for index in origins.indices { origins[index].originatesDefault = true } }
                return (origins, both(number, \.exports))
            }, external: vpn.externalOrigins)
        var rights = OriginRights(members, vpn)
        let sources = Self.tunnelSources(members, vpn, sites)
        for (number, (member, entry)) in zip(members, own).enumerated() {
            guard let site = sites[member.cloud] else { continue }
            let admitted = admission.origins(importing: both(number, \.imports))
            memberships.append(
                Membership(
                    site: site, cloud: member.cloud, attachments: guestsMeet ? member.attachments.refusingNothing : member.attachments,
                    imports: entry.imports, exports: entry.exports, secondary: others?[number],
                    originated: member.role == .hub ? transit : [],
                    maximumPrefixes: vpn.maximumPrefixes ?? site.limits.prefixesPerVPN,
                    maximumLearned: vpn.maximumLearned ?? site.limits.learnedPerVPN,
                    maximumLearnedPerOrigin: vpn.maximumLearnedPerOrigin ?? site.limits.learnedPerOrigin,
                    admitted: admitted, rights: rights.rights(of: admitted), tunnelSources: site.filtersVXLAN ? sources : []))
        }
        self.memberships = memberships
    }

    /// The allowed tunnel sources of the VPN: all participants, whether they export or not, and external origins.
    private static func tunnelSources(_ members: [Member], _ vpn: VPN, _ sites: [CloudName: CompiledSite]) -> [IPv4Address] {
        let sites = members.compactMap { sites[$0.cloud] }
        guard sites.contains(where: \.filtersVXLAN) else { return [] }
        return Set(sites.flatMap { $0.gateways.map(\.vtep) } + vpn.externalOrigins.map(\.vtep)).sorted()
    }

    var entries: [TargetTable.Entry] {
        memberships.map { membership in
            guard let secondary = membership.secondary else {
                return TargetTable.Entry(cloud: membership.cloud, imports: membership.imports, exports: membership.exports)
            }
            return TargetTable.Entry(
                cloud: membership.cloud, imports: Set(membership.imports + secondary.imports).sorted(),
                exports: Set(membership.exports + secondary.exports).sorted())
        }
    }

    /// Whether the ledger still holds the values that it was compiled from.
    func agrees(with ledger: Ledger) -> Bool {
        ledger.sending(of: name) == numbers && ledger.secondary(of: name) == secondary && ledger.vniChanges[name]?.step == vniStep
            && targets.allSatisfy { ledger.routeTarget(of: $0.key, in: numbers) == $0.value }
            && secondaryTargets.allSatisfy { owner, target in secondary.flatMap { ledger.routeTarget(of: owner, in: $0) } == target }
    }

    /// Whether both compile to the same intents.
    func isSame(as other: CompiledVPN) -> Bool {
        // The targets of numbers are in the memberships.
        kind == other.kind && numbers.vni == other.numbers.vni && numbers.index == other.numbers.index
            && secondary?.vni == other.secondary?.vni
            && secondary?.index == other.secondary?.index && vniStep == other.vniStep && importFilter == other.importFilter
            && exportFilter == other.exportFilter && localPreference == other.localPreference && mtu == other.mtu
            && memberships.elementsEqual(other.memberships) { $0.isSame(as: $1) }
    }

    /// The intents of one cloud's gateways, in the order of the site.
    func intents(of membership: Membership) -> [VPNIntent] {
        var versions: VPNIntent.VersionWriter?
        var intents: [VPNIntent] = []
        intents.reserveCapacity(membership.site.gateways.count)
        for gateway in membership.site.gateways {
            var intent = VPNIntent(
                version: "", name: name, kind: kind, encapsulation: .vxlan(numbers.vni),
                routeDistinguisher: numbers.routeDistinguisher(behind: gateway.vtep),
                importTargets: membership.imports, exportTargets: membership.exports, attachments: membership.attachments,
                originated: membership.originated, importFilter: importFilter, exportFilter: exportFilter,
                origins: membership.admitted.origins, rights: membership.rights, tunnelSources: membership.tunnelSources,
                maximumPrefixes: membership.maximumPrefixes,
                maximumLearned: membership.maximumLearned, maximumLearnedPerOrigin: membership.maximumLearnedPerOrigin,
                localPreference: localPreference, mtu: mtu,
                secondary: secondary.map { numbers in
                    Binding(
                        encapsulation: .vxlan(numbers.vni), routeDistinguisher: numbers.routeDistinguisher(behind: gateway.vtep),
                        importTargets: membership.secondary?.imports ?? [], exportTargets: membership.secondary?.exports ?? [])
                }, vniStep: vniStep)
            let writer = versions ?? VPNIntent.VersionWriter(intent, origins: membership.admitted.digest)
            versions = writer
            intent.version = writer.version(of: intent)
            intents.append(intent)
        }
        return intents
    }
}

extension [AttachmentIntent] {
    fileprivate var refusingNothing: Self {
        map { attachment in
            var attachment = attachment
            attachment.refused = []
            return attachment
        }
    }
}

extension VRFNumbers {
    /// RFC 4364, type 1.
    fileprivate func routeDistinguisher(behind vtep: IPv4Address) -> RouteDistinguisher { RouteDistinguisher(.ipv4(vtep, index.value)) }
}
