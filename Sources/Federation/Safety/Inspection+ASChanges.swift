import FederationModel
import NetworkTypes

extension Inspection {
    /// Existing clouds with a new AS. bgpd has one default instance with one AS, which also holds the operator's own configuration:
    /// agents do not change it, so the operator must, on each gateway, before the new AS is in force.
    func asChanges() -> [Finding] {
        guard let old else { return [] }
        let changed = new.intents.filter { id, intent in old.intents[id].map { $0.base.asn != intent.base.asn } ?? false }
        return Dictionary(grouping: changed.keys, by: \.cloud).flatMap { cloud, gateways in
            let gateways = gateways.sorted()
            guard let first = gateways.first, let before = old.intents[first]?.base.asn, let after = new.intents[first]?.base.asn else {
                return [Finding]()
            }
            let path = "clouds.\(cloud).as"
            let sessions = gateways.reduce(0) { $0 + (new.intents[$1]?.base.peers.count ?? 0) }
            let effect =
                "AS \(before) → \(after): all \(sessions) EVPN sessions of \(cloud) reset, and its VPNs lose connectivity until bgpd on "
                + "\(gateways.listed()) runs AS \(after)"
            let opposed = gateways.compactMap { id -> (id: GatewayID, running: ASN)? in
                guard !silent.contains(id), let running = facts[id]?.base.asn, running != after else { return nil }
                return (id, running)
            }
            guard opposed.isEmpty else {
                let running = opposed.told { "bgpd on \($0.id) runs AS \($0.running)" }
                return [
                    Finding(
                        .error, .bgpdRunsOtherAS, path: path, reason: "\(effect); \(running), and agents do not change it",
                        remedy: steps(cloud, Set(opposed.map(\.running)).sorted(), after))
                ]
            }
            let unknown = gateways.filter { silent.contains($0) || facts[$0]?.base.asn == nil }
            let unheard = unknown.isEmpty ? "" : "; the AS of bgpd on \(unknown.listed()) is not known"
            return [
                Finding(
                    .warning, .asChange, path: path, reason: effect + unheard,
                    remedy: unknown.isEmpty ? "check that the sessions return: `fedctl verify`" : steps(cloud, [before], after))
            ]
        }
    }

    /// The operator's commands, in order.
    private func steps(_ cloud: CloudName, _ running: [ASN], _ wanted: ASN) -> String {
        let edits = running.map { "`sed -i 's/^router bgp \($0)\\b/router bgp \(wanted)/' /etc/frr/frr.conf`" }
        return "on each gateway of \(cloud): `systemctl stop fed-agent`, \(edits.joined(separator: ", ")), `systemctl restart frr`; then: "
            + "`fedctl set cloud \(cloud) as=\(wanted)`; then on each gateway: `systemctl start fed-agent`"
    }
}
