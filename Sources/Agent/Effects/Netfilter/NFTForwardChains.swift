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
                rules[place, default: [:]][chain, default: []].append(ForwardFilter.Rule(expressions))
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

extension ForwardFilter.Rule {
    /// Statements in order; what is not known makes it conditional. nft has `null` for what it cannot express: in a rule without a verdict
    /// that may be one.
    fileprivate init(_ statements: [Any]) {
        self.init()
        var isOpaque = false
        for statement in statements {
            guard let (name, value) = (statement as? [String: Any])?.first else {
                isOpaque = true
                continue
            }
            switch name {
            case "match": take(value as? [String: Any] ?? [:])
            case "accept": verdict = .accept
            case "drop", "reject": verdict = .drop
            case "return": verdict = .returns
            case "jump", "goto":
                let target = (value as? [String: Any])?["target"] as? String ?? ""
                verdict = name == "jump" ? .jump(target) : .goTo(target)
            case "counter", "log", "comment", "continue", "meter": break
            case "xt": isOpaque = !take(extension: value as? [String: Any] ?? [:]) || isOpaque
            default: isConditional = true
            }
        }
        if isOpaque, verdict == .none { verdict = .unknown } else if isOpaque { isConditional = true }
    }

    /// Targets of iptables-extensions(8) after which a packet goes on to the next rule.
    private static let passing: Set<String> = [
        "AUDIT", "CHECKSUM", "CLASSIFY", "CONNMARK", "CONNSECMARK", "CT", "DSCP", "ECN", "HL", "HMARK", "IDLETIMER", "LED", "LOG", "MARK",
        "NFLOG",
        "NOTRACK", "RATEEST", "SECMARK", "SET", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS", "TRACE", "TTL", "ULOG",
    ]

    /// A match or a target of iptables.
    /// - Returns: false where nobody knows what it does.
    private mutating func take(extension value: [String: Any]) -> Bool {
        switch (value["type"] as? String, value["name"] as? String) {
        case ("match", "comment"): break
        case ("match", _?): isConditional = true
        case ("target", "REJECT"), ("target", "DROP"): verdict = .drop
        case ("target", let name?) where Self.passing.contains(name): break
        default: return false
        }
        return true
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
        } else if let payload = left["payload"] as? [String: Any], let family = Self.family(payload) {
            addresses.append(ForwardFilter.Addresses(family, Self.prefixes(match["right"]), isInverted: operation == "!="))
        } else {
            isConditional = true
        }
    }

    /// Of the source or the destination; nil: it is another field.
    private static func family(_ payload: [String: Any]) -> AddressFamily? {
        guard let field = payload["field"] as? String, field == "saddr" || field == "daddr" else { return nil }
        return switch payload["protocol"] as? String {
        case "ip": .ipv4
        case "ip6": .ipv6
        default: nil
        }
    }

    /// Of an address, a prefix, or a set of these; nil for a set that has a name of its own, and for ranges.
    private static func prefixes(_ right: Any?) -> [IPPrefix]? {
        if let text = right as? String { return IPAddress(text).map { [IPPrefix(host: $0)] } }
        guard let object = right as? [String: Any] else { return nil }
        if let prefix = object["prefix"] as? [String: Any], let text = prefix["addr"] as? String, let length = prefix["len"] as? Int,
            let address = IPAddress(text), (0...address.family.width).contains(length)
        {
            return [IPPrefix(containing: address, length: length)]
        }
        guard let members = object["set"] as? [Any] else { return nil }
        let all = members.map(prefixes)
        return all.contains { $0 == nil } ? nil : all.flatMap { $0 ?? [] }
    }

    /// One name or a set of them; nil for a set that has a name of its own.
    private static func names(_ right: Any?) -> Set<String>? {
        if let name = right as? String { return name.hasPrefix("@") ? nil : [name] }
        return ((right as? [String: Any])?["set"] as? [String]).map(Set.init)
    }
}
