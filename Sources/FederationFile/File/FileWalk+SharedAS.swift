import FederationModel
import NetworkTypes

extension FileWalk {
    /// Clouds with the same AS can use only iBGP between them. Reports clouds that cannot, and an equal AS that may be a mistake.
    mutating func checkSharedASes(_ clouds: [CloudName: Cloud]) {
        let given = clouds.compactMapValues(\.asn)
        for (asn, names) in Dictionary(grouping: given.keys, by: { given[$0] }) where names.count > 1 {
            let members = names.sorted { (places["clouds.\($0).as"] ?? .start, $0) < (places["clouds.\($1).as"] ?? .start, $1) }
            guard let asn, let first = members.first else { continue }
            let line = places["clouds.\(first).as"]?.line ?? 1
            for name in members {
                guard let cloud = clouds[name], let place = places["clouds.\(name).as"] else { continue }
                let other = members.first { $0 != name } ?? first
                if !cloud.mayShare(asn) {
                    let servers = cloud.bgp.routeServers.map { "\($0.name ?? $0.address.description) (AS \($0.asn))" }.listed()
                    report(
                        at: place, path: "clouds.\(name).as", value: asn.description,
                        reason:
                            "\(name) shares AS \(asn) with \(other) but peers only with \(servers): eBGP drops routes that carry the "
                            + "receiver's AS",
                        remedy: "give each cloud its own AS or omit it, add a route reflector of AS \(asn), or write "
                            + "“bgp: external” and manage BGP yourself")
                } else if name != first, cloud.bgp == BGPSettings(), clouds[first]?.bgp == BGPSettings() {
                    report(
                        .warning, at: place, path: "clouds.\(name).as", value: asn.description,
                        reason: "AS \(asn) appears twice, first at \(first)\(otherLine(" on line", line)): their sessions will be iBGP",
                        remedy: "give each cloud its own AS, unless your fabric has one AS")
                }
            }
        }
    }
}
