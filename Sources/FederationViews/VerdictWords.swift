import FederationModel
import Verification

extension VerdictState {
    /// Not “OK”: what is judged is what was programmed, and no packet was sent.
    package var word: String {
        switch self {
        case .ok: "PROGRAMMED"
        case .failed: "FAIL"
        case .unknown: "UNKNOWN"
        case .empty: "EMPTY"
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

extension PairVerdict {
    /// `paris → tokyo`: who is to be reached, and from where.
    package var direction: String { "\(origin) → \(viewer)" }

    /// How many of the expected prefixes came the whole way: `4/4`. Empty where that is not known, or nothing is expected.
    package var share: String {
        switch state {
        case .ok, .failed: "\(counts.steered)/\(counts.expected)"
        case .unknown, .empty: ""
        }
    }
}
