import FederationModel
import NetworkTypes

/// Checks the EVPN sessions between origin and viewer if nothing arrives.
extension Arrival {
    /// A cause if no session that could carry the route is established: at the viewer, or at every advertiser.
    func sessionDown() -> Cause? {
        if let cause = down(at: viewer, towards: advertisers) { return cause }
        let causes = advertisers.map { down(at: $0, towards: [viewer]) }
        return causes.contains { $0 == nil } ? nil : causes.compactMap(\.self).first
    }

    /// The sessions of a gateway as evidence lines.
    func sessionLines(_ site: GatewayInVPN) -> [String] {
        site.baseReport.sessions.prefix(Cause.evidenceLimit).map {
            "\(site.id): session with \($0.address) AS \($0.asn) is \($0.state), \($0.prefixesReceived) prefixes received"
        }
    }

    private func down(at site: GatewayInVPN, towards others: [GatewayInVPN]) -> Cause? {
        let sessions = site.baseReport.sessions
        let carriers = addresses(from: site, towards: others)
        // With `bgp: external` the intent has no peers: any session may carry the route.
        let candidates = carriers.isEmpty ? sessions : sessions.filter { carriers.contains($0.address) }
        guard !candidates.contains(where: { $0.state == "Established" }) else { return nil }
        let address = candidates.first?.address ?? carriers.sorted().first
        let state = candidates.first?.state ?? "missing"
        let target = address.map { address in
            site.base.peers.first { $0.address == address }.map { "\($0.name) (\(address))" } ?? address.description
        }
        return Cause(
            .sessionDown, "the EVPN session of \(site.id) with \(target ?? "any peer") is \(state)",
            evidence: (candidates.isEmpty
                ? ["\(site.id): bgpd has no session with \(address?.description ?? "any peer")"]
                : candidates.prefix(Cause.evidenceLimit).map { "\(site.id): session with \($0.address) AS \($0.asn) is \($0.state)" })
                + site.complaints,
            remedy: "on \(site.place): `vtysh -c 'show bgp l2vpn evpn summary'`"
                + (address.map { Self.tests($0, from: site, isConfigured: !candidates.isEmpty) } ?? ""))
    }

    /// bgpd shows a neighbor by address only if it has it.
    private static func tests(_ address: IPAddress, from site: GatewayInVPN, isConfigured: Bool) -> String {
        "; `ping -c 3 -I \(site.base.vtep) \(address)` tests the underlay"
            + (isConfigured
                ? "; `vtysh -c 'show bgp neighbors \(address)'` shows the reason of the last reset"
                : "; bgpd lacks the session, the agent adds it: \(Remedy.journal)")
    }

    /// The peers of a session towards `others`: their VTEPs if `site` peers with them, otherwise its route servers.
    private func addresses(from site: GatewayInVPN, towards others: [GatewayInVPN]) -> Set<IPAddress> {
        let peers = site.base.peers.map(\.address)
        let direct = Set(others.map(\.vtep)).intersection(peers)
        return direct.isEmpty ? Set(peers.filter { view.gatewaysByVTEP[$0] == nil }) : direct
    }
}
