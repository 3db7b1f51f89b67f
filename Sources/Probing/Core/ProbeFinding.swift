/// What became of the latest probes of one size on one path.
package enum ProbeOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// None has had time to come back yet.
    case waiting
    case returned
    /// They come back, and some are lost again and again.
    case lossy
    /// None of the latest came back.
    case lost
}

/// What is known of a path, for people and the judge. It changes when the picture changes, not with each packet.
package struct ProbeFinding: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package var outcome: ProbeOutcome
        /// Since when, in nanoseconds since 1970; of `lost`: when the first was sent that did not come back.
        package var since: Int64
        /// The other gateway's own probes arrive here.
        package var isHeard: Bool

        package init(outcome: ProbeOutcome, since: Int64, isHeard: Bool) {
            self.outcome = outcome
            self.since = since
            self.isHeard = isHeard
        }
    }

    package var small: Part
    package var large: Part
    /// The size of the large ones, in bytes of IP.
    package var largeSize: Int
    /// In percent: of small ones where they are lossy, else of large ones where these are.
    package var lossOut: Int
    package var lossBack: Int
    /// Of small ones without the time that the other gateway took, in nanoseconds; nil: none came back yet.
    package var roundTrip: Int64?

    package init(small: Part, large: Part, largeSize: Int, lossOut: Int, lossBack: Int, roundTrip: Int64?) {
        self.small = small
        self.large = large
        self.largeSize = largeSize
        self.lossOut = lossOut
        self.lossBack = lossBack
        self.roundTrip = roundTrip
    }
}
