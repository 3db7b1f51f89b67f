import FederationModel
import NetworkTypes

/// Routers that are in two VPNs of one cloud.
extension Inspection {
    func routersInSeveral() -> [Finding] {
        let touched = Set(vpns)
        var addresses: [VPNName: AddressPlan] = [:]
        var findings: [Finding] = []
        var crossings: [Crossing.Place: [Crossing]] = [:]
        for cloud in Set(vpns.flatMap { new.targets.entries[$0] ?? [] }.map(\.cloud)).sorted() {
            let intents = Self.intents(in: cloud, new), former = old.map { Self.intents(in: cloud, $0) } ?? [:]
            // Only the touched VPNs here; other VPNs do not belong to this plan.
            let routers = Set(places(of: intents.filter { touched.contains($0.key) }, in: cloud).keys)
            guard !routers.isEmpty else { continue }
            let before = places(of: former, in: cloud, only: routers)
            for (router, places) in places(of: intents, in: cloud, only: routers) where places.count > 1 {
                let sharers = places.keys.sorted()
                let owners = sharers.filter { places[$0] == .own }
                if owners.count > 1, let last = owners.last(where: touched.contains) {
                    // Tenants also create routers: only a VPN that joins by this change is refused.
                    let joining = owners.filter { before[router]?[$0] != .own }
                    findings.append(
                        Self.inTwo(router, owners, cloud, path: Self.path(joining.last ?? last), isOld: joining.isEmpty))
                }
                guard owners.count < sharers.count else { continue }
                for (index, one) in sharers.enumerated() {
                    for other in sharers[(index + 1)...]
                    where (touched.contains(one) || touched.contains(other)) && (places[one] == .shared || places[other] == .shared) {
                        for name in [one, other] where addresses[name] == nil { addresses[name] = AddressPlan(name, in: new, book) }
                        guard let met = meeting(addresses[one], addresses[other], at: cloud) else { continue }
                        let place = Crossing.Place(
                            vpn: touched.contains(other) ? other : one,
                            isOld: before[router]?[one] != nil && before[router]?[other] != nil)
                        crossings[place, default: []].append(Crossing(router: router, cloud: cloud, one: one, other: other, met: met))
                    }
                }
            }
        }
        return findings + crossings.map(Self.sharing)
    }

    private static func path(_ name: VPNName) -> String { "vpns.\(name).attachments" }

    /// One finding per router: one per pair of VPNs could be thousands.
    private static func inTwo(_ router: String, _ names: [VPNName], _ cloud: CloudName, path: String, isOld: Bool) -> Finding {
        let place = names.count == 2 ? "VPN \(names[0]) and in VPN \(names[1])" : "\(names.count) VPNs: \(names.listed())"
        return Finding(
            isOld ? .warning : .error, .routerInTwoVPNs, path: path,
            reason: "\(router) of \(cloud) is in \(place); its agent attaches it to VPN \(names[0]) only"
                + (isOld ? "; already so today" : ""),
            remedy: "attach different routers, or share prefixes from one VPN into the other (“shares”)")
    }

    /// A router that learns the same addresses in two VPNs.
    private struct Crossing: Comparable {
        /// The subject of one finding.
        struct Place: Hashable {
            var vpn: VPNName
            var isOld: Bool
        }

        var router: String
        var cloud: CloudName
        var one: VPNName
        var other: VPNName
        var met: (AddressPlan.Network, AddressPlan.Network)

        private var order: (CloudName, String, VPNName, VPNName) { (cloud, router, one, other) }
        static func == (a: Self, b: Self) -> Bool { a.order == b.order }
        static func < (a: Self, b: Self) -> Bool { a.order < b.order }
    }

    /// One finding per VPN, for all its routers and other VPNs.
    private static func sharing(_ place: Crossing.Place, _ crossings: [Crossing]) -> Finding {
        func told(_ crossing: Crossing) -> String {
            "\(crossing.router) of \(crossing.cloud) is in VPN \(crossing.one), which has \(crossing.met.0.prefix) in "
                + "\(crossing.met.0.cloud), and in VPN \(crossing.other), which has \(crossing.met.1.prefix) in \(crossing.met.1.cloud): "
                + "its destination is ambiguous"
        }
        return Finding(
            place.isOld ? .warning : .error, .routerSharesAddresses, path: path(place.vpn),
            reason: crossings.sorted().told(told) + (place.isOld ? "; already so today" : ""),
            remedy: "renumber one of them, filter one out with “filters: {import: […]}”, or share from another router")
    }

    /// How a VPN has a router.
    private enum Tenure {
        /// By its own attachment.
        case own
        /// Because another VPN shares prefixes into it.
        case shared
    }

    /// The VPNs of each router of the cloud; of each selector if agents do not know it.
    ///
    /// - Parameter only: Only these VPNs; nil for all.
    private func places(
        of intents: [VPNName: VPNIntent], in cloud: CloudName, only routers: Set<String>? = nil
    ) -> [String: [VPNName: Tenure]] {
        let reports = book.reports(of: cloud)
        var places: [String: [VPNName: Tenure]] = [:]
        for (name, intent) in intents {
            for attachment in intent.attachments {
                let selector = attachment.selector, isNamed = selector.kind == .router && selector.key == .id
                // A router selected by id is known without agents.
                var found: Set<String> = isNamed ? [selector.value] : []
                for report in reports {
                    // By index, which reads in place: `vpns[name]` would copy the whole report.
                    guard let index = report.vpns.index(forKey: name) else { continue }
                    for report in report.vpns.values[index].attachments where report.selector == selector {
                        found.formUnion(report.routers)
                    }
                }
                // Also by selector: agents may know only one of the two VPNs yet.
                for router in found.map({ "router \($0)" }) + (isNamed ? [] : [selector.description])
                where routers?.contains(router) ?? true {
                    if attachment.only.isEmpty || places[router]?[name] == nil {
                        places[router, default: [:]][name] = attachment.only.isEmpty ? .own : .shared
                    }
                }
            }
        }
        return places
    }

    /// Two overlapping networks, one learned in each VPN.
    private func meeting(
        _ one: AddressPlan?, _ other: AddressPlan?, at cloud: CloudName
    ) -> (AddressPlan.Network, AddressPlan.Network)? {
        guard let one = one?.learned(by: cloud), let other = other?.learned(by: cloud) else { return nil }
        for network in one {
            // A cloud in both by the same share has its prefixes once.
            if let met = other.first(where: { $0.prefix.overlaps(network.prefix) && $0.cloud != network.cloud }) { return (network, met) }
        }
        return nil
    }
}
