import FederationModel

extension FileWalk {
    /// `{id: …}`, or `{name: …, project: …}`, or `{label: …}`, or a bare name, which is `{name: …}`.
    mutating func selector(of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        guard item.node.mapping != nil else {
            guard let name = text(of: item, remedy: "write {id: UUID}, or {name: NAME, project: PROJECT_ID}") else { return nil }
            return selector(named: name, of: item, kind)
        }
        guard let fields = fields(of: item, .selector) else { return nil }
        let keys = AttachmentSelector.Key.allCases.filter { fields[$0.rawValue] != nil }
        guard keys.count == 1, let key = keys.first, let field = fields[key.rawValue] else {
            report(
                at: item.place, path: item.path, reason: "a \(kind.rawValue) is picked by an id, a name or a label",
                remedy:
                    "write “\(item.name): {id: UUID}” or “\(item.name): {name: NAME, project: PROJECT_ID}” or “\(item.name): {label: KEY=VALUE}”"
            )
            return nil
        }
        if key != .name, let project = fields["project"] {
            report(
                at: project.namePlace, path: project.path, reason: "“project” goes with a name, and this has “\(key.rawValue)”",
                remedy: "take it out")
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
        }
    }

    /// As `neutron:project_id` in OVN has it.
    private mutating func projectID(of item: Item) -> String? {
        guard let text = text(of: item) else { return nil }
        let show = "write what “openstack project show \(shortened(text)) -f value -c id” prints"
        // Keystone's column has room for 64; an id of LDAP's is as long.
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(isIDByte), !isUUID(text.lowercased()) else {
            report(
                at: item.place, path: item.path, value: text,
                reason: "“\(shortened(text))” is no project id: must be 1–64 letters and digits, and a UUID without its dashes",
                remedy: show)
            return nil
        }
        if text.utf8.count < 32 || !text.utf8.allSatisfy(isHexadecimal) {
            report(
                .warning, at: item.place, path: item.path, value: text,
                reason: "“\(shortened(text))” is taken as a project's id, and looks like its name", remedy: show)
        }
        return text
    }

    private mutating func selector(byID text: String, of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        let lowercased = text.lowercased()
        if isUUID(lowercased) { return AttachmentSelector(kind: kind, key: .id, value: lowercased) }
        report(
            at: item.place, path: item.path, value: text, reason: "“\(shortened(text))” is no UUID",
            remedy: "write the id as “openstack \(kind.rawValue) show -c id” prints it, or “name:” for a name")
        return nil
    }

    private mutating func selector(byLabel text: String, of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if let key = parts.first, parts.count == 2, key.hasPrefix("neutron:") || key == "name" {
            report(
                at: item.place, path: item.path, value: text,
                reason: "“\(shortened(String(key)))” is Neutron's own: tenants choose what it says, or it changes by itself",
                remedy: "write {id: UUID} or {name: NAME, project: PROJECT_ID}, or a label with a key of the cloud's admin")
            return nil
        }
        if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, text.unicodeScalars.count <= 255 {
            return AttachmentSelector(kind: kind, key: .label, value: text)
        }
        report(
            at: item.place, path: item.path, value: text,
            reason: "“\(shortened(text))” is no label: it is no KEY=VALUE of 255 characters at most",
            remedy: "write a key and value of external_ids in OVN's northbound database, like “ovn-federation=blue”")
        return nil
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
        && groups.joined().allSatisfy(isHexadecimal)
}

/// In lower case.
private func isHexadecimal(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

private func isIDByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
    default: false
    }
}
