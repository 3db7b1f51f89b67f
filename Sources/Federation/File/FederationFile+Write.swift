import NetworkTypes

extension FederationFile {
    /// The graph as YAML, always in the same form: names in order, nothing that was left out. Reading it gives the same graph.
    ///
    /// Comments of the file that the graph was read from are not in the graph and hence not here.
    package static func write(_ graph: FederationGraph) -> String {
        var lines = ["federation: \(quoted(graph.federation.text))"]
        lines.append(graph.clouds.isEmpty ? "clouds: {}" : "clouds:")
        for (name, cloud) in graph.clouds.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(quoted(name.text)):")
            lines += body(of: cloud).map { "    " + $0 }
        }
        if !graph.vpns.isEmpty { lines.append("vpns:") }
        for (name, vpn) in graph.vpns.sorted(by: { $0.key < $1.key }) {
            let body = body(of: vpn)
            lines.append("  \(quoted(name.text)):" + (body.isEmpty ? " {}" : ""))
            lines += body.map { "    " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func body(of cloud: Cloud) -> [String] {
        var lines: [String] = []
        if let asn = cloud.asn { lines.append("as: \(asn)") }
        if cloud.bgp != BGPSettings() { lines.append("bgp:") }
        if cloud.bgp.management != .agent { lines.append("  management: \(cloud.bgp.management.rawValue)") }
        if !cloud.bgp.routeServers.isEmpty { lines.append("  routeServers:") }
        for server in cloud.bgp.routeServers {
            let values = [
                ("name", server.name.map(quoted)), ("address", quoted(server.address.description)), ("as", server.asn.description),
            ]
            lines.append("    - " + flow(values))
        }
        if let mtu = cloud.underlayMTU { lines.append("underlayMTU: \(mtu)") }
        lines.append(cloud.gateways.isEmpty ? "gateways: {}" : "gateways:")
        for (name, gateway) in cloud.gateways.sorted(by: { $0.key < $1.key }) {
            let values = [
                ("vtep", (gateway.vtep?.description).map(quoted)), ("routerMAC", (gateway.routerMAC?.description).map(quoted)),
                ("probeAddress", (gateway.probeAddress?.description).map(quoted)),
            ]
            lines.append("  \(quoted(name.text)): " + flow(values))
        }
        return lines
    }

    private static func body(of vpn: VPN) -> [String] {
        var lines: [String] = []
        if let vni = vpn.vni { lines.append("vni: \(vni)") }
        if let target = vpn.routeTarget { lines.append("rt: \(quoted(target.description))") }
        if vpn.kind != .l3 { lines.append("kind: \(vpn.kind.rawValue)") }
        if vpn.policy != .fullMesh { lines.append("policy: \(vpn.policy.pattern.rawValue)") }
        if !vpn.attachments.isEmpty { lines.append("attachments:") }
        for attachment in vpn.attachments {
            let selector = attachment.selector
            let value = selector.key == .name ? quoted(selector.value) : "{\(selector.key.rawValue): \(quoted(selector.value))}"
            lines.append("  - {cloud: \(quoted(attachment.cloud.text)), \(selector.kind.rawValue): \(value)}")
        }
        return lines
    }

    /// `{key: value, …}` of those that have a value.
    private static func flow(_ pairs: [(key: String, value: String?)]) -> String {
        "{" + pairs.compactMap { pair in pair.value.map { "\(pair.key): \($0)" } }.joined(separator: ", ") + "}"
    }

    /// The text as a YAML scalar that every reader takes for this string: plain where none would take it for
    /// something else (a number, a date, YAML 1.1's `no` and base-60 integers), else in double quotes.
    static func quoted(_ text: String) -> String {
        isPlain(text) ? text : "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func isPlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) }
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        guard let first = bytes.first, let last = bytes.last, isLetter(first) || isDigit(first), last != 0x3a,
            bytes.allSatisfy({ isLetter($0) || isDigit($0) || [0x2d, 0x2e, 0x2f, 0x3a, 0x5f].contains($0) })
        else { return false }
        let words = ["y", "n", "yes", "no", "true", "false", "on", "off", "null"]
        if words.contains(text.lowercased()) { return false }
        if isLetter(first) { return true }
        // Begins with a digit: plain where it can be no number, date or base-60 integer. Four parts are an IPv4 address,
        // and a group that has three digits or more, or letters, is no base-60 digit.
        let dots = text.split(separator: ".", omittingEmptySubsequences: false)
        if dots.count == 4, !text.contains(":") { return IPv4Address(text) != nil }
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        if groups.count > 1 { return groups.dropFirst().contains { $0.count > 2 || $0.utf8.contains(where: isLetter) } }
        return bytes.contains { isLetter($0) && ![0x45, 0x65, 0x58, 0x78, 0x4f, 0x6f, 0x42, 0x62, 0x54, 0x74, 0x5a, 0x7a].contains($0) }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value):
            return "\\x" + hexadecimal(scalar, digits: 2)
        // What libyaml's reader refuses or takes for the end of a line.
        case "\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{ffff}": return "\\u" + hexadecimal(scalar, digits: 4)
        default: return String(Character(scalar))
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar, digits: Int) -> String {
        let text = String(scalar.value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
