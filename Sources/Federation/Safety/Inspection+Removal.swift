import FederationModel
import NetworkTypes

extension Inspection {
    /// The share above which removals must be granted: half of a few, a quarter of many.
    static func removalPercent(of part: Int) -> Int { part > 10 ? 25 : 50 }

    /// Many removals at once are usually a mistake.
    func removal() -> [Finding] {
        guard let old, plan.removals > 0 else { return [] }
        func isMass(_ part: Int, _ counts: some Sequence<Int>) -> Bool {
            guard part > 0 else { return false }
            // Counting stops early for a small part, so a small change of a large federation costs little.
            var whole = 0
            for count in counts {
                whole += count
                if part * 100 <= whole * Self.removalPercent(of: part) { return false }
            }
            return true
        }
        let massive =
            isMass(plan.lost.count, old.graph.vpns.keys.lazy.map { old.reaches(of: $0).count })
            || isMass(plan.withdrawals, facts.values.lazy.flatMap { $0.vpns.values.lazy.map { Set($0.advertised).count } })
        guard massive else { return [] }
        // Reachability is computed; prefixes are known only from agents.
        let silent = old.intents.keys.count { facts[$0] == nil }
        let prefixes =
            silent == 0
            ? "\(plan.withdrawals) advertised prefixes"
            : silent == old.intents.count
                ? "an unknown number of advertised prefixes (no agent has reported)"
                : "\(plan.withdrawals) advertised prefixes (not counting \(silent) of \(old.intents.count) gateways without a report)"
        let vpns = Set(plan.lost.map(\.vpn)).sorted().map { "VPN \($0)" }
        return [
            Finding(
                .error, .massWithdrawal, path: "",
                reason:
                    "\(plan.lost.count) reachable pairs and \(prefixes) would be lost (more than \(Self.removalPercent(of: max(plan.lost.count, plan.withdrawals))) %)"
                    + (vpns.isEmpty ? "" : ": \(vpns.listed())"),
                remedy: "review what the plan removes; if it is intended, apply with --yes-remove \(plan.removals)")
        ]
    }
}
