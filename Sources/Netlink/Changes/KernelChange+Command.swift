import NetworkTypes

extension KernelChange: CustomStringConvertible {
    /// The equivalent iproute2 command, for logs, errors, dry runs and admins.
    package var description: String {
        switch self {
        case .createLink(let name, let kind, let mac, let mtu):
            words("ip link add name", name, mac.map { "address \($0)" }, mtu.map { "mtu \($0)" }, "type", kind.command)
        case .deleteLink(let name): "ip link del dev \(name)"
        case .setLink(let name, .bridgePort(let port)):
            "bridge link set dev \(name) learning \(onOff(port.learning)) neigh_suppress \(onOff(port.neighbourSuppression))"
        case .setLink(let name, let setting): "ip link set dev \(name) \(setting.command)"
        case .putAddress(let address): "ip address replace \(address.command)"
        case .deleteAddress(let address): "ip address del \(address.address) dev \(address.interface)"
        case .addRoute(let route): "\(route.tool) add \(route.command)"
        case .putRoute(let route): "\(route.tool) replace \(route.command)"
        case .deleteRoute(let route): "\(route.tool) del \(route.identity)"
        case .putNeighbour(let neighbour): "ip neigh replace \(neighbour.command)"
        case .deleteNeighbour(let neighbour): "ip neigh del \(neighbour.address) dev \(neighbour.interface)"
        case .putForwarding(let entry): "bridge fdb \(entry.isAppended ? "append" : "replace") \(entry.command)"
        case .deleteForwarding(let entry): "bridge fdb del \(entry.identity)"
        }
    }
}

private func words(_ parts: String?...) -> String { parts.compactMap(\.self).joined(separator: " ") }
private func onOff(_ value: Bool) -> String { value ? "on" : "off" }

extension LinkKind {
    fileprivate var command: String {
        switch self {
        case .vrf(let table): "vrf table \(table)"
        case .vxlan(let tunnel):
            words(
                "vxlan", tunnel.vni.map { "id \($0)" } ?? "external", tunnel.local.map { "local \($0)" }, "dstport \(tunnel.port)",
                tunnel.learning ? "learning" : "nolearning")
        case .veth(let peer): words("veth", peer.map { "peer name \($0)" })
        case .bridge: words(word, "vlan_default_pvid 0")
        case .dummy, .other: word
        }
    }
}

extension LinkSetting {
    fileprivate var command: String {
        switch self {
        case .master(let name): name.map { "master \($0)" } ?? "nomaster"
        case .mac(let mac): "address \(mac)"
        case .mtu(let mtu): "mtu \(mtu)"
        case .up: "up"
        case .down: "down"
        case .arp(let isOn): "arp \(onOff(isOn))"
        case .addressGeneration(.none): "addrgenmode none"
        case .addressGeneration(.eui64): "addrgenmode eui64"
        case .addressGeneration(.stablePrivacy): "addrgenmode stable_secret"
        case .addressGeneration(.random): "addrgenmode random"
        case .bridgePort(let port): "learning \(onOff(port.learning)) neigh_suppress \(onOff(port.neighbourSuppression))"
        }
    }
}

extension Address {
    fileprivate var command: String {
        words(
            address.description, "dev", interface, scope == .global ? nil : "scope \(scope.number)",
            suppressesPrefixRoute ? "noprefixroute" : nil, skipsDuplicateDetection ? "nodad" : nil)
    }
}

extension Route {
    fileprivate var tool: String { prefix.family == .ipv4 ? "ip route" : "ip -6 route" }

    fileprivate var identity: String {
        words(
            kind == .unicast ? nil : kind.word, prefix.length == 0 ? "default" : prefix.description, "table \(table)",
            protocolNumber == 0 ? nil : "proto \(protocolNumber)", metric == 0 ? nil : "metric \(metric)")
    }

    fileprivate var command: String {
        if let nextHopObject { return "\(identity) nhid \(nextHopObject)" }
        if nextHops.count == 1 { return "\(identity) \(nextHops[0].command)" }
        return words(identity, nextHops.map { "nexthop \($0.command) weight \($0.weight)" }.joined(separator: " "))
            .trimmingTrailingSpace
    }
}

extension NextHop {
    fileprivate var command: String {
        words(
            gateway.map { "via \($0.family == .ipv6 ? "inet6 " : "")\($0)" }, "dev \(interface)", isOnLink ? "onlink" : nil)
    }
}

extension Neighbour {
    fileprivate var command: String {
        words(
            address.description, mac.map { "lladdr \($0)" }, "dev \(interface) nud \("\(state)".lowercased())",
            isExternallyLearned ? "extern_learn" : nil, protocolNumber == 0 ? nil : "protocol \(protocolNumber)")
    }
}

extension BridgeForwarding {
    /// One MAC address may be behind several VTEPs only for flooding.
    var isAppended: Bool { mac.isMulticast || mac.bits == 0 }

    fileprivate var identity: String {
        words(
            mac.description, "dev \(interface)", destination.map { "dst \($0)" }, vlan.map { "vlan \($0)" }, isSelf ? "self" : "master")
    }

    fileprivate var command: String {
        words(identity, "\(lifetime)", isExternallyLearned ? "extern_learn" : nil)
    }
}

extension String {
    fileprivate var trimmingTrailingSpace: String { hasSuffix(" ") ? String(dropLast()) : self }
}
