import FederationModel
import NetworkTypes

extension Planner {
    /// So many of one kind are told; more say nothing new.
    private static let mostOverrides = 8

    /// What is in the way of a VPN's packets on this node and is others' to change.
    static func obstacles(to design: VPNDesign, _ kernel: ObservedKernel) -> [Problem] {
        guard let paths = kernel.paths else { return [] }
        let destinations = design.exemptions.values.reduce(into: Set<IPPrefix>()) { $0.formUnion($1) }
        let overrides = kernel.overrides(of: design.names.table, to: destinations).prefix(mostOverrides).map { override in
            Problem(
                code: .routeOverridden,
                message: "\(override.what) takes the traffic to \(override.prefix) of VPN \(design.vpn): another program or person made it",
                remedy: "remove it: `\(override.removal)`; and keep its maker away from the tables of the VRFs that begin with “fed”")
        }
        return overrides + narrowPaths(of: design, kernel, paths)
    }

    /// VTEPs to which the underlay carries less than the tunnel's device lets through: small packets pass, large ones vanish.
    private static func narrowPaths(of design: VPNDesign, _ kernel: ObservedKernel, _ paths: ForwardingPaths) -> [Problem] {
        guard let mtu = design.links.first(where: { $0.name == design.names.vxlan })?.mtu else { return [] }
        let needed = mtu + Cloud.vxlanOverhead
        let tunnels = (kernel.tunnels[design.names.table] ?? [:]).values
        let vteps: Set<IPAddress> = tunnels.reduce(into: []) { $0.formUnion([$1.nextHop] + $1.further) }
        let narrow = vteps.compactMap { vtep -> (vtep: IPAddress, path: UnderlayPath)? in
            guard let path = paths.underlay[vtep], path.mtu < needed else { return nil }
            return (vtep, path)
        }
        // One for each device: behind it all are concerned.
        return Set(narrow.map { $0.path.device }).sorted().compactMap { device -> Problem? in
            let found = narrow.filter { $0.path.device == device }
            guard let (vtep, path) = found.min(by: { ($0.path.mtu, $0.vtep) < ($1.path.mtu, $1.vtep) }) else { return nil }
            let others = found.count > 1 ? " and \(found.count - 1) more" : ""
            let carries = "the underlay carries packets of \(path.mtu) bytes through \(device) to VTEP \(vtep)\(others)"
            return Problem(
                code: .underlayMTU, message: "\(carries); VPN \(design.vpn) sends up to \(needed): large packets are lost",
                remedy: "raise the MTU: `ip link set \(device) mtu \(needed)`, and that of the routers behind it; or set "
                    + "“underlayMTU: \(path.mtu)” for the cloud in the federation file")
        }
    }
}
