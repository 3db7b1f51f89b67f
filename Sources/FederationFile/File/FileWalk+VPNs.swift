import FederationModel
import NetworkTypes

extension FileWalk {
    /// What VPNs are checked against, and what is checked when all of them are read.
    struct VPNContext {
        /// All clouds that the file names, and those of them that could be read.
        let declared: Set<CloudName>
        let clouds: [CloudName: Cloud]
        let vpns: Set<VPNName>
        let own: FederationAddresses
        /// The AS part of targets that the ledger allocates.
        let administrator: UInt16
        /// Which routers, networks and ports have been seen in which VPN.
        var attached: [Attached: (vpn: String, line: Int)] = [:]
        var shares: [SharedPrefix] = []
        /// VPNs with attachments in one cloud only.
        var lonely: [(vpn: VPNName, item: Item, cloud: CloudName)] = []
    }

    mutating func vpn(of item: Item, named name: VPNName, _ claims: inout Claims, _ context: inout VPNContext) -> VPN? {
        guard let fields = fields(of: item, .vpn) else { return nil }
        var vpn = VPN()
        if let item = fields["project"] { vpn.project = project(of: item) }
        if let item = fields["labels"] { vpn.labels = labels(of: item) ?? [:] }
        if let item = fields["vni"], let vni = value(of: item, as: VNI.self) {
            claims.claim(.vni, vni, for: item, in: &self)
            vpn.vni = vni
        }
        if let item = fields["rt"], let target = routeTarget(of: item) {
            claims.claim(.routeTarget, target, for: item, in: &self)
            vpn.routeTarget = target
        }
        if let item = fields["kind"], let kind = word(of: item, as: VPNKind.self) { vpn.kind = kind }
        let places = attachments(of: fields["attachments"], vpn: item, &vpn, &context)
        let scope = PolicyScope(vpn: name, members: vpn.clouds, context: context)
        if let policy = fields["policy"].map({ self.policy(of: $0, in: scope) }) ?? .fullMesh {
            vpn.policy = policy
            checkRoles(of: vpn, places, policy, at: fields["policy"] ?? item, vpn: item)
            if policy.pattern == .partialMesh, let item = fields["rt"] {
                report(
                    .warning, at: item.place, path: item.path, value: vpn.routeTarget?.description,
                    reason: "a partial mesh has a target for each cloud, and none for the whole VPN",
                    remedy: "leave it out: all of them are allocated")
            }
        }
        settings(of: fields, &vpn, claims, context)
        if let item = fields["shares"] { vpn.shares = shares(of: item, vpn: name, vpn.clouds, &context) }
        noteLonely(vpn, name, item, attached: places.count, &context)
        return vpn
    }

    /// All but who takes part and who reaches whom.
    private mutating func settings(of fields: [String: Item], _ vpn: inout VPN, _ claims: Claims, _ context: VPNContext) {
        if let item = fields["importTargets"] { vpn.importTargets = rawTargets(of: item, claims, context) }
        if let item = fields["exportTargets"] { vpn.exportTargets = rawTargets(of: item, claims, context) }
        if let item = fields["externalOrigins"] { vpn.externalOrigins = externalOrigins(of: item, context) }
        checkRawImports(vpn, fields)
        if let item = fields["filters"], let filters = self.fields(of: item, .filters) {
            if let item = filters["import"] { vpn.importFilter = rules(of: item) }
            if let item = filters["export"] { vpn.exportFilter = rules(of: item) }
        }
        if let item = fields["maximumPrefixes"] { vpn.maximumPrefixes = prefixCount(of: item) }
        if let item = fields["localPreference"] {
            vpn.localPreference = number(
                of: item, "local preference", in: 0...UInt32.max, remedy: "write it like 200, or leave it out for bgpd's own (100)")
        }
        if let item = fields["anycast"] {
            let reason = "every destination would be at many places"
            vpn.anycast = prefixes(of: item, example: "anycast: [10.53.0.53/32]", refusingDefault: reason, context.own)
        }
        if let item = fields["allowOverlap"] { vpn.allowsOverlap = flag(of: item) ?? false }
    }

    private mutating func project(of item: Item) -> String? {
        guard let project = text(of: item) else { return nil }
        // Keystone's column has room for 64.
        if project.unicodeScalars.count <= 64 { return project }
        report(
            at: item.place, path: item.path, value: project, reason: "an OpenStack project's name has 64 characters at most",
            remedy: "write its name or id as “openstack project list” prints it")
        return nil
    }

    // MARK: Route targets

    /// A target of this federation or of another fabric.
    mutating func routeTarget(of item: Item) -> RouteTarget? {
        guard let target = value(of: item, as: RouteTarget.self) else { return nil }
        switch target.number {
        case .as2(0, _), .as4(0, _):
            // bgpd keeps `*:N` as `0:N` and compares the number only.
            report(
                at: item.place, path: item.path, value: target.description,
                reason: "\(target) has AS 0, which FRR takes for a wildcard: it would leak tenants into each other",
                remedy: "write it like 64900:10001, or leave it out and one is allocated")
            return nil
        case .as4(...0xffff, _), .ipv4(IPv4Address(bits: 0)...IPv4Address(bits: 0xffff), _):
            report(
                at: item.place, path: item.path, value: target.description,
                reason: "bgpd reads \(target) as the IPv4 form of 0.0.x.y, and would not meet what other routers mean by it",
                remedy: "write the two-byte form like 64900:10001, or a four-byte AS over 65535")
            return nil
        default: return target
        }
    }

    /// Targets of somebody else's fabric.
    private mutating func rawTargets(of item: Item, _ claims: Claims, _ context: VPNContext) -> [RouteTarget] {
        distinct(of: item, example: "\(item.name): [\"65010:7\"]") { walk, element in
            guard let target = walk.routeTarget(of: element) else { return nil }
            if case .as2(context.administrator, _) = target.number, !claims.isReserved(.routeTarget, target) {
                walk.report(
                    .warning, at: element.place, path: element.path, value: target.description,
                    reason: "\(target) is one of the targets that are allocated to VPNs of this federation (\(context.administrator):…)",
                    remedy: "use “shares” to join VPNs of this federation; if it is another fabric's, put it under “reserved”")
            }
            return target
        } ?? []
    }

    // MARK: VPNs that join nothing

    /// - Parameter attached: How many attachments the file has, with those that could not be read.
    private mutating func noteLonely(_ vpn: VPN, _ name: VPNName, _ item: Item, attached: Int, _ context: inout VPNContext) {
        let joinsOthers = !vpn.shares.isEmpty || !vpn.importTargets.isEmpty || !vpn.exportTargets.isEmpty
        guard vpn.clouds.count == 1, vpn.attachments.count == attached, !joinsOthers, let only = vpn.clouds.first else { return }
        context.lonely.append((name, item, only))
    }

    /// When all shares are known: a VPN of one cloud may be there to get them.
    mutating func reportLonely(_ context: VPNContext) {
        let receivers = Set(context.shares.map(\.to))
        for (name, item, cloud) in context.lonely where !receivers.contains(name) {
            report(
                .warning, at: item.namePlace, path: item.path,
                reason: "\(item.name) has attachments in \(cloud) only, and joins it with nothing",
                remedy: "add an attachment of another cloud")
        }
    }
}
