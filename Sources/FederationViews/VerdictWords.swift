import FederationModel
import Verification

extension VerdictState {
    /// “OK” only where packets came back.
    package var word: String {
        switch self {
        case .ok: "OK"
        case .programmed: "PROGRAMMED"
        case .degraded: "DEGRADED"
        case .failed: "FAIL"
        case .unknown: "UNKNOWN"
        case .empty: "EMPTY"
        case .waiting: "WAITING"
        }
    }
}

extension RouteStep {
    /// Where it stands on the way: `received (6 of 10)`.
    package var place: String {
        let steps = RouteStep.allCases
        return "\(rawValue) (\((steps.firstIndex(of: self) ?? 0) + 1) of \(steps.count))"
    }
}

extension PairName {
    /// As of `PairVerdict`.
    package var direction: String { "\(origin) → \(viewer)" }
}

extension Judgement {
    /// ` (agent-silent): the agent of …`; empty where there is no cause.
    package var why: String { code.isEmpty ? "" : " (\(code))" + (sentence.isEmpty ? "" : ": \(sentence)") }
}

extension PairVerdict {
    /// `paris → tokyo`: who is to be reached, and from where.
    package var direction: String { "\(origin) → \(viewer)" }

    /// How many of the expected prefixes came the whole way: `4/4`. Empty where that is not known, or nothing is expected.
    package var share: String {
        switch state {
        // Routes are good, and packets do not arrive.
        case .failed where cause?.catalogued?.isSeenByProbes == true: "\(counts.returned)/\(counts.expected)"
        case .ok, .programmed, .degraded, .failed: "\(counts.steered)/\(counts.expected)"
        case .unknown, .empty, .waiting: ""
        }
    }
}
