import EVPN
import NetworkTypes

/// Flows as `ovs-ofctl` reads and prints them in OpenFlow 1.3 (ovs-fields(7), ovs-actions(7)).
package enum FlowText {
    /// Why a printed flow is none that this agent writes. It is left to the caller to remove it by its line.
    package struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
        package let line: String
        package let part: String
        package var description: String { "cannot read “\(part)” in the flow “\(line)”" }
    }

    // MARK: - Writing

    /// For `add-flows`.
    package static func added(_ flow: Flow) -> String {
        "add cookie=0x\(String(flow.cookie, radix: 16)),\(match(flow)),actions=\(actions(flow.action))"
    }

    /// For `add-flows`: removes exactly this flow.
    package static func removed(_ flow: Flow) -> String {
        "delete_strict cookie=0x\(String(flow.cookie, radix: 16))/-1,\(match(flow))"
    }

    /// Restricts `dump-flows` to ours.
    package static let ours =
        "cookie=0x\(String(Flow.cookieMark, radix: 16))/0x\(String(Flow.cookieMask, radix: 16))"

    private static func match(_ flow: Flow) -> String {
        var parts = ["priority=\(flow.priority)"]
        if let family = flow.source?.family ?? flow.destination?.family { parts.append(family == .ipv4 ? "ip" : "ipv6") }
        if let port = flow.inPort { parts.append("in_port=\(port)") }
        if let vlan = flow.vlan { parts.append("dl_vlan=\(vlan)") }
        if let mac = flow.sourceMAC { parts.append("dl_src=\(mac)") }
        if let mac = flow.destinationMAC { parts.append("dl_dst=\(mac)") }
        if let prefix = flow.source { parts.append("\(prefix.family == .ipv4 ? "nw_src" : "ipv6_src")=\(prefix)") }
        if let prefix = flow.destination { parts.append("\(prefix.family == .ipv4 ? "nw_dst" : "ipv6_dst")=\(prefix)") }
        return parts.joined(separator: ",")
    }

    private static func actions(_ action: Flow.Action) -> String {
        switch action {
        case .deliver(let mac, let stripVLAN, let port): "set_field:\(mac)->eth_dst,\(stripVLAN ? "pop_vlan," : "")output:\(port)"
        // OpenFlow 1.3 wants the "present" bit (0x1000) with the VLAN id.
        case .inject(let vlan?, let port): "push_vlan:0x8100,set_field:\(vlan | 0x1000)->vlan_vid,output:\(port)"
        case .inject(nil, let port): "output:\(port)"
        case .drop: "drop"
        }
    }

    // MARK: - Reading

    /// One line of `dump-flows --no-names --no-stats`; nil for the reply's heading and empty lines.
    package static func parse(_ line: some StringProtocol) throws(Unreadable) -> Flow? {
        let text = Substring(line).split(whereSeparator: \.isWhitespace)
        guard let cookiePart = text.first(where: { $0.hasPrefix("cookie=") }) else { return nil }
        func refusal(_ part: some StringProtocol) -> Unreadable { Unreadable(line: String(line), part: String(part)) }
        let cookieText = cookiePart.dropFirst("cookie=0x".count).prefix { $0 != "," }
        guard let cookie = UInt64(cookieText, radix: 16) else { throw refusal(cookiePart) }
        guard let actionsPart = text.last, actionsPart.hasPrefix("actions=") else { throw refusal("actions") }

        var fields = Fields()
        for part in text where part.contains("priority=") || part.contains("in_port=") {
            for field in part.split(separator: ",") {
                guard fields.take(field) else { throw refusal(field) }
            }
        }
        guard let action = action(actionsPart.dropFirst("actions=".count)) else { throw refusal(actionsPart) }
        var flow = Flow(
            index: 0, priority: fields.priority, inPort: fields.inPort, vlan: fields.vlan, sourceMAC: fields.sourceMAC,
            destinationMAC: fields.destinationMAC, source: fields.source, destination: fields.destination, action: action)
        flow.cookie = cookie
        return flow
    }

    /// The match of a printed flow, field by field.
    private struct Fields {
        var priority: UInt16 = 32768
        var inPort: UInt32?
        var vlan: UInt16?
        var sourceMAC: MACAddress?
        var destinationMAC: MACAddress?
        var source: IPPrefix?
        var destination: IPPrefix?

        /// False for a field that no flow of ours has, or one that cannot be read.
        mutating func take(_ field: Substring) -> Bool {
            let parts = field.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return field == "ip" || field == "ipv6" }
            let value = String(parts[1])
            switch parts[0] {
            case "priority": return assign(UInt16(value), to: &priority)
            case "in_port": return assign(UInt32(value), to: &inPort)
            case "dl_vlan": return assign(UInt16(value), to: &vlan)
            case "dl_src": return assign(MACAddress(value), to: &sourceMAC)
            case "dl_dst": return assign(MACAddress(value), to: &destinationMAC)
            case "nw_src", "ipv6_src": return assign(IPPrefix(value), to: &source)
            case "nw_dst", "ipv6_dst": return assign(IPPrefix(value), to: &destination)
            default: return false
            }
        }

        private func assign<Value>(_ value: Value?, to field: inout Value) -> Bool {
            guard let value else { return false }
            field = value
            return true
        }

        private func assign<Value>(_ value: Value?, to field: inout Value?) -> Bool {
            guard let value else { return false }
            field = value
            return true
        }
    }

    private static func action(_ text: Substring) -> Flow.Action? {
        if text == "drop" { return .drop }
        var mac: MACAddress?
        var pops = false
        var vlan: UInt16?
        for part in text.split(separator: ",") {
            if part.hasPrefix("set_field:"), part.hasSuffix("->eth_dst") {
                mac = MACAddress(String(part.dropFirst(10).dropLast(9)))
            } else if part.hasPrefix("set_field:"), part.hasSuffix("->vlan_vid") {
                guard let value = UInt16(part.dropFirst(10).dropLast(10)) else { return nil }
                vlan = value & 0xfff
            } else if part == "pop_vlan" {
                pops = true
            } else if part.hasPrefix("output:"), let port = UInt32(part.dropFirst(7)) {
                if let mac { return .deliver(mac: mac, stripVLAN: pops, port: port) }
                return .inject(vlan: vlan, port: port)
            } else if !part.hasPrefix("push_vlan:") {
                return nil
            }
        }
        return nil
    }
}
