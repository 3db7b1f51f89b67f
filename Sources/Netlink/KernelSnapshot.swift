import NetworkTypes

/// What to read of the kernel. Links and addresses are always read whole: they are few.
package struct SnapshotScope: Hashable, Sendable, Codable {
    /// The routing tables to read, both families of each. The main table (254) of a router may hold a million routes.
    package var tables: Set<UInt32>
    /// The interfaces whose neighbours and forwarding entries are read. Unknown names are skipped.
    package var interfaces: Set<String>

    package init(tables: Set<UInt32> = [], interfaces: Set<String> = []) {
        self.tables = tables
        self.interfaces = interfaces
    }
}

/// What the kernel holds.
package struct KernelSnapshot: Hashable, Sendable, Codable {
    package var links: [Link] = []
    package var addresses: [Address] = []
    package var routes: [Route] = []
    package var neighbours: [Neighbour] = []
    package var forwarding: [BridgeForwarding] = []
    /// False if the kernel's tables kept changing while they were read. An event of the change will follow.
    package var isConsistent = true

    package init() {}

    package func link(_ name: String) -> Link? { links.first { $0.name == name } }
}

extension RouteSocket {
    borrowing func snapshot(_ scope: SnapshotScope) throws(Refusal) -> KernelSnapshot {
        var snapshot = KernelSnapshot()
        let (links, names, isConsistent) = try links()
        snapshot.links = links
        var consistent = [isConsistent]
        let addresses = try addresses(interface: 0, names: names)
        snapshot.addresses = addresses.addresses
        consistent.append(addresses.isConsistent)
        for table in scope.tables.sorted() {
            for family in AddressFamily.allCases {
                let routes = try routes(table: table, family: family, names: names)
                snapshot.routes += routes.routes
                consistent.append(routes.isConsistent)
            }
        }
        for link in links where scope.interfaces.contains(link.name) {
            let neighbours = try neighbours(interface: link.index, names: names)
            let forwarding = try forwarding(interface: link.index, names: names)
            snapshot.neighbours += neighbours.neighbours
            snapshot.forwarding += forwarding.entries
            consistent += [neighbours.isConsistent, forwarding.isConsistent]
        }
        snapshot.isConsistent = !consistent.contains(false)
        return snapshot
    }
}
