import FederationModel
import NetworkTypes

extension Inspection {
    /// An admin who means to lose more than this share of what is there says so: of a few, most; of many, a quarter.
    static func removalPercent(of part: Int) -> Int { part > 10 ? 25 : 50 }

    /// Much that goes at once: more often a mistake than meant.
    func removal() -> [Finding] {
        guard let old, plan.removals > 0 else { return [] }
        func isMass(_ part: Int, _ counts: some Sequence<Int>) -> Bool {
            guard part > 0 else { return false }
            // Counting stops as soon as the part is small, so that a small change of a large federation costs little.
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
        // Reachability is computed; prefixes are known from agents only.
        let silent = old.intents.keys.count { facts[$0] == nil }
        let prefixes =
            silent == 0
            ? "\(plan.withdrawals) advertised prefixes"
            : silent == old.intents.count
                ? "an unknown number of advertised prefixes (no agent has reported)"
                : "\(plan.withdrawals) advertised prefixes (without \(silent) of \(old.intents.count) gateways, whose agents have not reported)"
        let vpns = Set(plan.lost.map(\.vpn)).sorted().map { "VPN \($0)" }
        return [
            Finding(
                .error, .massWithdrawal, path: "",
                reason:
                    "\(plan.lost.count) reachabilities and \(prefixes) go, more than \(Self.removalPercent(of: max(plan.lost.count, plan.withdrawals))) % of all"
                    + (vpns.isEmpty ? "" : ": of \(vpns.listed())"),
                remedy: "look at what the plan loses; if it is meant, apply with --yes-remove \(plan.removals)")
        ]
    }
}
