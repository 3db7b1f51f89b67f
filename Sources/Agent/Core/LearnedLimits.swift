import EVPN
import FRR
import FederationModel
import NetworkTypes

/// The maximums of what one VPN learns from other clouds: of each of them, and of all together.
///
/// FRR before 10.1 has none for EVPN, and later ones end the session. So the agent counts what it finds in the kernel. While a maximum is
/// exceeded, the VRF's install filter names what is let in, and what bgpd has beyond that is read too.
package struct LearnedLimits: Hashable, Sendable, Codable {
    /// Whose the VTEPs of other clouds are: a cloud, or an AS of another fabric.
    private var owners: [IPv4Address: String] = [:]
    private var perOrigin: [String: LearnedLimit] = [:]
    private var total = LearnedLimit()
    private var maximum = VPN.defaultMaximumLearned
    private var maximumPerOrigin = VPN.defaultMaximumLearnedPerOrigin

    /// - Parameter running: the filters of the VPN that bgpd runs: what an agent before this one let in.
    init(running: [[AddressFamily: InstallContent]], _ vpn: VPNIntent, in cloud: CloudName, at now: Int64) {
        take(vpn, in: cloud)
        func adopt(_ vteps: Set<IPv4Address>) -> LearnedLimit? {
            let rights = vpn.rightRestrictions(in: cloud)
            let found = running.compactMap { LearnedRestriction.prefixes(of: vteps, in: $0, besides: rights) }
            return found.isEmpty ? nil : LearnedLimit(exceededWith: found.reduce(into: []) { $0.formUnion($1) }, at: now)
        }
        for owner in Set(owners.values) { perOrigin[owner] = adopt(vteps(of: owner)) }
        if Set(owners.values).count > 1, let found = adopt(Set(owners.keys)) { total = found }
    }

    private mutating func take(_ vpn: VPNIntent, in cloud: CloudName) {
        owners = [:]
        for origin in vpn.origins where origin.cloud != cloud { owners[origin.vtep] = origin.owner }
        maximum = vpn.maximumLearned ?? VPN.defaultMaximumLearned
        maximumPerOrigin = vpn.maximumLearnedPerOrigin ?? VPN.defaultMaximumLearnedPerOrigin
    }

    private func vteps(of owner: String) -> Set<IPv4Address> { Set(owners.lazy.filter { $0.value == owner }.map(\.key)) }

    private func owner(of nextHop: IPAddress) -> String? {
        guard case .v4(let vtep) = nextHop else { return nil }
        return owners[vtep]
    }

    /// Whether something is kept out, so that the kernel does not tell all that is offered.
    package var isExceeded: Bool { total.admitted != nil || perOrigin.values.contains { $0.admitted != nil } }

    /// - Parameters:
    ///   - routes: in the kernel.
    ///   - offered: all that bgpd has; nil: not known.
    ///   - standing: what was let in before.
    mutating func judge(
        _ vpn: VPNIntent, in cloud: CloudName, routes: [OfferedRoute], offered: [OfferedRoute]?, standing: Set<IPPrefix>, at now: Int64
    ) {
        take(vpn, in: cloud)
        let inKernel = prefixes(of: routes)
        let known = offered.map(prefixes(of:))
        perOrigin = perOrigin.filter { owner, _ in owners.values.contains(owner) }
        for owner in Set(inKernel.keys).union(perOrigin.keys) {
            var limit = perOrigin[owner] ?? LearnedLimit()
            let found = limit.admitted == nil ? inKernel[owner] ?? [] : known.map { $0[owner] ?? [] }
            limit.judge(found, maximum: maximumPerOrigin, standing: standing, at: now)
            perOrigin[owner] = limit.admitted == nil ? nil : limit
        }
        let all = total.admitted == nil ? inKernel : known
        let within = all.map {
            $0.reduce(into: Set<IPPrefix>()) { found, entry in
                found.formUnion(entry.value.filter { perOrigin[entry.key]?.admits($0) ?? true })
            }
        }
        total.judge(within, maximum: maximum, standing: standing, at: now)
    }

    /// By owner. Default routes are few, and their origins are named in the file.
    private func prefixes(of routes: [OfferedRoute]) -> [String: Set<IPPrefix>] {
        routes.reduce(into: [:]) { found, route in
            guard route.prefix.length > 0 else { return }
            for owner in Set(route.nextHops.compactMap(owner(of:))) { found[owner, default: []].insert(route.prefix) }
        }
    }

    /// Whether traffic may be sent to a prefix over these next hops.
    func admits(_ prefix: IPPrefix, by nextHops: [IPAddress]) -> Bool {
        guard isExceeded, prefix.length > 0 else { return true }
        let owners = nextHops.compactMap(owner(of:))
        return owners.allSatisfy { perOrigin[$0]?.admits(prefix) ?? true } && (owners.isEmpty || total.admits(prefix))
    }

    /// For the install filter.
    var restrictions: [LearnedRestriction] {
        let each = perOrigin.sorted { $0.key < $1.key }.compactMap { owner, limit in
            limit.admitted.map { LearnedRestriction(vteps: vteps(of: owner), prefixes: $0) }
        }
        return each + (total.admitted.map { [LearnedRestriction(vteps: Set(owners.keys), prefixes: $0)] } ?? [])
    }

    func problems(of vpn: VPNName) -> [Problem] {
        func problem(_ limit: LearnedLimit, _ whose: String, _ maximum: Int, _ fields: String) -> Problem? {
            guard limit.admitted != nil else { return nil }
            return Problem(
                code: .learnedLimit,
                message:
                    "VPN \(vpn): \(whose) \(limit.offered) prefixes, over the maximum of \(maximum): \(limit.refused) are not installed",
                remedy: "have hosts advertised as subnets there (“advertise: [subnets]”), or raise \(fields)")
        }
        let each = perOrigin.sorted { $0.key < $1.key }.compactMap { owner, limit in
            problem(
                limit, "\(owner) announces", maximumPerOrigin,
                "“maximumLearnedPerOrigin” of the VPN or “limits.learnedPerOrigin” of the cloud")
        }
        let all = problem(
            total, "other clouds announce", maximum, "“maximumLearned” of the VPN or “limits.learnedPerVPN” of the cloud")
        return each + [all].compactMap(\.self)
    }
}
