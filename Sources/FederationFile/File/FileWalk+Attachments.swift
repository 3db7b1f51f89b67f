import FederationModel
import NetworkTypes

extension FileWalk {
    /// A router, network or port of one cloud.
    struct Attached: Hashable {
        var cloud: CloudName
        var selector: AttachmentSelector
    }

    /// - Parameter name: of the VPN.
    /// - Returns: For each attachment in the file the place of its role, or of the attachment; nil if it could not be read.
    mutating func attachments(
        of fields: [String: Item], vpn item: Item, named name: VPNName, _ vpn: inout VPN, _ context: inout VPNContext
    ) -> [Item?] {
        let list = fields["attachments"]
        let tenants = selfService(fields, vpn: item, named: name, &vpn, &context)
        let example = "attachments: [\(FileKeys.attachment.example)]"
        guard let elements = list.map({ self.elements(of: $0, example: example) }) ?? [] else { return tenants }
        if elements.isEmpty, tenants.isEmpty {
            report(.warning, at: item.namePlace, path: item.path, reason: "VPN \(item.name) has no attachments", remedy: "add “\(example)”")
        }
        var bare: [(attachment: Attachment, place: Item)] = []
        let places = elements.map { element -> Item? in
            guard let (attachment, place) = attachment(of: element, &context, vpn: item) else { return nil }
            vpn.attachments.append(attachment)
            if attachment.selector.isBareName { bare.append((attachment, element)) }
            return place
        }
        warn(of: bare, vpn: item)
        return tenants + places
    }

    /// One warning per VPN: a file may have thousands of names without a project.
    private mutating func warn(of bare: [(attachment: Attachment, place: Item)], vpn: Item) {
        guard let (first, item) = bare.first else { return }
        let selector = first.selector, kind = selector.kind.rawValue
        let more = bare.count == 1 ? "" : ", and \(bare.count - 1) more in VPN \(vpn.name)"
        report(
            .warning, at: item.place, path: item.path, value: selector.value,
            reason:
                "the \(kind) “\(shortened(selector.value))” of \(first.cloud)\(more): selected by name only, and any tenant can give a \(kind) this name",
            remedy:
                "write \(kind): {name: \(YAMLText.quoted(shortened(selector.value))), project: PROJECT_ID} or {id: ID}; as the admin of \(first.cloud): "
                + "`\(selector.showCommand)`")
    }

    private mutating func attachment(
        of item: Item, _ context: inout VPNContext, vpn: Item
    ) -> (attachment: Attachment, place: Item)? {
        guard let fields = fields(of: item, .attachment) else { return nil }
        let cloud = fields["cloud"].flatMap { declaredCloud(of: $0, context.declared) }
        let picked = choice(of: item, fields, .attachment)?.first.flatMap { key in fields[key] }.flatMap { item in
            AttachmentSelector.Kind(rawValue: item.name).flatMap { $0 == .bgpvpn ? bgpvpn(of: item) : selector(of: item, $0) }
        }
        let role = fields["role"].map { word(of: $0, as: AttachmentRole.self) } ?? .member
        let advertise = fields["advertise"].map { advertisement(of: $0) } ?? .hosts
        let export = fields["export"].map { rules(of: $0) } ?? []
        guard let cloud, let picked, let role, let advertise else { return nil }
        checkAttachedOnce(Attached(cloud: cloud, selector: picked), item, &context, vpn: vpn)
        let attachment = Attachment(cloud: cloud, selector: picked, role: role, advertise: advertise, export: export)
        return (attachment, fields["role"] ?? item)
    }

    mutating func checkAttachedOnce(_ attached: Attached, _ item: Item, _ context: inout VPNContext, vpn: Item) {
        guard let earlier = context.attached[attached] else {
            context.attached[attached] = (vpn.name, item.place.line)
            return
        }
        let picked = attached.selector
        let what = "the \(picked.kind.noun) “\(shortened(picked.value))” of \(attached.cloud)"
        if earlier.vpn == vpn.name {
            report(
                at: item.place, path: item.path, value: picked.value,
                reason: "\(what) appears twice\(otherLine(", first on line", earlier.line))", remedy: "keep one of them")
        } else {
            report(
                .warning, at: item.place, path: item.path, value: picked.value,
                reason: "\(what) is also in the VPN \(earlier.vpn)\(otherLine(" (line", earlier.line, ")")): both VPNs reach it",
                remedy: "remove it from one VPN, unless this is intended")
        }
    }

    mutating func declaredCloud(of item: Item, _ clouds: Set<CloudName>) -> CloudName? {
        guard let cloud = value(of: item, as: CloudName.self) else { return nil }
        if clouds.contains(cloud) { return cloud }
        let known = clouds.sorted().map(\.text)
        report(
            at: item.place, path: item.path, value: cloud.text, reason: "unknown cloud \(cited(cloud.text))",
            remedy: nearMiss(of: cloud.text, among: known).map { "did you mean “\($0)”?" } ?? "declare it under “clouds”, or remove it")
        return nil
    }

    private mutating func advertisement(of item: Item) -> Advertisement? {
        let words = Advertisement.words.map(\.name)
        guard let elements = elements(of: item, example: "advertise: [\(words.joined(separator: ", "))]") else { return nil }
        var advertisement: Advertisement = []
        for element in elements {
            guard let text = text(of: element) else { continue }
            guard let value = Advertisement.words.first(where: { $0.name == text })?.value else {
                report(
                    at: element.place, path: element.path, value: text, reason: "unknown advertisement \(cited(text))",
                    remedy: nearMiss(of: text, among: words).map { "did you mean “\($0)”?" }
                        ?? "write \(words.map { "“\($0)”" }.joined(separator: " or "))")
                continue
            }
            if advertisement.contains(value) { reportTwice(element, text, element.place.line) }
            advertisement.insert(value)
        }
        if elements.isEmpty {
            report(
                at: item.namePlace, path: item.path, reason: "“advertise” is empty",
                remedy: "write “advertise: [hosts]”; for an attachment that only imports, write “role: import-only”")
        }
        return advertisement
    }
}
