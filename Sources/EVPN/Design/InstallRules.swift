import FederationModel
import NetworkTypes

/// What of one address family a VRF installs of all that bears its route targets: routes of who may export to it, of the prefixes that its
/// filter lets through, and default routes of those only who may originate one.
///
/// In one spelling for all that lets the same in, so that what runs can be compared with what shall run.
package struct InstallRules: Hashable, Sendable, Codable {
    /// Of prefixes, canonical, in order; none is about the default route alone. Empty together with `nextHops`.
    package var rules: [PrefixRule]
    /// Sorted: the VTEPs.
    package var nextHops: [IPv4Address]
    /// Sorted: those whose default routes are installed.
    package var defaultNextHops: [IPv4Address]

    /// As read from what runs.
    package init(rules: [PrefixRule], nextHops: [IPv4Address], defaultNextHops: [IPv4Address]) {
        self.rules = rules
        self.nextHops = nextHops
        self.defaultNextHops = defaultNextHops
    }

    /// - Parameters:
    ///   - filter: Of both families, canonical; empty: every prefix.
    ///   - origins: Sorted.
    ///   - own: This gateway's VTEP: no route that it gets leads to itself.
    package init(_ family: AddressFamily, filter: [PrefixRule], origins: [RouteOrigin], own: IPv4Address) {
        let everything = IPPrefix.everything(family)
        let rules = filter.isEmpty ? [PrefixRule(.permit, everything, le: family.width)] : filter.filter { $0.prefix.family == family }
        let others = origins.filter { $0.vtep != own }
        // Without a rule of this family nothing of it passes.
        let takesDefault = !rules.isEmpty && rules.permits(everything)
        defaultNextHops = takesDefault ? others.filter(\.originatesDefault).map(\.vtep) : []
        let specific = rules.filter { $0.prefix != everything || $0.lengths.upperBound > 0 }
        let isEmpty = specific.isEmpty || others.isEmpty
        self.rules = isEmpty ? [] : specific
        nextHops = isEmpty ? [] : others.map(\.vtep)
    }

    /// Those of both families.
    package static func of(_ vpn: VPNIntent, own: IPv4Address) -> [AddressFamily: InstallRules] {
        let filter = PrefixRule.canonical(vpn.importFilter)
        return Dictionary(
            uniqueKeysWithValues: AddressFamily.allCases.map {
                ($0, InstallRules($0, filter: filter, origins: vpn.origins, own: own))
            })
    }
}
