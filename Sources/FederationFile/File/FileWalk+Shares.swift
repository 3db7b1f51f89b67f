import FederationModel
import NetworkTypes

extension FileWalk {
    /// - Parameter members: The clouds of the sharing VPN.
    mutating func shares(of item: Item, vpn: VPNName, _ members: Set<CloudName>, _ context: inout VPNContext) -> [Share] {
        guard let elements = elements(of: item, example: "shares: [{to: red, prefixes: [10.1.9.0/24]}]") else { return [] }
        return elements.compactMap { share(of: $0, vpn: vpn, members, &context) }
    }

    private mutating func share(of item: Item, vpn: VPNName, _ members: Set<CloudName>, _ context: inout VPNContext) -> Share? {
        guard let fields = fields(of: item, .share) else { return nil }
        let to = fields["to"].flatMap { receiver(of: $0, vpn, context) }
        let clouds = fields["clouds"].map { sharingClouds(of: $0, vpn, members, context) } ?? []
        guard let list = fields["prefixes"], let elements = elements(of: list, example: "prefixes: [10.1.9.0/24]") else { return nil }
        if elements.isEmpty {
            report(at: list.namePlace, path: list.path, reason: "“prefixes” is empty", remedy: FileKeys.share.required["prefixes"] ?? "")
        }
        var items: [IPPrefix: Item] = [:]
        let own = context.own
        let prefixes = distinct(of: elements) { walk, element in
            let prefix = walk.prefix(of: element, refusingDefault: "attachments have no default route to share", own)
            if let prefix { items[prefix] = element }
            return prefix
        }
        guard let to, !prefixes.isEmpty else { return nil }
        for prefix in prefixes { context.shares.append(SharedPrefix(from: vpn, to: to, prefix: prefix, item: items[prefix] ?? list)) }
        return Share(to: to, prefixes: prefixes, clouds: clouds)
    }

    private mutating func receiver(of item: Item, _ vpn: VPNName, _ context: VPNContext) -> VPNName? {
        guard let to = value(of: item, as: VPNName.self) else { return nil }
        guard to != vpn else {
            report(
                at: item.place, path: item.path, value: to.text, reason: "VPN \(vpn) cannot share with itself",
                remedy: "write another VPN; reachability inside \(vpn) is set by its policy")
            return nil
        }
        if context.vpns.contains(to) { return to }
        let known = context.vpns.subtracting([vpn]).sorted().map(\.text)
        report(
            at: item.place, path: item.path, value: to.text, reason: "unknown VPN \(cited(to.text))",
            remedy: nearMiss(of: to.text, among: known).map { "did you mean “\($0)”?" } ?? "declare it under “vpns”, or remove the share")
        return nil
    }

    private mutating func sharingClouds(of item: Item, _ vpn: VPNName, _ members: Set<CloudName>, _ context: VPNContext) -> [CloudName] {
        guard let elements = elements(of: item, example: "clouds: [paris]") else { return [] }
        if elements.isEmpty {
            report(
                at: item.namePlace, path: item.path, reason: "“clouds” is empty",
                remedy: "name clouds, or omit “clouds” for all of them")
        }
        return distinct(of: elements) { walk, element in
            guard let cloud = walk.declaredCloud(of: element, context.declared) else { return nil }
            if !members.contains(cloud) {
                walk.report(
                    .warning, at: element.place, path: element.path, value: cloud.text,
                    reason: "cloud \(cloud) has no attachments in VPN \(vpn): it has nothing to share",
                    remedy: "add an attachment there, or remove it")
            }
            return cloud
        }
    }

    /// Reports prefixes that a chain of shares would return to their own VPN.
    mutating func checkLoops(_ shares: [SharedPrefix]) {
        let loops = ShareLoops(shares)
        for loop in loops.found {
            let chain = loop.chain.map(\.text).joined(separator: " → ")
            report(
                at: loop.start.item.place, path: loop.start.item.path, value: loop.start.prefix.description,
                reason: "share loop of \(loop.start.prefix): \(chain)",
                remedy: "remove it from one of these shares; two VPNs may share with each other, but not the same prefix")
        }
        if let share = loops.unfinished {
            report(
                at: share.item.place, path: share.item.path, value: share.prefix.description,
                reason: "too many overlapping shares to check for loops",
                remedy: "share fewer, larger prefixes")
        }
    }
}
