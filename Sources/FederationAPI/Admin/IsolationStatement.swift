import FederationModel
import NetworkTypes
import Verification

extension IsolationAnswer {
    /// The statement that is signed: one fact a line, `key: value`, UTF-8, ended by LF; equal facts give equal bytes.
    ///
    /// - Parameter selection: the VPNs that were asked for; nil: all.
    package func statementText(of selection: Set<VPNName>?) -> String {
        var lines = [
            "ovn-federation isolation statement 1",
            "federation: \(federation)",
            "epoch: \(epoch)",
            "revision: \(revision)",
            "made at: \(rfc3339(proof.madeAt))",
            "asked for: \(selection.map { names in names.isEmpty ? "nothing" : names.sorted().map(\.text).joined(separator: " ") } ?? "all VPNs")",
            "result: \(proof.state.rawValue)",
            "VPNs: \(proof.vpns.count) of \(proof.vpnCount)",
            "pairs: \(proof.pairs.all)",
            "pairs violated: \(proof.pairs.violated)",
            "pairs proven from routes: \(proof.pairs.byRoutes)",
            "pairs proven from configuration: \(proof.pairs.byConfiguration)",
            "pairs compared by intent only: \(proof.pairs.byIntent)",
            "gateways whose other VRFs were looked at: \(proof.seenGateways) of \(proof.gatewayCount)",
            "oldest evidence: \(proof.oldestEvidence.map(rfc3339) ?? "none")",
            "witnesses: \(proof.witnessCount)",
            "gaps: \(proof.gapCount)",
        ]
        for witness in proof.witnesses { lines += witness.lines }
        for gap in proof.gaps { lines.append("gap: \(gap.text)") }
        for vpn in proof.vpns {
            lines.append(
                "VPN \(vpn.name): \(vpn.state.rawValue), by \(vpn.level.rawValue), evidence \(vpn.oldestEvidence.map(rfc3339) ?? "none"), "
                    + "imports \(Self.listed(vpn.importTargets)), exports \(Self.listed(vpn.exportTargets))"
                    + (vpn.silentGateways.isEmpty ? "" : ", not seen at \(Self.listed(vpn.silentGateways))"))
        }
        lines.append("end")
        return lines.map { printable($0) + "\n" }.joined()
    }

    private static func listed(_ values: [some CustomStringConvertible]) -> String {
        values.isEmpty ? "nothing" : values.map(\.description).joined(separator: " ")
    }
}

extension IsolationWitness {
    fileprivate var lines: [String] {
        let targets = [exported.map { "exported \($0)" }, imported.map { "imported \($0)" }].compactMap(\.self)
        let seen = route.map { ["route \($0.prefix) via \($0.nextHop) RD \($0.routeDistinguisher)"] } ?? []
        let places =
            gateways.map(\.description).joined(separator: " ")
            + (gatewayCount > gateways.count ? " and \(gatewayCount - gateways.count) more" : "")
        return [
            "witness: \(breach.rawValue), by \(level.rawValue), from \(exporter) to \(importer), at \(places)"
                + (targets + seen).map { ", \($0)" }.joined(),
            "  \(sentence)",
        ]
    }
}

extension IsolationGap {
    /// `paris/gw1 silent since …`
    fileprivate var text: String {
        "\(gateway)" + (vpn.map { " VPN \($0)" } ?? "") + " \(reason.rawValue)" + (since.map { " since \(rfc3339($0))" } ?? "")
    }
}
