import EVPN
import FederationModel
import NetworkTypes

/// Small worlds that the tests begin from. The strings are constants of the tests, so a typing error shows as a crash here.
package enum Samples {
    package static func intent(vpns: [VPNIntent] = [vpn("blue")], management: BGPManagement = .agent) -> GatewayIntent {
        GatewayIntent(
            federation: FederationID(unchecked: "demo"), epoch: "e", revision: 1,
            gateway: GatewayID(cloud: CloudName(unchecked: "paris"), node: NodeName(unchecked: "gw1")),
            base: BaseIntent(
                version: "b1", asn: ASN("4200000001")!, vtep: IPv4Address("10.255.1.1")!, routerMAC: MACAddress("02:fe:d0:00:00:01")!,
                probeAddress: IPv4Address("100.127.0.1")!, management: management,
                peers: [EVPNPeer(name: "spine", address: IPAddress("10.255.0.254")!, asn: ASN("4200009999")!)], underlayMTU: 1500),
            vpns: Dictionary(uniqueKeysWithValues: vpns.map { ($0.name, $0) }))
    }

    package static func vpn(_ name: String, vni: UInt32 = 10001, index: UInt16 = 1) -> VPNIntent {
        let binding = binding(vni, index)
        return VPNIntent(
            version: "v1", name: VPNName(unchecked: name), encapsulation: binding.encapsulation,
            routeDistinguisher: binding.routeDistinguisher,
            importTargets: binding.importTargets, exportTargets: binding.exportTargets,
            attachments: [AttachmentIntent(selector: .init(kind: .router, key: .name, value: "\(name)-router"))],
            origins: [1, 2, 3].map { RouteOrigin(vtep: IPv4Address("10.255.\($0).1")!, asn: ASN("420000000\($0)")!) })
    }

    package static func binding(_ vni: UInt32, _ index: UInt16) -> Binding {
        let target = RouteTarget(.as2(64900, vni))
        return Binding(
            encapsulation: .vxlan(VNI(value: vni)!), routeDistinguisher: RouteDistinguisher(.ipv4(IPv4Address("10.255.1.1")!, index)),
            importTargets: [target], exportTargets: [target])
    }

    package static func router(
        _ vpn: String = "blue", id: String? = nil, mac: String = "fa:16:3e:00:01:01", address: String = "172.24.1.10",
        hosts: [String] = ["10.1.0.11/32", "fd10:1::11/128"],
        subnets: [String] = ["10.1.0.0/24", "fd10:1::/64"], connected: [String]? = nil, isShared: Bool = false, refused: [String] = [],
        vlan: UInt16? = nil
    ) -> HostedRouter {
        HostedRouter(
            id: id ?? "\(vpn)-id", vpn: VPNName(unchecked: vpn), gatewayMAC: MACAddress(mac)!,
            gatewayAddresses: [IPAddress(address)!, IPAddress(address.replacing("172.24.1.", with: "fd24:1::"))!],
            provider: ProviderPort(bridge: "br-ex", patchPort: "patch-provnet-1-to-br-int", vlan: vlan),
            subnets: Set(subnets.map { IPPrefix($0)! }), advertised: Set(hosts.map { IPPrefix($0)! }),
            connected: Set((connected ?? subnets).map { IPPrefix($0)! }), isShared: isShared,
            refused: Set(refused.map { IPPrefix($0)! }))
    }

    package static func prefixes(_ texts: String...) -> Set<IPPrefix> { Set(texts.map { IPPrefix($0)! }) }
}

extension HostDesign {
    /// That of a VPN that has one VNI.
    package subscript(vpn: VPNName) -> VPNDesign? { vpns.values.first { $0.vpn == vpn } }
}
