import NetworkTypes

extension FileWalk {
    /// The whole document. What is wrong is reported and left out.
    mutating func graph(of root: Item) -> FederationGraph? {
        guard let fields = fields(of: root, .document) else { return nil }
        var graph = FederationGraph(federation: FederationID(unchecked: ""))
        var claims = Claims()
        if let item = fields["pools"] { graph.pools = pools(of: item) ?? PoolSettings() }
        if let item = fields["reserved"] { graph.reservations = reservations(of: item, &claims) }
        var declared: Set<CloudName> = []
        if let item = fields["clouds"], let entries = entries(of: item, as: "“clouds”", example: "clouds: {paris: {…}}") {
            for entry in entries {
                guard let name = name(of: entry, as: CloudName.self) else { continue }
                declared.insert(name)
                graph.clouds[name] = cloud(of: entry, &claims, probes: graph.pools.probeAddresses)
            }
        }
        if let item = fields["vpns"], let entries = entries(of: item, as: "“vpns”", example: "vpns: {blue: {…}}") {
            var context = VPNContext(
                declared: declared, clouds: graph.clouds, vpns: Set(entries.compactMap { VPNName($0.name) }),
                administrator: graph.pools.routeTargetAdministrator ?? Pools().routeTargetAdministrator)
            for entry in entries {
                guard let name = name(of: entry, as: VPNName.self) else { continue }
                graph.vpns[name] = vpn(of: entry, named: name, &claims, &context)
            }
            checkLoops(context.shares)
            reportLonely(context)
        }
        guard let federation = fields["federation"].flatMap({ value(of: $0, as: FederationID.self) }) else { return nil }
        graph.federation = federation
        return graph
    }
}
