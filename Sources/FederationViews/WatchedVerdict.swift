import FederationAPI
import Foundation
import Verification

/// A line of `fedctl verify --watch -o json`: the verdict of a pair became another.
package struct WatchedVerdict: Encodable, Hashable, Sendable {
    /// Milliseconds since 1970 by the coordinator's clock.
    @RFC3339 package var at: Int64
    package let event = "verdict"
    package var vpn: String
    package var origin: String
    package var viewer: String
    /// Nil: there was no verdict, or there is none any more.
    package var before: JudgementView?
    package var after: JudgementView?

    package init(at: Int64, vpn: String, origin: String, viewer: String, before: JudgementView?, after: JudgementView?) {
        self.at = at
        self.vpn = vpn
        self.origin = origin
        self.viewer = viewer
        self.before = before
        self.after = after
    }

    package var json: String { get throws { try jsonLine(self) } }
}

/// The first line of `fedctl verify --watch -o json`: what all verdicts come to.
package struct WatchedSum: Encodable, Hashable, Sendable {
    @RFC3339 package var at: Int64
    package let event = "verdicts"
    package var state: VerdictState
    package var tally: VerificationResult.Tally

    package init(at: Int64, state: VerdictState, tally: VerificationResult.Tally) {
        self.at = at
        self.state = state
        self.tally = tally
    }

    package var json: String { get throws { try jsonLine(self) } }
}

/// One line of JSON.
func jsonLine(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
