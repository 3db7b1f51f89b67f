/// Which routers and how many networks a northbound database has: the witness against which a southbound one that lacks some is held.
package struct NorthboundCensus: Hashable, Sendable, Codable {
    /// By `LogicalRouter.identifier`, which outlives the rows: a database that is filled anew has other rows with the same ids.
    package var routers: Set<String>
    package var networks: Int

    package init(routers: Set<String>, networks: Int) {
        self.routers = routers
        self.networks = networks
    }

    package init(_ rows: NorthboundRows) {
        self.init(routers: Set(rows.routers.map(\.identifier)), networks: rows.switches.count)
    }
}
