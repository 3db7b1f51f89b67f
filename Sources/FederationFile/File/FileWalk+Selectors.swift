import FederationModel
import NetworkTypes

extension FileWalk {
    /// `{id: …}`, `{name: …, project: …}`, `{label: …}`, or a bare name, which means `{name: …}`.
    mutating func selector(of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        guard item.node.mapping != nil else {
            guard let name = text(of: item, remedy: "write {id: UUID}, or {name: NAME, project: PROJECT_ID}") else { return nil }
            return selector(named: name, of: item, kind)
        }
        guard let fields = fields(of: item, .selector) else { return nil }
        let keys = kind.keys.filter { fields[$0.rawValue] != nil }
        guard keys.count == 1, let key = keys.first, let field = fields[key.rawValue] else {
            report(
                at: item.place, path: item.path, reason: "the \(kind.rawValue) needs an id, a name or a label",
                remedy:
                    "write “\(item.name): {id: UUID}” or “\(item.name): {name: NAME, project: PROJECT_ID}” or “\(item.name): {label: KEY=VALUE}”"
            )
            return nil
        }
        if key != .name, let project = fields["project"] {
            report(
                at: project.namePlace, path: project.path, reason: "“project” is valid only with “name”, not with “\(key.rawValue)”",
                remedy: "remove it")
            return nil
        }
        guard let text = text(of: field) else { return nil }
        switch key {
        case .id: return selector(byID: text, of: field, kind)
        case .label: return selector(byLabel: text, of: field, kind)
        case .name:
            var selector = selector(named: text, of: field, kind)
            guard let item = fields["project"] else { return selector }
            guard let project = projectID(of: item) else { return nil }
            selector?.project = project
            return selector
        case .vni: return nil
        }
    }

    /// As in OVN's `neutron:project_id`.
    mutating func projectID(of item: Item) -> String? {
        guard let text = text(of: item) else { return nil }
        let show = "write what “openstack project show \(shortened(text)) -f value -c id” prints"
        // Keystone's column holds 64 characters, and LDAP ids use all of them.
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(isIDByte), !isUUID(text.lowercased()) else {
            report(
                at: item.place, path: item.path, value: text,
                reason: "invalid project id \(cited(text)): must be 1–64 letters and digits; a UUID has no dashes here",
                remedy: show)
            return nil
        }
        if text.utf8.count < 32 || !text.utf8.allSatisfy(isHexadecimal) {
            report(
                .warning, at: item.place, path: item.path, value: text,
                reason: "\(cited(text)) is used as a project id but looks like a name", remedy: show)
        }
        return text
    }

    mutating func selector(byID text: String, of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        let lowercased = text.lowercased()
        if isUUID(lowercased) { return AttachmentSelector(kind: kind, key: .id, value: lowercased) }
        report(
            at: item.place, path: item.path, value: text, reason: "invalid id \(cited(text)): must be a UUID",
            remedy: "write the id as “openstack \(kind.rawValue) show -c id” prints it, or use “name:”")
        return nil
    }

    private mutating func selector(byLabel text: String, of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if let key = parts.first, parts.count == 2, key.hasPrefix("neutron:") || key == "name" {
            report(
                at: item.place, path: item.path, value: text,
                reason: "invalid label key “\(shortened(String(key)))”: Neutron owns it, and tenants can set it",
                remedy: "write {id: UUID} or {name: NAME, project: PROJECT_ID}, or a label whose key the cloud's admin owns")
            return nil
        }
        if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, text.unicodeScalars.count <= 255 {
            return AttachmentSelector(kind: kind, key: .label, value: text)
        }
        report(
            at: item.place, path: item.path, value: text,
            reason: "invalid label \(cited(text)): must be KEY=VALUE of at most 255 characters",
            remedy: "write a key and value of external_ids in OVN's northbound database, like “ovn-federation=blue”")
        return nil
    }

    mutating func selector(named name: String, of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        // Neutron's column holds 255 characters.
        guard name.unicodeScalars.count <= 255 else {
            report(
                at: item.place, path: item.path, value: name, reason: "invalid OpenStack name: must be at most 255 characters",
                remedy: "write the name as “openstack \(kind.rawValue) list” prints it")
            return nil
        }
        if isUUID(name.lowercased()) {
            report(
                .warning, at: item.place, path: item.path, value: name, reason: "\(name) is used as a name but looks like an id",
                remedy: "write {id: \(name)} if it is an id")
        }
        return AttachmentSelector(kind: kind, key: .name, value: name)
    }
}

/// 8-4-4-4-12 hexadecimal digits, as OpenStack writes ids.
private func isUUID(_ text: String) -> Bool {
    let groups = text.utf8.split(separator: 0x2d, omittingEmptySubsequences: false)
    return groups.map(\.count) == [8, 4, 4, 4, 12]
        && groups.joined().allSatisfy(isHexadecimal)
}

/// Lower case only.
private func isHexadecimal(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

private func isIDByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
    default: false
    }
}
