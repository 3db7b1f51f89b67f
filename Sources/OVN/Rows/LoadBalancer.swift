import NetworkTypes
import OVSDB

/// A row of the northbound Load_Balancer (ovn-nb(5)), as Octavia's OVN provider writes it.
package struct LoadBalancer: ReplicatedRow {
    package static let table = "Load_Balancer"
    package static let columns = ["vips"]

    package let uuid: OVSDBUUID
    /// Without their ports; sorted, each once.
    package let addresses: [IPAddress]

    package init(_ values: RowValues) throws(RowProblem) {
        uuid = values.uuid
        addresses = Set(values.map("vips").keys.compactMap(Self.address)).sorted()
    }

    /// `ADDRESS`, `IPV4:PORT` or `[IPV6]:PORT`.
    private static func address(_ vip: String) -> IPAddress? {
        if let address = IPAddress(vip) { return address }
        guard let colon = vip.lastIndex(of: ":") else { return nil }
        let address = vip[..<colon]
        return IPAddress(address.hasPrefix("[") && address.hasSuffix("]") ? String(address.dropFirst().dropLast()) : String(address))
    }
}

/// A row of the northbound Load_Balancer_Group: balancers that routers have together.
package struct LoadBalancerGroup: ReplicatedRow {
    package static let table = "Load_Balancer_Group"
    package static let columns = ["load_balancer"]

    package let uuid: OVSDBUUID
    package let balancers: [OVSDBUUID]

    package init(_ values: RowValues) throws(RowProblem) {
        uuid = values.uuid
        balancers = values["load_balancer"]?.uuids ?? []
    }
}
