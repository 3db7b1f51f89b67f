import Foundation
import NetworkTypes

/// Reads `nft -j list ruleset` (libnftables-json(5)): the base chains of the hook `forward`.
enum NFTForwardChains {
    struct Unreadable: Error {}

    static func read(_ data: Data) throws -> [ForwardFilter.BaseChain] {
        guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any], let objects = root["nftables"] as? [[String: Any]]
        else { throw Unreadable() }
        /// A table's chains and their rules, by table and chain.
        var rules: [String: [String: [ForwardFilter.Rule]]] = [:]
        var bases: [(table: String, chain: String, family: String, drops: Bool)] = []
        for object in objects {
            if let chain = object["chain"] as? [String: Any], let place = place(chain), let name = chain["name"] as? String,
                let family = chain["family"] as? String
            {
                rules[place, default: [:]][name] = []
                guard chain["hook"] as? String == "forward", isIP(chain) else { continue }
                bases.append((place, name, family, chain["policy"] as? String == "drop"))
            } else if let rule = object["rule"] as? [String: Any], let place = place(rule), let chain = rule["chain"] as? String {
                let expressions = rule["expr"] as? [Any] ?? []
                rules[place, default: [:]][chain, default: []] += ForwardFilter.Rule.reading(expressions)
            }
        }
        return bases.map { base in
            ForwardFilter.BaseChain(
                name: "chain \(base.chain) of nftables' table \(base.table)",
                families: base.family == "ip" ? [.ipv4] : base.family == "ip6" ? [.ipv6] : [.ipv4, .ipv6],
                remedy: "nft insert rule \(base.table) \(base.chain) iifname '\"fed*\"' accept", drops: base.drops,
                rules: rules[base.table]?[base.chain] ?? [], others: rules[base.table] ?? [:])
        }
    }

    private static func place(_ object: [String: Any]) -> String? {
        guard let family = object["family"] as? String, let table = object["table"] as? String else { return nil }
        return "\(family) \(table)"
    }

    private static func isIP(_ chain: [String: Any]) -> Bool {
        ["ip", "ip6", "inet"].contains(chain["family"] as? String ?? "")
    }
}
