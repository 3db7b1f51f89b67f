import FRR
import FederationModel
import NetworkTypes

/// Of routes of these VTEPs, only those that the rules permit are installed, and those to a default route.
package struct LearnedRestriction: Hashable, Sendable, Codable {
    package var vteps: Set<IPv4Address>
    /// Of both families; the first match decides, and what none matches is denied.
    package var rules: [PrefixRule]

    package init(vteps: Set<IPv4Address>, rules: [PrefixRule]) {
        self.vteps = vteps
        self.rules = rules
    }

    /// Just these prefixes.
    package init(vteps: Set<IPv4Address>, prefixes: Set<IPPrefix>) {
        self.init(vteps: vteps, rules: prefixes.sorted().map { PrefixRule(.permit, $0) })
    }

    /// Whether a route over this next hop may be installed.
    package func admits(_ prefix: IPPrefix, by nextHop: IPAddress) -> Bool {
        guard prefix.length > 0, case .v4(let vtep) = nextHop, vteps.contains(vtep) else { return true }
        return rules.first { $0.matches(prefix) }?.action == .permit
    }

    func filter(_ family: AddressFamily) -> InstallRestriction {
        InstallRestriction(nextHops: vteps, entries: rules.filter { $0.prefix.family == family })
    }

    /// The prefixes that a VRF's filters let in of these VTEPs, where they name just prefixes; nil: they do not.
    /// - Parameter known: restrictions of another kind.
    package static func prefixes(
        of vteps: Set<IPv4Address>, in installed: [AddressFamily: InstallContent], besides known: [LearnedRestriction]
    ) -> Set<IPPrefix>? {
        var found: Set<IPPrefix>?
        for (family, content) in installed {
            let others = Set(known.map { $0.filter(family) })
            for restriction in content.restrictions where Set(restriction.nextHops) == vteps && !others.contains(restriction) {
                guard restriction.exactPrefixes.count == restriction.entries.count else { continue }
                found = (found ?? []).union(restriction.exactPrefixes)
            }
        }
        return found
    }
}

extension VPNIntent {
    /// What other clouds may announce.
    package func rightRestrictions(in cloud: CloudName) -> [LearnedRestriction] {
        (rights ?? []).compactMap { right in
            let clouds = Set(right.clouds)
            let vteps = origins.filter { origin in
                origin.cloud.map { $0 != cloud && (clouds.isEmpty || clouds.contains($0)) } ?? false
            }.map(\.vtep)
            return vteps.isEmpty ? nil : LearnedRestriction(vteps: Set(vteps), rules: right.rules)
        }
    }
}
