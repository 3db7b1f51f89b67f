extension FileWalk {
    /// A name, or `{name: …}`, or `{id: …}`, or `{label: …}`.
    mutating func selector(of item: Item, _ kind: AttachmentSelector.Kind) -> AttachmentSelector? {
        guard item.node.mapping != nil else {
            guard let name = text(of: item, remedy: "write its name, or {id: UUID}") else { return nil }
            return selector(named: name, of: item, kind)
        }
        guard let fields = fields(of: item, .selector) else { return nil }
        guard fields.count == 1, let field = fields.values.first else {
            report(
                at: item.place, path: item.path, reason: "a \(kind.rawValue) is picked by a name, an id or a label",
                remedy: "write “\(item.name): NAME” or “\(item.name): {id: UUID}” or “\(item.name): {label: KEY=VALUE}”")
            return nil
        }
        guard let text = text(of: field) else { return nil }
        switch AttachmentSelector.Key(rawValue: field.name) {
        case .id: return selector(byID: text, of: field, kind)
        case .label: return selector(byLabel: text, of: field, kind)
        case .name, nil: return selector(named: text, of: field, kind)
        }
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
        && groups.joined().allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}
