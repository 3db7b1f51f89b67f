import FederationModel
import NetworkTypes

/// BGPVPNs, by which tenants join themselves.
extension FileWalk {
    /// `{id: …}`, `{name: …, project: …}` or `{vni: …}`. Never a name alone: its owner may change it, and walk in.
    mutating func bgpvpn(of item: Item) -> AttachmentSelector? {
        guard item.node.scalar == nil else {
            report(
                at: item.place, path: item.path, value: item.node.scalar?.string,
                reason: "a BGPVPN is not selected by a name alone: any project's owner of a BGPVPN may give it this name",
                remedy: "write “bgpvpn: {id: UUID}”, “bgpvpn: {name: NAME, project: PROJECT_ID}” or “bgpvpn: {vni: N}”")
            return nil
        }
        guard let fields = fields(of: item, .bgpvpn), let key = choice(of: item, fields, .bgpvpn)?.first, let field = fields[key] else {
            return nil
        }
        switch AttachmentSelector.Key(rawValue: key) {
        case .id: return text(of: field).flatMap { selector(byID: $0, of: field, .bgpvpn) }
        case .vni: return value(of: field, as: VNI.self).map { AttachmentSelector(kind: .bgpvpn, key: .vni, value: $0.description) }
        case .name:
            guard let name = text(of: field), var selector = selector(named: name, of: field, .bgpvpn),
                let project = fields["project"].flatMap({ projectID(of: $0) })
            else { return nil }
            selector.project = project
            return selector
        case .label, nil: return nil
        }
    }

    /// `tenants: self-service` with `projects: {CLOUD: PROJECT_ID}`: in each of these clouds what the project associates with its BGPVPN of
    /// the VPN's name.
    ///
    /// - Returns: The places of the attachments; nil for one that could not be read.
    mutating func selfService(
        _ fields: [String: Item], vpn item: Item, named name: VPNName, _ vpn: inout VPN, _ context: inout VPNContext
    ) -> [Item?] {
        let example = "tenants: self-service, projects: {paris: 598e0a38b7e1411095797a01997baa85}"
        guard let tenants = fields["tenants"] else {
            if let projects = fields["projects"] {
                report(
                    at: projects.namePlace, path: projects.path, reason: "“projects” is valid only with “tenants: self-service”",
                    remedy: "write “\(example)”, or remove it")
            }
            return []
        }
        guard let text = text(of: tenants) else { return [nil] }
        guard text == "self-service" else {
            report(
                at: tenants.place, path: tenants.path, value: text, reason: "unknown kind of tenants \(cited(text))",
                remedy: "write “self-service”: tenants associate their routers and networks with BGPVPNs")
            return [nil]
        }
        guard let projects = fields["projects"] else {
            report(
                at: tenants.namePlace, path: tenants.path, reason: "“tenants: self-service” needs the projects of the tenants",
                remedy: "add one for each cloud, like “\(example)”")
            return [nil]
        }
        guard let entries = entries(of: projects, as: "projects", example: example) else { return [nil] }
        if entries.isEmpty {
            report(
                at: projects.namePlace, path: projects.path, reason: "“projects” is empty",
                remedy: "add a project for each cloud, like “\(example)”")
        }
        return entries.map { entry in
            guard let cloud = tenantsCloud(of: entry, context.declared), let project = projectID(of: entry) else { return nil }
            let selector = AttachmentSelector(kind: .bgpvpn, key: .name, value: name.text, project: project)
            checkAttachedOnce(Attached(cloud: cloud, selector: selector), entry, &context, vpn: item)
            vpn.attachments.append(Attachment(cloud: cloud, selector: selector))
            return entry
        }
    }

    private mutating func tenantsCloud(of entry: Item, _ declared: Set<CloudName>) -> CloudName? {
        guard !entry.isRepeated, let cloud = name(of: entry, as: CloudName.self) else { return nil }
        if declared.contains(cloud) { return cloud }
        let known = declared.sorted().map(\.text)
        report(
            at: entry.namePlace, path: entry.path, value: cloud.text, reason: "unknown cloud \(cited(cloud.text))",
            remedy: nearMiss(of: cloud.text, among: known).map { "did you mean “\($0)”?" } ?? "declare it under “clouds”, or remove it")
        return nil
    }
}
