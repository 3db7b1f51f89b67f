import FRR
import FederationModel
import NetworkTypes

extension InstallContent {
    /// The routes of one address family that a VRF installs, of all that carry its route targets: those of VTEPs that may export to it and
    /// that its filter permits; default routes only of VTEPs that may originate one.
    /// - Parameters:
    ///   - own: This gateway's VTEP. No learned route leads to it.
    ///   - restrictions: What of them is not installed all the same.
    init(_ family: AddressFamily, of vpn: VPNIntent, own: IPv4Address, _ restrictions: [LearnedRestriction]) {
        let everything = IPPrefix.everything(family)
        let rules =
            vpn.importFilter.isEmpty
            ? [PrefixRule(.permit, everything, le: family.width)] : vpn.importFilter.filter { $0.prefix.family == family }
        let others = vpn.origins.filter { $0.vtep != own }
        // Without a rule of this family nothing of it passes.
        let takesDefault = !rules.isEmpty && rules.permits(everything)
        self.init(
            entries: rules, nextHops: others.map(\.vtep),
            defaultNextHops: takesDefault ? others.filter(\.originatesDefault).map(\.vtep) : [],
            restrictions: restrictions.map { $0.filter(family) })
    }

    /// Both families.
    static func of(_ vpn: VPNIntent, own: IPv4Address, _ restrictions: [LearnedRestriction]) -> [AddressFamily: InstallContent] {
        Dictionary(uniqueKeysWithValues: AddressFamily.allCases.map { ($0, InstallContent($0, of: vpn, own: own, restrictions)) })
    }
}
