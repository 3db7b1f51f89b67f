import FRR
import FederationModel
import NetworkTypes

extension InstallContent {
    /// What of one address family a VRF installs of all that bears its route targets: routes of who may export to it, of the prefixes that
    /// its filter lets through, and default routes of those only who may originate one.
    /// - Parameter own: This gateway's VTEP: no route that it gets leads to itself.
    init(_ family: AddressFamily, of vpn: VPNIntent, own: IPv4Address) {
        let everything = IPPrefix.everything(family)
        let rules =
            vpn.importFilter.isEmpty
            ? [PrefixRule(.permit, everything, le: family.width)] : vpn.importFilter.filter { $0.prefix.family == family }
        let others = vpn.origins.filter { $0.vtep != own }
        // Without a rule of this family nothing of it passes.
        let takesDefault = !rules.isEmpty && rules.permits(everything)
        self.init(
            entries: rules, nextHops: others.map(\.vtep),
            defaultNextHops: takesDefault ? others.filter(\.originatesDefault).map(\.vtep) : [])
    }

    /// That of both families.
    static func of(_ vpn: VPNIntent, own: IPv4Address) -> [AddressFamily: InstallContent] {
        Dictionary(uniqueKeysWithValues: AddressFamily.allCases.map { ($0, InstallContent($0, of: vpn, own: own)) })
    }
}
