import Foundation
import NetworkTypes

/// The rules of nftables, as `nft -j` prints them (libnftables-json(5)).
extension ForwardFilter.Rule {
    /// A verdict map is as many rules as it has elements.
    static func reading(_ statements: [Any]) -> [Self] {
        let found = statements.firstIndex { ($0 as? [String: Any])?["vmap"] != nil }
        guard let place = found, let map = (statements[place] as? [String: Any])?["vmap"] as? [String: Any], let key = map["key"] else {
            return [Self(statements)]
        }
        let before = Array(statements[..<place])
        guard let elements = (map["data"] as? [String: Any])?["set"] as? [Any] else {
            // A map that has a name of its own: its elements are not listed here.
            return [Self(before + matches(key, nil) + [NSNull()])]
        }
        let all = elements.map(Element.init)
        // The catch-all comes after all others.
        return (all.filter { !$0.isCatchAll } + all.filter(\.isCatchAll)).map { element in
            Self(before + (element.isCatchAll ? [] : matches(key, element.value)) + [element.verdict])
        }
    }

    /// `[VALUE, VERDICT]` in a verdict map.
    private struct Element {
        var value: Any
        var verdict: Any
        var isCatchAll: Bool { value as? String == "*" }

        init(_ element: Any) {
            let pair = element as? [Any] ?? []
            let first = pair.first ?? NSNull()
            // One with a counter, a comment or a time of its own is wrapped.
            value = ((first as? [String: Any])?["elem"] as? [String: Any])?["val"] ?? first
            verdict = pair.count == 2 ? pair[1] : NSNull()
        }
    }

    /// What a map's key asks for, part by part.
    /// - Parameter value: nil: it is not known.
    private static func matches(_ key: Any, _ value: Any?) -> [Any] {
        guard let parts = (key as? [String: Any])?["concat"] as? [Any] else {
            let match: [String: Any] = ["op": "==", "left": key, "right": value ?? NSNull()]
            return [["match": match]]
        }
        let values = (value as? [String: Any])?["concat"] as? [Any] ?? []
        return parts.enumerated().flatMap { matches($1, $0 < values.count ? values[$0] : nil) }
    }

    /// Statements in order; what is not known makes it conditional. nft has `null` for what it cannot express: in a rule without a verdict
    /// that may be one.
    private init(_ statements: [Any]) {
        self.init()
        var isOpaque = false
        var hasUnreadDevices = false
        for statement in statements {
            guard let (name, value) = (statement as? [String: Any])?.first else {
                isOpaque = true
                continue
            }
            switch name {
            case "match": hasUnreadDevices = !take(value as? [String: Any] ?? [:]) || hasUnreadDevices
            case "accept": verdict = .accept
            case "drop", "reject": verdict = .drop
            // A program decides.
            case "queue": verdict = .unknown
            case "return": verdict = .returns
            case "jump", "goto":
                let target = (value as? [String: Any])?["target"] as? String ?? ""
                verdict = name == "jump" ? .jump(target) : .goTo(target)
            case "counter", "log", "comment", "continue", "meter", "mangle", "notrack", "dup": break
            case "xt": isOpaque = !take(extension: value as? [String: Any] ?? [:]) || isOpaque
            default: isConditional = true
            }
        }
        if isOpaque, verdict == .none { verdict = .unknown } else if isOpaque { isConditional = true }
        guard hasUnreadDevices else { return }
        switch verdict {
        case .none: isConditional = true
        // Whether our devices go there is not known, and neither is what becomes of them.
        case .accept, .drop, .unknown, .returns, .jump, .goTo: verdict = .unknown
        }
    }

    /// Targets of iptables-extensions(8) after which a packet goes on to the next rule.
    static let passing: Set<String> = [
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

    /// - Returns: false where it asks for devices that are not listed here.
    private mutating func take(_ match: [String: Any]) -> Bool {
        guard let left = match["left"] as? [String: Any], let operation = match["op"] as? String, operation == "==" || operation == "!="
        else {
            isConditional = true
            return true
        }
        let key = (left["meta"] as? [String: Any])?["key"] as? String
        if let key, ["iifname", "iif", "oifname", "oif"].contains(key) {
            guard let names = Self.names(match["right"]) else { return false }
            let device = ForwardFilter.Device(names, isInverted: operation == "!=")
            if key.hasPrefix("i") { incoming = device } else { outgoing = device }
        } else if let payload = left["payload"] as? [String: Any], let family = Self.family(payload) {
            addresses.append(
                ForwardFilter.Addresses(
                    family, Self.prefixes(match["right"]), isInverted: operation == "!=", isSource: payload["field"] as? String == "saddr"))
        } else {
            isConditional = true
        }
        return true
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
