import FederationModel
import NetworkTypes

/// Why nothing arrives at all: the EVPN sessions between origin and viewer.
extension Arrival {
    /// A cause where no session that could carry the route is established: at the viewer, or at every advertiser.
    func sessionDown() -> Cause? {
        if let cause = down(at: viewer, towards: advertisers) { return cause }
        let causes = advertisers.map { down(at: $0, towards: [viewer]) }
        return causes.contains { $0 == nil } ? nil : causes.compactMap(\.self).first
    }

    /// The session lines of a gateway as bgpd calls them.
    func sessionLines(_ site: Site) -> [String] {
        site.baseReport.sessions.prefix(Cause.evidenceLimit).map {
            "\(site.id): session with \($0.address) AS \($0.asn) is \($0.state), \($0.prefixesReceived) prefixes received"
        }
    }

    private func down(at site: Site, towards others: [Site]) -> Cause? {
        let sessions = site.baseReport.sessions
        let carriers = addresses(from: site, towards: others)
        // With `bgp: external` the intent names nobody: any session may be the one.
        let candidates = carriers.isEmpty ? sessions : sessions.filter { carriers.contains($0.address) }
        guard !candidates.contains(where: { $0.state == "Established" }) else { return nil }
        let address = candidates.first?.address ?? carriers.sorted().first
        let state = candidates.first?.state ?? "missing"
        let target = address.map { address in
            site.base.peers.first { $0.address == address }.map { "\($0.name) (\(address))" } ?? address.description
        }
        return Cause(
            .sessionDown, "the EVPN session of \(site.id) with \(target ?? "anybody") is \(state)",
            evidence: (candidates.isEmpty
                ? ["\(site.id): bgpd has no session with \(address?.description ?? "anybody")"]
                : candidates.prefix(Cause.evidenceLimit).map { "\(site.id): session with \($0.address) AS \($0.asn) is \($0.state)" })
                + site.complaints,
            remedy: "on \(site.place): `vtysh -c 'show bgp l2vpn evpn summary'`"
                + (address.map { Self.tests($0, from: site, isConfigured: !candidates.isEmpty) } ?? ""))
    }

    /// What bgpd does not have cannot be asked for by its address.
    private static func tests(_ address: IPAddress, from site: Site, isConfigured: Bool) -> String {
        "; `ping -c 3 -I \(site.base.vtep) \(address)` tests the underlay"
            + (isConfigured
                ? "; `vtysh -c 'show bgp neighbors \(address)'` has the last reset’s reason"
                : "; the session is missing in bgpd, and the agent sets it: \(Remedy.journal)")
    }

    /// Where a session towards `others` ends: at their VTEPs where `site` peers with them, else at its route servers.
    private func addresses(from site: Site, towards others: [Site]) -> Set<IPAddress> {
        let peers = site.base.peers.map(\.address)
        let direct = Set(others.map(\.vtep)).intersection(peers)
        return direct.isEmpty ? Set(peers.filter { view.gatewaysByVTEP[$0] == nil }) : direct
    }
}
