import FederationModel
import NetworkTypes

extension FileWalk {
    /// - Parameters:
    ///   - cloud: Their cloud.
    ///   - hasPool: Whether omitted VTEPs are allocated.
    mutating func gateways(of list: Item, cloud: Item, hasPool: Bool, _ claims: inout Claims) -> [NodeName: Gateway] {
        guard let entries = entries(of: list, as: "“gateways”", example: "gateways: {gw1: {vtep: 192.0.2.1}}") else { return [:] }
        if entries.isEmpty {
            report(
                at: list.namePlace, path: list.path, reason: "cloud \(cloud.name) has no gateways",
                remedy: FileKeys.cloud.required["gateways"] ?? "")
        }
        var gateways: [NodeName: Gateway] = [:]
        for entry in entries {
            let name = name(of: entry, as: NodeName.self)
            guard let fields = fields(of: entry, .gateway) else { continue }
            if fields["vtep"] == nil, !hasPool {
                report(
                    at: entry.namePlace, path: entry.path, reason: "missing key “vtep”",
                    remedy: "add its VXLAN tunnel endpoint address, like “vtep: 192.0.2.1”, or give \(cloud.name) a “vtepPool”")
            }
            let gateway = Gateway(
                vtep: fields["vtep"].flatMap { vtep(of: $0, &claims) },
                routerMAC: fields["routerMAC"].flatMap { routerMAC(of: $0, &claims) },
                probeAddress: fields["probeAddress"].flatMap { unicastAddress(of: $0, &claims) })
            if let name, !entry.isRepeated { gateways[name] = gateway }
        }
        return gateways
    }

    /// Also parses IPv6, to explain why it is refused.
    private mutating func vtep(of item: Item, _ claims: inout Claims) -> IPAddress? {
        guard item.node.scalar?.string.contains(":") == true else { return unicastAddress(of: item, &claims).map { .v4($0) } }
        guard let address = value(of: item, as: IPAddress.self) else { return nil }
        report(
            at: item.place, path: item.path, value: address.description,
            reason: "\(address) is an IPv6 address: EVPN in FRR 8.4 supports IPv4 VTEPs only",
            remedy: "write the gateway's IPv4 address; tenants' IPv6 works over it")
        return address
    }

    private mutating func routerMAC(of item: Item, _ claims: inout Claims) -> MACAddress? {
        guard let mac = value(of: item, as: MACAddress.self) else { return nil }
        if mac.isMulticast || mac.bits == 0 {
            report(
                at: item.place, path: item.path, value: mac.description,
                reason: "invalid router MAC \(mac): must \(mac.bits == 0 ? "not be zero" : "be unicast")",
                remedy: "write one like 02:00:00:00:00:01, or omit it to have one allocated")
            return nil
        }
        claims.claim(.routerMAC, mac, for: item, in: &self)
        return mac
    }

    private mutating func unicastAddress(of item: Item, _ claims: inout Claims) -> IPv4Address? {
        guard let address = value(of: item, as: IPv4Address.self) else { return nil }
        if let purpose = SpecialPurpose(of: .v4(address)) {
            report(
                at: item.place, path: item.path, value: address.description,
                reason: "invalid gateway address \(address): \(purpose.words)",
                remedy: "write a unicast address like 192.0.2.1")
            return nil
        }
        claims.claim(.address, address, for: item, in: &self)
        return address
    }
}
