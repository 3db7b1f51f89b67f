import FederationModel
import NetworkTypes

extension FileWalk {
    /// Facts that VPNs are checked against, and checks that wait until all VPNs are read.
    struct VPNContext {
        /// All clouds named in the file, and those that could be read.
        let declared: Set<CloudName>
        let clouds: [CloudName: Cloud]
        let vpns: Set<VPNName>
        let own: FederationAddresses
        /// The AS part of allocated targets.
        let administrator: UInt16
        /// Routers, networks and ports seen so far, with their VPN.
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
        let places = attachments(of: fields, vpn: item, named: name, &vpn, &context)
        let scope = PolicyScope(vpn: name, members: vpn.clouds, context: context)
        if let policy = fields["policy"].map({ self.policy(of: $0, in: scope) }) ?? .fullMesh {
            vpn.policy = policy
            checkRoles(of: vpn, places, policy, at: fields["policy"] ?? item, vpn: item)
            if policy.pattern == .partialMesh, let item = fields["rt"] {
                report(
                    .warning, at: item.place, path: item.path, value: vpn.routeTarget?.description,
                    reason: "“rt” is not allowed in a partial mesh: each cloud has its own target",
                    remedy: "remove it: the targets are allocated")
            }
        }
        settings(of: fields, &vpn, claims, context)
        if let item = fields["shares"] { vpn.shares = shares(of: item, vpn: name, vpn.clouds, &context) }
        noteLonely(vpn, name, item, attached: places.count, &context)
        return vpn
    }

    /// Everything except attachments and policy.
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
        if let item = fields["maximumLearned"] { vpn.maximumLearned = prefixCount(of: item, omitted: "the limits of the clouds") }
        if let item = fields["maximumLearnedPerOrigin"] {
            vpn.maximumLearnedPerOrigin = prefixCount(of: item, omitted: "the limits of the clouds")
        }
        warnIfVain(fields["maximumLearnedPerOrigin"], vpn.maximumLearnedPerOrigin, above: "maximumLearned", vpn.maximumLearned)
        if let item = fields["localPreference"] {
            vpn.localPreference = number(
                of: item, "local preference", in: 0...UInt32.max, remedy: "write it like 200, or omit it for bgpd's default (100)")
        }
        if let item = fields["mtu"] {
            let range = UInt32(VPN.mtuRange.lowerBound)...UInt32(VPN.mtuRange.upperBound)
            vpn.mtu = number(
                of: item, "MTU", in: range,
                remedy: "write the largest packet between clouds in bytes, or omit it for what each underlay carries"
            ).map(Int.init)
        }
        if let item = fields["anycast"] {
            let reason = "every destination would be anycast"
            vpn.anycast = prefixes(of: item, example: "anycast: [10.53.0.53/32]", refusingDefault: reason, context.own)
        }
        if let item = fields["allowOverlap"] { vpn.allowsOverlap = flag(of: item) ?? false }
    }

    private mutating func project(of item: Item) -> String? {
        guard let project = text(of: item) else { return nil }
        // Keystone's column holds 64 characters.
        if project.unicodeScalars.count <= 64 { return project }
        report(
            at: item.place, path: item.path, value: project, reason: "invalid OpenStack project: must be at most 64 characters",
            remedy: "write its name or id as “openstack project list” prints it")
        return nil
    }

    // MARK: Route targets

    /// A target of this federation or of another fabric.
    mutating func routeTarget(of item: Item) -> RouteTarget? {
        guard let target = value(of: item, as: RouteTarget.self) else { return nil }
        switch target.number {
        case .as2(0, _), .as4(0, _):
            // bgpd stores `*:N` as `0:N` and then compares only the number.
            report(
                at: item.place, path: item.path, value: target.description,
                reason: "invalid route target \(target): FRR reads AS 0 as a wildcard, which would leak routes between tenants",
                remedy: "write it like 64900:10001, or omit it to have one allocated")
            return nil
        case .as4(...0xffff, _), .ipv4(IPv4Address(bits: 0)...IPv4Address(bits: 0xffff), _):
            report(
                at: item.place, path: item.path, value: target.description,
                reason: "invalid route target \(target): bgpd reads it as the IPv4 form 0.0.x.y, other routers do not",
                remedy: "write the two-byte form like 64900:10001, or a four-byte AS above 65535")
            return nil
        default: return target
        }
    }

    /// Targets of another fabric.
    private mutating func rawTargets(of item: Item, _ claims: Claims, _ context: VPNContext) -> [RouteTarget] {
        distinct(of: item, example: "\(item.name): [\"65010:7\"]") { walk, element in
            guard let target = walk.routeTarget(of: element) else { return nil }
            if case .as2(context.administrator, _) = target.number, !claims.isReserved(.routeTarget, target) {
                walk.report(
                    .warning, at: element.place, path: element.path, value: target.description,
                    reason: "\(target) is in the pool for VPNs of this federation (\(context.administrator):…)",
                    remedy: "use “shares” to connect VPNs of this federation; if another fabric uses it, add it to “reserved”")
            }
            return target
        } ?? []
    }

    // MARK: VPNs that connect nothing

    /// - Parameter attached: Number of attachments in the file, including unreadable ones.
    private mutating func noteLonely(_ vpn: VPN, _ name: VPNName, _ item: Item, attached: Int, _ context: inout VPNContext) {
        let joinsOthers = !vpn.shares.isEmpty || !vpn.importTargets.isEmpty || !vpn.exportTargets.isEmpty
        guard vpn.clouds.count == 1, vpn.attachments.count == attached, !joinsOthers, let only = vpn.clouds.first else { return }
        context.lonely.append((name, item, only))
    }

    /// Called when all shares are known: a VPN in one cloud may exist to receive them.
    mutating func reportLonely(_ context: VPNContext) {
        let receivers = Set(context.shares.map(\.to))
        for (name, item, cloud) in context.lonely where !receivers.contains(name) {
            report(
                .warning, at: item.namePlace, path: item.path,
                reason: "VPN \(item.name) has attachments in one cloud only (\(cloud))",
                remedy: "add an attachment of another cloud")
        }
    }
}
