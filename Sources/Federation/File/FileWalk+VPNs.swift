import NetworkTypes

extension FileWalk {
    /// Which clouds there are, and which of their routers and networks have been seen in which VPN.
    struct Membership {
        let clouds: Set<CloudName>
        var first: [Attachment: (vpn: String, line: Int)] = [:]
    }

    mutating func vpn(of item: Item, _ claims: inout Claims, _ membership: inout Membership) -> VPN? {
        guard let fields = fields(of: item, .vpn) else { return nil }
        var vpn = VPN()
        if let item = fields["vni"], let vni = value(of: item, as: VNI.self) {
            claims.claim(.vni, vni, for: item, in: &self)
            vpn.vni = vni
        }
        if let item = fields["rt"], let target = routeTarget(of: item) {
            claims.claim(.routeTarget, target, for: item, in: &self)
            vpn.routeTarget = target
        }
        if let item = fields["kind"], let kind = word(of: item, as: VPNKind.self) { vpn.kind = kind }
        if let item = fields["policy"], word(of: item, as: VPNPolicy.Pattern.self) == .fullMesh { vpn.policy = .fullMesh }
        let example = "attachments: [{cloud: paris, router: blue-router}]"
        let elements = fields["attachments"].map { self.elements(of: $0, example: example) } ?? []
        guard let elements else { return vpn }
        for element in elements {
            guard let attachment = attachment(of: element, &membership, vpn: item) else { continue }
            vpn.attachments.append(attachment)
        }
        if elements.isEmpty {
            report(.warning, at: item.namePlace, path: item.path, reason: "nothing is attached to \(item.name)", remedy: "add “\(example)”")
        } else if vpn.clouds.count == 1, vpn.attachments.count == elements.count, let only = vpn.clouds.first {
            report(
                .warning, at: item.namePlace, path: item.path,
                reason: "\(item.name) has attachments in \(only) only, and joins it with nothing",
                remedy: "add an attachment of another cloud")
        }
        return vpn
    }

    private mutating func routeTarget(of item: Item) -> RouteTarget? {
        guard let target = value(of: item, as: RouteTarget.self) else { return nil }
        switch target.number {
        case .as2(0, _), .as4(0, _):
            // bgpd keeps `*:N` as `0:N` and compares the number only.
            report(
                at: item.place, path: item.path, value: target.description,
                reason: "\(target) has AS 0, which FRR takes for a wildcard: it would leak tenants into each other",
                remedy: "write it like 64900:10001, or leave it out and one is allocated")
            return nil
        default: return target
        }
    }

    private mutating func attachment(of item: Item, _ membership: inout Membership, vpn: Item) -> Attachment? {
        guard let fields = fields(of: item, .attachment) else { return nil }
        let cloud = fields["cloud"].flatMap { declaredCloud(of: $0, membership.clouds) }
        let picked: AttachmentSelector?
        switch (fields["router"], fields["network"]) {
        case (let router?, nil): picked = selector(of: router, .router)
        case (nil, let network?): picked = selector(of: network, .network)
        case (nil, nil):
            report(
                at: item.place, path: item.path, reason: "neither “router” nor “network” says what is attached",
                remedy: "add one of them, like “router: blue-router”")
            return nil
        case (_?, let network?):
            report(
                at: network.namePlace, path: network.path, reason: "an attachment is a router or a network, and this has both",
                remedy: "keep one, or write two attachments")
            return nil
        }
        guard let cloud, let picked else { return nil }
        let attachment = Attachment(cloud: cloud, selector: picked)
        guard let earlier = membership.first[attachment] else {
            membership.first[attachment] = (vpn.name, item.place.line)
            return attachment
        }
        let what = "the \(picked.kind.rawValue) “\(shortened(picked.value))” of \(cloud)"
        if earlier.vpn == vpn.name {
            report(
                at: item.place, path: item.path, value: picked.value,
                reason: "\(what) is attached twice, first on line \(earlier.line)", remedy: "keep one of them")
        } else {
            report(
                .warning, at: item.place, path: item.path, value: picked.value,
                reason: "\(what) is also in the VPN \(earlier.vpn) (line \(earlier.line)): the clouds of both reach it",
                remedy: "leave it out of one of them, unless that is what you want")
        }
        return attachment
    }

    private mutating func declaredCloud(of item: Item, _ clouds: Set<CloudName>) -> CloudName? {
        guard let cloud = value(of: item, as: CloudName.self) else { return nil }
        if clouds.contains(cloud) { return cloud }
        let known = clouds.sorted().map(\.text)
        report(
            at: item.place, path: item.path, value: cloud.text, reason: "there is no cloud “\(cloud)” in this file",
            remedy: nearMiss(of: cloud.text, among: known).map { "did you mean “\($0)”?" } ?? "declare it under “clouds”, or take it out")
        return nil
    }

    /// A name, or `{name: …}`, or `{id: …}`.
    private mutating func selector(of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        guard item.node.mapping != nil else {
            guard let name = text(of: item, remedy: "write its name, or {id: UUID}") else { return nil }
            return selector(named: name, of: item, kind)
        }
        guard let fields = fields(of: item, .selector) else { return nil }
        switch (fields["name"], fields["id"]) {
        case (let name?, nil): return text(of: name).flatMap { selector(named: $0, of: name, kind) }
        case (nil, let id?):
            guard let text = text(of: id) else { return nil }
            let lowercased = text.lowercased()
            if isUUID(lowercased) { return AttachmentSelector(kind: kind, key: .id, value: lowercased) }
            report(
                at: id.place, path: id.path, value: text, reason: "“\(shortened(text))” is no UUID",
                remedy: "write the id as “openstack \(kind.rawValue) show -c id” prints it, or “name:” for a name")
            return nil
        case (nil, nil), (_?, _?):
            report(
                at: item.place, path: item.path, reason: "a \(kind.rawValue) is picked by a name or by an id",
                remedy: "write “\(item.name): NAME” or “\(item.name): {id: UUID}”")
            return nil
        }
    }

    private mutating func selector(named name: String, of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        // Neutron's column has room for 255.
        guard name.unicodeScalars.count <= 255 else {
            report(
                at: item.place, path: item.path, value: name, reason: "an OpenStack name has 255 characters at most",
                remedy: "write the name as “openstack \(kind.rawValue) list” prints it")
            return nil
        }
        if isUUID(name.lowercased()) {
            report(
                .warning, at: item.place, path: item.path, value: name, reason: "\(name) is taken as a name, and looks like an id",
                remedy: "write {id: \(name)} if it is one")
        }
        return AttachmentSelector(kind: kind, key: .name, value: name)
    }
}

/// Eight, four, four, four and twelve hexadecimal digits, as OpenStack writes ids.
private func isUUID(_ text: String) -> Bool {
    let groups = text.utf8.split(separator: 0x2d, omittingEmptySubsequences: false)
    return groups.map(\.count) == [8, 4, 4, 4, 12]
        && groups.joined().allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}
