import FederationModel
import NetworkTypes

/// The shares into each VPN, indexed once for allocation and compilation.
package struct IncomingShares: Hashable, Sendable {
    /// Attachments of another VPN in one cloud that are shared with some prefixes.
    package struct Guest: Hashable, Sendable {
        package var cloud: CloudName
        package var attachments: [AttachmentIntent]
    }

    /// What one VPN shares into another one.
    private struct Gift {
        var sharer: VPNName
        var guests: [Guest]
        var prefixes: Set<IPPrefix>
    }

    private var guests: [VPNName: [Guest]] = [:]

    package init(_ graph: FederationGraph) {
        var gifts: [VPNName: [Gift]] = [:]
        for (name, vpn) in graph.vpns where !vpn.shares.isEmpty {
            for share in vpn.shares where share.to != name && graph.vpns[share.to] != nil {
                let prefixes = Set(share.prefixes)
                let sorted = prefixes.sorted()
                // A tap advertises nothing, in no VPN.
                let attachments = vpn.attachments.filter {
                    graph.clouds[$0.cloud] != nil && $0.role != .importOnly && (share.clouds.isEmpty || share.clouds.contains($0.cloud))
                }
                guard !attachments.isEmpty else { continue }
                let guests = Dictionary(grouping: attachments, by: \.cloud).map { cloud, attachments in
                    Guest(
                        cloud: cloud,
                        attachments: attachments.map {
                            AttachmentIntent(selector: $0.selector, advertise: $0.advertise, export: $0.export, only: sorted)
                        })
                }
                gifts[share.to, default: []].append(Gift(sharer: name, guests: guests, prefixes: prefixes))
            }
        }
        for (name, gifts) in gifts {
            let refused = Self.refused(gifts)
            var clouds: [CloudName: [AttachmentIntent]] = [:]
            for gift in gifts {
                for guest in gift.guests {
                    clouds[guest.cloud, default: []] += guest.attachments.map { attachment in
                        var attachment = attachment
                        attachment.refused = refused[gift.sharer] ?? []
                        return attachment
                    }
                }
            }
            guests[name] = clouds.map { Guest(cloud: $0.key, attachments: Self.merged($0.value)) }.sorted { $0.cloud < $1.cloud }
        }
    }

    /// For each sharing VPN, the prefixes of all other sharing VPNs.
    private static func refused(_ gifts: [Gift]) -> [VPNName: [IPPrefix]] {
        // Nil: more than one.
        var sharers: [IPPrefix: VPNName?] = [:]
        for gift in gifts {
            for prefix in gift.prefixes {
                sharers[prefix] = .some(sharers[prefix, default: gift.sharer] == gift.sharer ? gift.sharer : nil)
            }
        }
        let sorted = sharers.sorted { $0.key < $1.key }
        return Dictionary(
            Set(gifts.map(\.sharer)).map { sharer in (sharer, sorted.filter { $0.value != sharer }.map(\.key)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// By cloud, each once.
    package subscript(vpn: VPNName) -> [Guest] { guests[vpn] ?? [] }

    /// An attachment that is shared several times takes part with all its shared prefixes.
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
    /// A total order: `<` does not order attachments that differ only in what they advertise.
    package static func isOrdered(_ a: Self, _ b: Self) -> Bool {
        if a.selector != b.selector { return a.selector < b.selector }
        if a.only != b.only { return a.only.lexicographicallyPrecedes(b.only) }
        if a.refused != b.refused { return a.refused.lexicographicallyPrecedes(b.refused) }
        if a.advertise != b.advertise { return a.advertise.rawValue < b.advertise.rawValue }
        return a.export.map(\.description).lexicographicallyPrecedes(b.export.map(\.description))
    }
}
