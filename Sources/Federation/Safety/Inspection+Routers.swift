import NetworkTypes

/// Routers that are in two VPNs of one cloud.
extension Inspection {
    func routersInSeveral() -> [Finding] {
        let touched = Set(vpns)
        var addresses: [VPNName: AddressPlan] = [:]
        var findings: [Finding] = []
        for cloud in Set(vpns.flatMap { new.targets.entries[$0] ?? [] }.map(\.cloud)).sorted() {
            let names = Self.names(in: cloud, new)
            // What the touched VPNs have here; whatever others have beside it is no matter of this plan.
            let routers = Set(places(of: names.filter(touched.contains), in: cloud, new).keys)
            guard !routers.isEmpty else { continue }
            let before = old.map { places(of: Self.names(in: cloud, $0), in: cloud, $0, only: routers) } ?? [:]
            for (router, places) in places(of: names, in: cloud, new, only: routers) where places.count > 1 {
                let sharers = places.keys.sorted()
                for (index, one) in sharers.enumerated() {
                    for other in sharers[(index + 1)...] where touched.contains(one) || touched.contains(other) {
                        for name in [one, other] where addresses[name] == nil { addresses[name] = AddressPlan(name, in: new, book) }
                        findings += two(
                            router, one, other, cloud, areOwn: places[one] == .own && places[other] == .own,
                            isOld: before[router]?[one] != nil && before[router]?[other] != nil,
                            meeting(addresses[one], addresses[other], at: cloud))
                    }
                }
            }
        }
        return findings
    }

    private func two(
        _ router: String, _ one: VPNName, _ other: VPNName, _ cloud: CloudName, areOwn: Bool, isOld: Bool,
        _ met: (AddressPlan.Network, AddressPlan.Network)?
    ) -> [Finding] {
        let path = "vpns.\(vpns.contains(other) ? other : one).attachments"
        if areOwn {
            return [
                Finding(
                    .warning, .routerInTwoVPNs, path: path,
                    reason: "\(router) of \(cloud) is in VPN \(one) and in VPN \(other); its agent lets it into one",
                    remedy: "attach different routers, or let one VPN share prefixes into the other (“shares”)")
            ]
        }
        guard let met else { return [] }
        return [
            Finding(
                isOld ? .warning : .error, .routerSharesAddresses, path: path,
                reason:
                    "\(router) of \(cloud) is in VPN \(one), which has \(met.0.prefix) in \(met.0.cloud), and in VPN \(other), which has "
                    + "\(met.1.prefix) in \(met.1.cloud): what it sends there cannot be told apart" + (isOld ? "; it is so today" : ""),
                remedy: "renumber one of them, keep one out with “filters: {import: […]}”, or share from another router")
        ]
    }

    private enum Share {
        case own, shared
    }

    private static func names(in cloud: CloudName, _ compilation: Compilation) -> [VPNName] {
        guard let node = compilation.graph.clouds[cloud]?.gateways.keys.first else { return [] }
        return (compilation.intents[GatewayID(cloud: cloud, node: node)]?.vpns.keys).map(Array.init) ?? []
    }

    /// The VPNs of each router of the cloud; where agents do not know it, of each selector.
    ///
    /// - Parameter only: Of these; nil: of all.
    private func places(
        of names: [VPNName], in cloud: CloudName, _ compilation: Compilation, only routers: Set<String>? = nil
    ) -> [String: [VPNName: Share]] {
        guard let node = compilation.graph.clouds[cloud]?.gateways.keys.first,
            let intent = compilation.intents[GatewayID(cloud: cloud, node: node)]
        else { return [:] }
        let reports = book.reports(of: cloud)
        var places: [String: [VPNName: Share]] = [:]
        for name in names {
            for attachment in intent.vpns[name]?.attachments ?? [] {
                var found: Set<String> = []
                for report in reports {
                    for report in report.vpns[name]?.attachments ?? [] where report.selector == attachment.selector {
                        found.formUnion(report.routers)
                    }
                }
                // By its selector too: the agents know one of two VPNs, perhaps, and not yet the other.
                for router in found.map({ "router \($0)" }) + [attachment.selector.description] where routers?.contains(router) ?? true {
                    if attachment.only.isEmpty || places[router]?[name] == nil {
                        places[router, default: [:]][name] = attachment.only.isEmpty ? .own : .shared
                    }
                }
            }
        }
        return places
    }

    /// Two networks that the cloud learns in either VPN, with addresses in common.
    private func meeting(
        _ one: AddressPlan?, _ other: AddressPlan?, at cloud: CloudName
    ) -> (AddressPlan.Network, AddressPlan.Network)? {
        guard let one = one?.learned(by: cloud), let other = other?.learned(by: cloud) else { return nil }
        for network in one {
            // A cloud that is in both by the same share has its prefixes once.
            if let met = other.first(where: { $0.prefix.overlaps(network.prefix) && $0.cloud != network.cloud }) { return (network, met) }
        }
        return nil
    }
}
