import Foundation

/// Reads `nft -j list ruleset` (libnftables-json(5)): the base chains of the hook `forward`.
enum NFTForwardChains {
    struct Unreadable: Error {}

    static func read(_ data: Data) throws -> [ForwardFilter.BaseChain] {
        guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any], let objects = root["nftables"] as? [[String: Any]]
        else { throw Unreadable() }
        /// A table's chains and their rules, by table and chain.
        var rules: [String: [String: [ForwardFilter.Rule]]] = [:]
        var bases: [(table: String, chain: String, drops: Bool)] = []
        for object in objects {
            if let chain = object["chain"] as? [String: Any], let place = place(chain), let name = chain["name"] as? String {
                rules[place, default: [:]][name] = []
                guard chain["hook"] as? String == "forward", isIP(chain) else { continue }
                bases.append((place, name, chain["policy"] as? String == "drop"))
            } else if let rule = object["rule"] as? [String: Any], let place = place(rule), let chain = rule["chain"] as? String {
                let expressions = rule["expr"] as? [[String: Any]] ?? []
                rules[place, default: [:]][chain, default: []].append(ForwardFilter.Rule(expressions))
            }
        }
        return bases.map { base in
            ForwardFilter.BaseChain(
                name: "chain \(base.chain) of nftables' table \(base.table)",
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

extension ForwardFilter.Rule {
    /// Statements in order; what is not known makes it conditional.
    fileprivate init(_ statements: [[String: Any]]) {
        self.init()
        for statement in statements {
            guard let (name, value) = statement.first else { continue }
            switch name {
            case "match": take(value as? [String: Any] ?? [:])
            case "accept": verdict = .accept
            case "drop", "reject": verdict = .drop
            case "return": verdict = .returns
            case "jump", "goto":
                let target = (value as? [String: Any])?["target"] as? String ?? ""
                verdict = name == "jump" ? .jump(target) : .goTo(target)
            case "counter", "log", "comment", "continue", "meter": break
            // Also `xt`: an extension of iptables.
            default: isConditional = true
            }
        }
    }

    private mutating func take(_ match: [String: Any]) {
        guard let left = match["left"] as? [String: Any], let operation = match["op"] as? String, operation == "==" || operation == "!="
        else { return isConditional = true }
        if let key = (left["meta"] as? [String: Any])?["key"] as? String {
            guard let names = Self.names(match["right"]) else { return isConditional = true }
            let device = ForwardFilter.Device(names, isInverted: operation == "!=")
            switch key {
            case "iifname", "iif": incoming = device
            case "oifname", "oif": outgoing = device
            default: isConditional = true
            }
        } else if let field = (left["payload"] as? [String: Any])?["field"] as? String, field == "saddr" || field == "daddr" {
            hasAddresses = true
        } else {
            isConditional = true
        }
    }

    /// One name or a set of them; nil for a set that has a name of its own.
    private static func names(_ right: Any?) -> Set<String>? {
        if let name = right as? String { return name.hasPrefix("@") ? nil : [name] }
        return ((right as? [String: Any])?["set"] as? [String]).map(Set.init)
    }
}
