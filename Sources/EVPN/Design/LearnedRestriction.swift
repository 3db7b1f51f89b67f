import FRR
import NetworkTypes

/// Of routes of these VTEPs, only those to these prefixes are installed, and those to a default route.
package struct LearnedRestriction: Hashable, Sendable, Codable {
    package var vteps: Set<IPv4Address>
    /// Of both families.
    package var prefixes: Set<IPPrefix>

    package init(vteps: Set<IPv4Address>, prefixes: Set<IPPrefix>) {
        self.vteps = vteps
        self.prefixes = prefixes
    }

    func filter(_ family: AddressFamily) -> InstallRestriction {
        InstallRestriction(nextHops: vteps, only: prefixes.filter { $0.family == family })
    }

    /// What a VRF's filters say; nil where they restrict these VTEPs in no such way.
    package init?(of vteps: Set<IPv4Address>, in installed: [AddressFamily: InstallContent]) {
        let found = installed.values.flatMap(\.restrictions).filter { restriction in
            Set(restriction.nextHops) == vteps && restriction.exactPrefixes.count == restriction.entries.count
        }
        guard !found.isEmpty else { return nil }
        self.init(vteps: vteps, prefixes: found.reduce(into: []) { $0.formUnion($1.exactPrefixes) })
    }
}
