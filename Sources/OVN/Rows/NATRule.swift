import NetworkTypes
import OVSDB

/// A row of the northbound NAT (ovn-nb(5)): Neutron writes `snat` for a router's own address and `dnat_and_snat` for a floating IP.
package struct NATRule: ReplicatedRow, Codable, Comparable {
    package static let table = "NAT"
    package static let columns = [
        "type", "external_ip", "logical_ip", "logical_port", "external_mac", "exempted_ext_ips", "allowed_ext_ips",
    ]

    package enum Kind: String, Hashable, Sendable, Codable { case snat, dnat, dnatAndSNAT = "dnat_and_snat" }

    package let uuid: OVSDBUUID
    package let kind: Kind
    package let external: IPAddress
    /// The inside: a network for `snat` (Neutron 2024.1 and later write 0.0.0.0/0), otherwise one address as /32 or /128.
    package let logical: IPPrefix
    package let logicalPort: String?
    package let hasExternalMAC: Bool
    /// The Address_Set of peers towards which the rule does not apply.
    package var exempted: OVSDBUUID?
    /// The Address_Set of the only peers towards which the rule applies. northd drops a rule that has both.
    package let allowed: OVSDBUUID?

    /// Translated on the VM's own chassis (ovn-nb(5), `external_mac`): such a VM's packets leave there and never pass the gateway.
    package var isDistributed: Bool { kind == .dnatAndSNAT && logicalPort != nil && hasExternalMAC }

    /// Whether the rule rewrites the source of outgoing packets.
    package var translatesSource: Bool { kind != .dnat }

    package var family: AddressFamily { logical.family }

    package init(_ values: RowValues) throws(RowProblem) {
        let type = values["type"]?.string ?? ""
        guard let kind = Kind(rawValue: type) else { throw values.problem("type", type, "is an unknown NAT type") }
        let external = values["external_ip"]?.string ?? ""
        guard let externalAddress = IPAddress(external) else {
            throw values.problem("external_ip", external, "is not an IP address")
        }
        let logical = values["logical_ip"]?.string ?? ""
        // northd clears host bits itself, so 10.0.0.5/24 is a network here.
        guard let interface = InterfaceAddress(logical) else {
            throw values.problem("logical_ip", logical, "is not an IP address or network")
        }
        uuid = values.uuid
        self.kind = kind
        self.external = externalAddress
        self.logical = interface.prefix
        logicalPort = values["logical_port"]?.string
        hasExternalMAC = !(values["external_mac"]?.string ?? "").isEmpty
        exempted = values["exempted_ext_ips"]?.uuid
        allowed = values["allowed_ext_ips"]?.uuid
    }

    package static func < (a: Self, b: Self) -> Bool { a.uuid < b.uuid }
}
