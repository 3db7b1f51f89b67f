import FederationModel
import NetworkTypes

/// All that an apply would do, before it does: computed from what would be committed, and equal to it.
package struct Plan: Hashable, Sendable, Codable {
    package var federation: FederationID
    /// The revision that it starts from; it can be applied as long as that one is in force.
    package var base: UInt64
    /// What changes in the graph: the federation, then clouds, gateways, VPNs and attachments, each in order.
    package var objects: [GraphChange]
    /// What changes in the intents of gateways. Sorted.
    package var gateways: [GatewayChange]
    /// Who will learn whose prefixes, and does not today. Sorted.
    package var gained: [Reach]
    /// Who learns whose prefixes today, and will not. Sorted.
    package var lost: [Reach]
    /// Prefixes that agents advertise today, by their own reports, and will not, each counted once for its cloud and VPN.
    package var withdrawals: Int
    /// Sorted: errors first.
    package var findings: [Finding]
    /// The text of the file is not the one in force, be it in comments or layout only.
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

    /// Neither the graph nor any intent changes. The text of the file may all the same: remarks, order.
    package var isEmpty: Bool { objects.isEmpty && gateways.isEmpty }

    /// An apply makes no revision of it.
    package var changesNothing: Bool { isEmpty && !changesText }

    /// What an admin grants with `--yes-remove N`: all that goes, each reachability and each prefix counted once.
    package var removals: Int { lost.count + withdrawals }

    /// The gateways whose EVPN sessions end, be it for a moment.
    package var resets: [GatewayID] { Set(gateways.filter(\.resetsSessions).map(\.gateway)).sorted() }

    /// Somebody loses something by it, be it for a moment: worth a question.
    package var takesAway: Bool { removals > 0 || !resets.isEmpty }

    /// The findings that keep it from being applied.
    ///
    /// - Parameter removals: How many removals the admin grants; a mass withdrawal of no more than these is no refusal.
    package func refusals(granting removals: Int = 0) -> [Finding] {
        findings.filter { $0.severity == .error && !($0.code == .massWithdrawal && self.removals <= removals) }
    }

    /// The gateways that get a new intent.
    package var affected: [GatewayID] { Set(gateways.map(\.gateway)).sorted() }

    /// It does the same, whatever agents have reported since it was made.
    package func doesTheSame(as other: Plan) -> Bool {
        federation == other.federation && base == other.base && objects == other.objects && gateways == other.gateways
            && gained == other.gained && lost == other.lost
    }
}

/// A plan with what an apply of it commits: exactly this.
package struct PlannedChange: Sendable {
    package var plan: Plan
    /// Of the revision after the base.
    package var compilation: Compilation
    package var ledger: Ledger

    package init(plan: Plan, compilation: Compilation, ledger: Ledger) {
        self.plan = plan
        self.compilation = compilation
        self.ledger = ledger
    }
}
