import FederationAPI
import FederationViews
import Terminal
import Verification

/// What `verify --watch` shows: what all verdicts come to, then each change of one.
struct VerdictStream {
    private let selection: FederationSelection
    private(set) var summary = VerdictSummary()

    init(of selection: FederationSelection) { self.selection = selection }

    /// Pairs of one change that are shown one by one; of more of them the first, with their number.
    private static let mostLines = 10

    /// - Returns: The event, of what is selected; nil where none of it is.
    mutating func take(_ event: FederationEvent) -> FederationEvent? {
        switch event.kind {
        case .verdicts(let sum):
            summary = sum
            return event
        case .verdictsChanged(var transition):
            transition.pairs.removeAll { !selection.includes($0) }
            transition.pairCount = transition.pairs.count
            guard transition.pairCount > 0 else { return nil }
            if let before = transition.before {
                summary.counts[before.state, default: [:]][before.code, default: 0] -= transition.pairCount
            }
            if let after = transition.after { summary.counts[after.state, default: [:]][after.code, default: 0] += transition.pairCount }
            return FederationEvent(at: event.at, .verdictsChanged(transition))
        default: return nil
        }
    }

    private var result: VerificationResult { VerificationResult(VerdictAnswer(summary: summary, pairs: nil)) }

    /// What all verdicts come to by now.
    var sum: StyledText { summary.pairs > 0 ? result.sum : "no pair of clouds is judged" }

    func lines(of event: FederationEvent) -> [StyledText] {
        switch event.kind {
        case .verdicts: return [sum]
        case .verdictsChanged(let transition):
            guard transition.pairCount <= Self.mostLines else { return [EventView(event).line] }
            return transition.pairs.map { pair in
                var one = transition
                one.pairs = [pair]
                one.pairCount = 1
                return EventView(FederationEvent(at: event.at, .verdictsChanged(one))).line
            }
        default: return []
        }
    }

    /// A line of JSON for the sum, and one for each pair.
    func json(of event: FederationEvent) throws -> [String] {
        switch event.kind {
        case .verdicts: return [try WatchedSum(at: event.at, state: result.state, tally: result.tally).json]
        case .verdictsChanged(let transition):
            let (before, after) = (transition.before.map(JudgementView.init), transition.after.map(JudgementView.init))
            return try transition.pairs.map { pair in
                try WatchedVerdict(
                    at: event.at, vpn: pair.vpn.text, origin: pair.origin.text, viewer: pair.viewer.text, before: before, after: after
                ).json
            }
        default: return []
        }
    }
}

extension FederationSelection {
    func includes(_ pair: PairName) -> Bool { includes(pair.vpn) && (includes(pair.origin) || includes(pair.viewer)) }
}
