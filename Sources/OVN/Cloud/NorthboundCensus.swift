/// Which routers and how many networks a northbound database has: the witness against which a southbound one that lacks some is held.
package struct NorthboundCensus: Hashable, Sendable, Codable {
    /// How many ports each router has, by `LogicalRouter.identifier`, which outlives the rows: a database that is filled anew has other rows
    /// with the same ids.
    package var ports: [String: Int]
    package var networks: Int

    package init(ports: [String: Int], networks: Int) {
        self.ports = ports
        self.networks = networks
    }

    package init(_ rows: NorthboundRows) {
        self.init(
            ports: Dictionary(rows.routers.map { ($0.identifier, $0.ports.count) }, uniquingKeysWith: +), networks: rows.switches.count)
    }

    package func has(_ router: String) -> Bool { ports[router] != nil }
}
