import FederationModel
import NetworkTypes

/// The tenant's networks in each cloud of a VPN, and ambiguous ones.
///
/// Networks come from agents' reports about the attachments; if unknown, from the shared prefixes in the file.
struct AddressPlan {
    struct Network: Hashable, Comparable {
        var prefix: IPPrefix
        var cloud: CloudName
        /// Whether the filters let some of it out.
        var leaves: Bool

        static func < (a: Self, b: Self) -> Bool { (a.prefix, a.cloud) < (b.prefix, b.cloud) }
    }

    /// Two overlapping networks whose clouds meet somewhere.
    struct Conflict: Hashable {
        var one: Network
        var other: Network
        /// The clouds in which they are ambiguous; never empty.
        var viewers: Set<CloudName>
    }

    /// By prefix, containing prefixes first.
    private(set) var networks: [Network] = []
    private let importFilter: [PrefixRule]
    /// The clouds that learn from each cloud.
    private let learners: [CloudName: Set<CloudName>]
    private let vpn: VPN

    init(_ name: VPNName, in compilation: Compilation, _ book: ReportedFacts) {
        let vpn = compilation.graph.vpns[name] ?? VPN()
        self.vpn = vpn
        importFilter = vpn.importFilter
        learners = Dictionary(grouping: compilation.reaches(of: name), by: \.from).mapValues { Set($0.map(\.to)) }
        let members = (compilation.targets.entries[name] ?? []).compactMap { entry in
            Inspection.intent(of: name, in: entry.cloud, compilation).map { (cloud: entry.cloud, intent: $0) }
        }
        // Each cloud of a sharing VPN has the share; only agents know which of them have the prefix.
        var guests: [IPPrefix: Set<CloudName>] = [:]
        for (cloud, intent) in members {
            for prefix in intent.attachments.flatMap(\.only) { guests[prefix, default: []].insert(cloud) }
        }
        var networks: Set<Network> = []
        for (cloud, intent) in members {
            for attachment in intent.attachments {
                let prefixes =
                    if let known = book.found(attachment.selector, of: name, in: cloud, everywhere: !attachment.only.isEmpty)?.subnets {
                        attachment.only.isEmpty ? known : known.parts(inside: attachment.only)
                    } else {
                        Set(attachment.only.filter { guests[$0] == [cloud] })
                    }
                for prefix in prefixes {
                    let leaves = intent.exportFilter.mayPermitPart(of: prefix) && attachment.export.mayPermitPart(of: prefix)
                    networks.insert(Network(prefix: prefix, cloud: cloud, leaves: leaves))
                }
            }
        }
        self.networks = networks.sorted()
    }

    /// The networks that this cloud learns from others.
    func learned(by cloud: CloudName) -> [Network] {
        networks.filter { $0.leaves && learners[$0.cloud, default: []].contains(cloud) && importFilter.mayPermitPart(of: $0.prefix) }
    }

    func own(of cloud: CloudName) -> [Network] { networks.filter { $0.cloud == cloud } }

    /// One per pair of clouds, the first by prefix.
    func conflicts() -> [Conflict] {
        guard !vpn.allowsOverlap else { return [] }
        struct Pair: Hashable {
            var one: CloudName
            var other: CloudName
        }
        var seen: Set<Pair> = []
        var conflicts: [Conflict] = []
        // Sorted, so that the containing networks form a stack.
        var holders: [Network] = []
        for network in networks {
            while let last = holders.last, !last.prefix.contains(network.prefix) { holders.removeLast() }
            for holder in holders where holder.cloud != network.cloud {
                guard !vpn.anycast.contains(where: { $0.contains(holder.prefix) && $0.contains(network.prefix) }) else { continue }
                let pair = Pair(one: min(holder.cloud, network.cloud), other: max(holder.cloud, network.cloud))
                let viewers = viewers(of: holder, network)
                guard !viewers.isEmpty, seen.insert(pair).inserted else { continue }
                conflicts.append(Conflict(one: holder, other: network, viewers: viewers))
            }
            holders.append(network)
        }
        return conflicts
    }

    /// The clouds that have one and learn the other, or learn both.
    private func viewers(of one: Network, _ other: Network) -> Set<CloudName> {
        func views(_ network: Network) -> Set<CloudName> {
            guard network.leaves, importFilter.mayPermitPart(of: network.prefix) else { return [network.cloud] }
            return learners[network.cloud, default: []].union([network.cloud])
        }
        return views(one).intersection(views(other))
    }
}

extension Set<IPPrefix> {
    /// The intersection: the smaller of two overlapping prefixes.
    fileprivate func parts(inside limits: [IPPrefix]) -> Set<IPPrefix> {
        var parts: Set<IPPrefix> = []
        for prefix in self {
            for limit in limits where limit.overlaps(prefix) { parts.insert(limit.contains(prefix) ? prefix : limit) }
        }
        return parts
    }
}
