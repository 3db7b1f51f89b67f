import FederationModel
import Verification

extension TextLimits {
    /// As many problems as a report holds: those that fail a pair first, and the last one says how many more there are.
    package static func cut(_ problems: [Problem]) -> [Problem] {
        guard problems.count > Self.problems else { return problems }
        let ranked = (0...2).flatMap { rank in problems.filter { $0.rank == rank } }
        let told = Self.problems - 1
        return ranked.prefix(told) + [
            Problem(
                code: .problemsCut, message: "\(problems.count - told) more problems than a report holds",
                remedy: "mend the problems that are told first; the others are told when there are fewer")
        ]
    }
}
