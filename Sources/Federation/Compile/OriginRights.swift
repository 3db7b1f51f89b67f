import FederationModel
import NetworkTypes

/// What the members of a VPN may announce in it. Its gateways keep to that, and the others install nothing else of them: a gateway that
/// somebody has taken over announces what it likes.
///
/// Where a cloud's attachments differ, it may announce what any of them may. Of shared prefixes with export rules, only the prefixes count.
/// Attachments without either leave everything open: what a router has, only its cloud knows.
struct OriginRights {
    /// By the clouds that they concern, with the place of each in the list of members; nil: of all.
    private let rights: [(clouds: Set<CloudName>?, rules: [PrefixRule])]
    private var known: [ObjectIdentifier: [OriginRight]] = [:]

    init(_ members: [Member], _ vpn: VPN) {
        let transit = Set(vpn.policy.transit).sorted().map { PrefixRule(.permit, $0) }
        var byRules: [[PrefixRule]: Set<CloudName>] = [:]
        for member in members where member.advertises {
            let own = member.role == .hub ? transit : []
            if let rules = Self.rules(member.attachments) { byRules[own + rules, default: []].insert(member.cloud) }
            if !vpn.exportFilter.isEmpty, !own.isEmpty { byRules[own + vpn.exportFilter, default: []].insert(member.cloud) }
        }
        let hubs = Set(members.filter { $0.role == .hub && !transit.isEmpty }.map(\.cloud))
        var rights: [(clouds: Set<CloudName>?, rules: [PrefixRule])] = byRules.map { ($0.value, $0.key) }
        if !vpn.exportFilter.isEmpty {
            rights.append((hubs.isEmpty ? nil : Set(members.map(\.cloud)).subtracting(hubs), vpn.exportFilter))
        }
        self.rights = rights.sorted { "\($0.rules)" < "\($1.rules)" }
    }

    /// Nil: anything.
    private static func rules(_ attachments: [AttachmentIntent]) -> [PrefixRule]? {
        if attachments.count == 1, let only = attachments.first, only.only.isEmpty { return only.export.isEmpty ? nil : only.export }
        var rules: Set<PrefixRule> = []
        for attachment in attachments {
            if !attachment.only.isEmpty {
                rules.formUnion(attachment.only.map { PrefixRule(.permit, $0, le: $0.isHost ? nil : $0.family.width) })
            } else if attachment.export.isEmpty {
                return nil
            } else {
                rules.formUnion(attachment.export.filter { $0.action == .permit })
            }
        }
        // Nothing at all is a rule too.
        return rules.isEmpty
            ? AddressFamily.allCases.map { PrefixRule(.deny, .everything($0), le: $0.width) }
            : rules.sorted { ($0.prefix, $0.description) < ($1.prefix, $1.description) }
    }

    /// Those that concern these origins; nil: none.
    mutating func rights(of admitted: AdmittedOrigins) -> [OriginRight]? {
        guard !rights.isEmpty else { return nil }
        if let known = known[ObjectIdentifier(admitted)] { return known.isEmpty ? nil : known }
        let clouds = Set(admitted.origins.compactMap(\.cloud))
        let found = rights.compactMap { right -> OriginRight? in
            guard let some = right.clouds else { return clouds.isEmpty ? nil : OriginRight(rules: right.rules) }
            let concerned = some.intersection(clouds)
            return concerned.isEmpty ? nil : OriginRight(clouds: concerned.sorted(), rules: right.rules)
        }
        known[ObjectIdentifier(admitted)] = found
        return found.isEmpty ? nil : found
    }
}
