import Federation
import FederationModel
import NetworkTypes

extension FileWalk {
    /// The whole document. Anything invalid is reported and skipped.
    mutating func graph(of root: Item) -> FederationGraph? {
        guard let fields = fields(of: root, .document) else { return nil }
        var graph = FederationGraph(federation: FederationID(unchecked: ""))
        var claims = Claims()
        if let item = fields["pools"] { graph.pools = pools(of: item) ?? PoolSettings() }
        if let item = fields["reserved"] { graph.reservations = reservations(of: item, &claims) }
        var declared: Set<CloudName> = []
        if let item = fields["clouds"], let entries = entries(of: item, as: "“clouds”", example: "clouds: {paris: {…}}") {
            for entry in entries {
                // Also under an invalid name: one mistake must not hide others.
                let name = name(of: entry, as: CloudName.self)
                let cloud = cloud(of: entry, &claims, probes: graph.pools.probeAddresses)
                guard let name, !entry.isRepeated else { continue }
                declared.insert(name)
                graph.clouds[name] = cloud
            }
        }
        checkSharedASes(graph.clouds)
        if let item = fields["vpns"], let entries = entries(of: item, as: "“vpns”", example: "vpns: {blue: {…}}") {
            var context = VPNContext(
                declared: declared, clouds: graph.clouds, vpns: Set(entries.compactMap { VPNName($0.name) }),
                own: FederationAddresses(graph.clouds),
                administrator: graph.pools.routeTargetAdministrator ?? Pools().routeTargetAdministrator)
            for entry in entries {
                let name = name(of: entry, as: VPNName.self)
                let vpn = vpn(of: entry, named: name ?? VPNName(unchecked: entry.name), &claims, &context)
                if let name, !entry.isRepeated { graph.vpns[name] = vpn }
            }
            checkLoops(context.shares)
            reportLonely(context)
        }
        guard let federation = fields["federation"].flatMap({ value(of: $0, as: FederationID.self) }) else { return nil }
        graph.federation = federation
        return graph
    }
}
