import FederationAPI
import FederationModel
import FederationViews
import Terminal
import Verification

extension IsolationAnswer {
    /// The sum, then the worst witnesses with their remedies, then what was not seen: a screen at most.
    ///
    /// - Parameter wide: with a line for each VPN.
    func page(wide: Bool) -> Page {
        var page = Page()
        page.line(headline)
        page.field("proven", provenLevels)
        page.field("other VRFs", StyledText(otherVRFs))
        page.field("evidence", StyledText(evidence))
        for witness in proof.witnesses.prefix(Self.witnessLimit) {
            page.gap()
            page.line(StyledText("LEAK ", .bad) + StyledText("\(witness.exporter) → \(witness.importer)", .heading))
            page.append(witness.explanation)
        }
        let more = proof.witnessCount - min(proof.witnesses.count, Self.witnessLimit)
        if more > 0 {
            page.gap()
            page.line(
                StyledText(
                    "and \(more) more; -o json has \(proof.witnesses.count == proof.witnessCount ? "all" : "the first \(proof.witnesses.count)")",
                    .faint))
        }
        if !proof.gaps.isEmpty {
            page.gap()
            page.line(StyledText("not seen", .heading))
            for gap in proof.gaps.prefix(Self.gapLimit) { page.line(StyledText(gap.text(at: proof.madeAt)), indentation: 2) }
            if proof.gapCount > Self.gapLimit {
                page.line(StyledText("and \(proof.gapCount - Self.gapLimit) more; -o json has them", .faint), indentation: 2)
            }
            page.line(StyledText("remedy: see “fedctl get agents”; on the gateway: journalctl -u fed-agent -n 50", .faint), indentation: 2)
        }
        if wide {
            page.gap()
            page.table(table)
        }
        return page
    }

    private static let witnessLimit = 4
    private static let gapLimit = 6

    private var headline: StyledText {
        let what =
            "\(count(proof.vpns.count, "VPN"))\(proof.vpns.count < proof.vpnCount ? " of \(proof.vpnCount)" : ""), \(count(proof.pairs.all, "pair"))"
        switch proof.state {
        case .proven: return StyledText("ISOLATED", .good) + StyledText(": \(what): no import path between any two")
        case .unknown:
            return StyledText("UNKNOWN", .doubtful) + StyledText(": \(what): no import path is known, but not everything was seen")
        case .violated:
            let pairs = proof.pairs.violated > 0 ? ", \(count(proof.pairs.violated, "pair")) violated" : ""
            return StyledText("VIOLATED", .bad) + StyledText(": \(what): \(count(proof.witnessCount, "import path"))\(pairs)")
        }
    }

    private var provenLevels: [StyledText] {
        let pairs = proof.pairs
        let parts: [(Int, String)] = [
            (pairs.byRoutes, "from the routes in the VRFs"), (pairs.byConfiguration, "from what bgpd has in force"),
            (pairs.byIntent, "from intent only"),
        ]
        return parts.filter { $0.0 > 0 }.map { StyledText("\(count($0.0, "pair")) \($0.1)") }
    }

    private var otherVRFs: String {
        let paths = proof.witnesses.contains { $0.vpns.count == 1 } ? "some exchange routes with a VPN" : "none exchanges routes with a VPN"
        return "looked at on \(proof.seenGateways) of \(count(proof.gatewayCount, "gateway")): \(paths)"
    }

    private var evidence: String {
        let reports = proof.oldestEvidence.map { "the oldest report is \(age(milliseconds: proof.madeAt - $0)) old" } ?? "no report"
        return "\(reports); revision \(revision)"
    }

    private var table: Table {
        var table = Table(
            [.init("VPN"), .init("STATE"), .init("PROVEN FROM"), .init("EVIDENCE", .trailing), .init("IMPORTS"), .init("EXPORTS")],
            emptyNote: "no VPNs")
        for vpn in proof.vpns {
            table.add([
                StyledText(vpn.name.text), StyledText(vpn.state.word, vpn.state.style), StyledText(vpn.level.rawValue),
                StyledText(vpn.oldestEvidence.map { age(milliseconds: proof.madeAt - $0) } ?? "none"),
                StyledText(vpn.importTargets.map(\.description).joined(separator: " ")),
                StyledText(vpn.exportTargets.map(\.description).joined(separator: " ")),
            ])
        }
        return table
    }
}

extension IsolationState {
    var word: String {
        switch self {
        case .proven: "ISOLATED"
        case .violated: "VIOLATED"
        case .unknown: "UNKNOWN"
        }
    }

    var style: Style {
        switch self {
        case .proven: .good
        case .violated: .bad
        case .unknown: .doubtful
        }
    }

    var exitStatus: ExitStatus {
        switch self {
        case .proven: .ok
        case .violated: .isolationViolated
        case .unknown: .unknown
        }
    }
}

extension IsolationWitness {
    fileprivate var explanation: Page {
        var page = Page()
        page.field("why", StyledText(sentence))
        page.field("seen", StyledText("\(breach.rawValue), by \(level.rawValue)"))
        let places = gateways.map(\.description).joined(separator: ", ") + (gatewayCount > gateways.count ? ", …" : "")
        page.field("at", StyledText(places))
        let shown = [exported.map { "exported \($0)" }, imported.map { "imported \($0)" }].compactMap(\.self).joined(separator: ", ")
        if !shown.isEmpty { page.field("targets", StyledText(shown)) }
        if let route { page.field("route", StyledText("\(route.prefix) via \(route.nextHop), RD \(route.routeDistinguisher)")) }
        page.field("remedy", [StyledText](remedy: remedy))
        return page
    }
}

extension IsolationGap {
    fileprivate func text(at now: Int64) -> String {
        let place = "\(gateway)" + (vpn.map { ", VPN \($0)" } ?? "")
        let time = since.map { age(milliseconds: now - $0) }
        let what =
            switch reason {
            case .neverReported: "has not reported since the coordinator started: proven from intent only"
            case .silent: "is silent for \(time ?? "long"): proven from intent only"
            case .routingUnreadable: "cannot ask bgpd\(time.map { " for \($0)" } ?? ""): proven from intent only"
            case .vpnNotReported: "has not reported on the VPN yet, or its bgpd does not have it: proven from intent only"
            case .foreignVRFsNotReported: "does not tell its other VRFs: proven from intent only"
            case .targetsCut: "has received a route with more route targets than it tells: proven from intent only"
            case .unexplainedRoute: "has a route from nobody who may export to the VPN (see “fedctl verify”): proven from intent only"
            }
        return "\(place) \(what)"
    }
}
