import FederationAPI
import Verification

/// What was written down of what happened, as `fedctl events` shows it.
package struct EventLogView: Hashable, Sendable, Encodable {
    /// The oldest first.
    package var events: [EventView]
    /// There are older ones.
    package var more: Bool
    /// Milliseconds since 1970.
    @RFC3339 package var keptSince: Int64

    package init(_ log: EventLog) {
        events = log.events.map { EventView($0) }
        more = log.more
        keptSince = log.keptSince
    }
}

/// A change of verdicts, for programs.
package struct VerdictChangeView: Hashable, Sendable, Encodable {
    package struct Pair: Hashable, Sendable, Encodable {
        package var vpn: String
        package var origin: String
        package var viewer: String

        package init(_ pair: PairName) {
            vpn = pair.vpn.text
            origin = pair.origin.text
            viewer = pair.viewer.text
        }
    }

    /// Nil: there was no verdict, or there is none any more.
    package var before: JudgementView?
    package var after: JudgementView?
    /// The first ones.
    package var pairs: [Pair]
    package var pairCount: Int

    package init(_ transition: VerdictTransition) {
        before = transition.before.map(JudgementView.init)
        after = transition.after.map(JudgementView.init)
        pairs = transition.pairs.map(Pair.init)
        pairCount = transition.pairCount
    }
}

/// What is remembered of a verdict, for programs.
package struct JudgementView: Hashable, Sendable, Encodable {
    package struct Cause: Hashable, Sendable, Encodable {
        package var step: String
        package var code: String
        package var sentence: String
    }

    package var state: String
    package var cause: Cause?

    package init(_ judgement: Judgement) {
        state = judgement.state.rawValue
        cause = Cause(judgement)
    }
}

extension JudgementView.Cause {
    /// Nil where there is none.
    package init?(_ judgement: Judgement) {
        guard !judgement.code.isEmpty else { return nil }
        self.init(step: judgement.step?.rawValue ?? "", code: judgement.code, sentence: judgement.sentence)
    }
}
