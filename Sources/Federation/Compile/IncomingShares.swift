import NetworkTypes

/// What other VPNs share into each VPN, by VPN, so that neither allocating nor compiling looks for it again and again.
struct IncomingShares: Hashable, Sendable {
    /// Attachments of another VPN in one cloud that take part with some prefixes.
    struct Guest: Hashable, Sendable {
        var cloud: CloudName
        var attachments: [AttachmentIntent]
    }

    private var guests: [VPNName: [Guest]] = [:]

    init(_ graph: FederationGraph) {
        for (name, vpn) in graph.vpns where !vpn.shares.isEmpty {
            for share in vpn.shares where share.to != name && graph.vpns[share.to] != nil {
                let prefixes = Set(share.prefixes).sorted()
                // A tap advertises nothing, in no VPN.
                let attachments = vpn.attachments.filter {
                    graph.clouds[$0.cloud] != nil && $0.role != .importOnly && (share.clouds.isEmpty || share.clouds.contains($0.cloud))
                }
                for (cloud, attachments) in Dictionary(grouping: attachments, by: \.cloud) {
                    let intents = attachments.map {
                        AttachmentIntent(selector: $0.selector, advertise: $0.advertise, export: $0.export, only: prefixes)
                    }
                    guests[share.to, default: []].append(Guest(cloud: cloud, attachments: intents))
                }
            }
        }
        for name in guests.keys {
            var clouds: [CloudName: [AttachmentIntent]] = [:]
            for guest in guests[name] ?? [] { clouds[guest.cloud, default: []] += guest.attachments }
            guests[name] = clouds.map { Guest(cloud: $0.key, attachments: Self.merged($0.value)) }.sorted { $0.cloud < $1.cloud }
        }
    }

    /// By cloud, each once.
    subscript(vpn: VPNName) -> [Guest] { guests[vpn] ?? [] }

    /// An attachment that is shared more than once takes part with all the prefixes.
    private static func merged(_ intents: [AttachmentIntent]) -> [AttachmentIntent] {
        var prefixes: [AttachmentIntent: Set<IPPrefix>] = [:]
        for intent in intents {
            var key = intent
            key.only = []
            prefixes[key, default: []].formUnion(intent.only)
        }
        return prefixes.map { key, prefixes in
            var intent = key
            intent.only = prefixes.sorted()
            return intent
        }.sorted(by: AttachmentIntent.isOrdered)
    }
}

extension AttachmentIntent {
    /// A total order: `<` leaves open what differs only in what is advertised.
    static func isOrdered(_ a: Self, _ b: Self) -> Bool {
        if a.selector != b.selector { return a.selector < b.selector }
        if a.only != b.only { return a.only.lexicographicallyPrecedes(b.only) }
        if a.advertise != b.advertise { return a.advertise.rawValue < b.advertise.rawValue }
        return a.export.map(\.description).lexicographicallyPrecedes(b.export.map(\.description))
    }
}
