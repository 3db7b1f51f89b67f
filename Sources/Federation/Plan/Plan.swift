import FederationModel
import NetworkTypes

/// Everything that an apply would do: computed from exactly what would be committed.
package struct Plan: Hashable, Sendable, Codable {
    package var federation: FederationID
    /// The base revision; the plan can be applied while it is in force.
    package var base: UInt64
    /// Changes of the graph: federation, clouds, gateways, VPNs and attachments, each sorted.
    package var objects: [GraphChange]
    /// Changes of gateways' intents. Sorted.
    package var gateways: [GatewayChange]
    /// New reachable pairs. Sorted.
    package var gained: [Reach]
    /// Lost reachable pairs. Sorted.
    package var lost: [Reach]
    /// Advertised prefixes, as agents report them, that would be withdrawn; each counts once per cloud and VPN.
    package var withdrawals: Int
    /// Sorted: errors first.
    package var findings: [Finding]
    /// Whether the file's text differs from the one in force, even if only in comments or layout.
    package var changesText: Bool

    package init(
        federation: FederationID, base: UInt64, objects: [GraphChange] = [], gateways: [GatewayChange] = [], gained: [Reach] = [],
        lost: [Reach] = [], withdrawals: Int = 0, findings: [Finding] = [], changesText: Bool = false
    ) {
        self.federation = federation
        self.base = base
        self.objects = objects
        self.gateways = gateways
        self.gained = gained
        self.lost = lost
        self.withdrawals = withdrawals
        self.findings = findings
        self.changesText = changesText
    }

    /// Whether neither the graph nor any intent changes. The file's text may change: comments, order.
    package var isEmpty: Bool { objects.isEmpty && gateways.isEmpty }

    /// Whether an apply would make no revision.
    package var changesNothing: Bool { isEmpty && !changesText }

    /// The N of `--yes-remove N`: the number of lost reachable pairs and prefixes, each counted once.
    package var removals: Int { lost.count + withdrawals }

    /// Gateways whose EVPN sessions end or reset.
    package var resets: [GatewayID] { Set(gateways.filter(\.resetsSessions).map(\.gateway)).sorted() }

    /// Whether anything is lost, even for a moment: then the admin is asked.
    package var takesAway: Bool { removals > 0 || !resets.isEmpty }

    /// The findings that prevent an apply.
    ///
    /// - Parameter removals: The number of removals that the admin grants; a mass withdrawal within it is not refused.
    package func refusals(granting removals: Int = 0) -> [Finding] {
        findings.filter { $0.severity == .error && !($0.code == .massWithdrawal && self.removals <= removals) }
    }

    /// The gateways with a new intent.
    package var affected: [GatewayID] { Set(gateways.map(\.gateway)).sorted() }

    /// Whether both do the same, ignoring what agents reported in between.
    package func doesTheSame(as other: Plan) -> Bool {
        federation == other.federation && base == other.base && objects == other.objects && gateways == other.gateways
            && gained == other.gained && lost == other.lost
    }
}

/// A plan with exactly what its apply commits.
package struct PlannedChange: Sendable {
    package var plan: Plan
    /// Compiled for the revision after the base.
    package var compilation: Compilation
    package var ledger: Ledger

    package init(plan: Plan, compilation: Compilation, ledger: Ledger) {
        self.plan = plan
        self.compilation = compilation
        self.ledger = ledger
    }
}
