import NetworkTypes

/// What probes between two gateways found in one VPN and one address family, as the gateway that sends them knows it.
///
/// A gateway reports on those that it has learned routes from, and only while the VPN has one VNI.
package struct ProbeReport: Hashable, Sendable, Codable {
    /// What became of the latest probes of one size.
    package enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        /// None has had time to come back yet.
        case waiting
        case returned
        /// They come back, and some are lost again and again.
        case lossy
        /// None of the latest came back.
        case lost
    }

    package struct Part: Hashable, Sendable, Codable {
        package var outcome: Outcome
        /// Since when, in milliseconds since 1970 by the agent's clock; of `lost`: when the first was sent that did not come back.
        package var since: Int64
        /// The other gateway's own probes arrive here.
        package var isHeard: Bool

        package init(outcome: Outcome, since: Int64, isHeard: Bool) {
            self.outcome = outcome
            self.since = since
            self.isHeard = isHeard
        }
    }

    /// The other gateway's.
    package var vtep: IPv4Address
    package var family: AddressFamily
    package var small: Part
    /// Of the largest packets that the VPN carries.
    package var large: Part
    /// Their size in bytes of IP.
    package var largeSize: Int
    /// Between two small probes, in milliseconds.
    package var interval: Int
    /// In percent: of small ones where they are `lossy`, else of large ones where these are, else 0.
    package var lossOut: Int
    package var lossBack: Int
    /// Of small ones, in microseconds; nil: none came back yet.
    package var roundTrip: Int?

    /// Of probes that the other gateway hands to its router, which sends them back; nil: none go there.
    package var router: Router?

    /// Which half of these is lost is not known.
    package struct Router: Hashable, Sendable, Codable {
        /// `waiting` until the router has sent the first one back. It is never heard of.
        package var small: Part
        package var large: Part
        /// In percent: of small ones where they are `lossy`, else of large ones where these are, else 0.
        package var loss: Int

        package init(small: Part, large: Part, loss: Int = 0) {
            self.small = small
            self.large = large
            self.loss = loss
        }
    }

    package init(
        vtep: IPv4Address, family: AddressFamily, small: Part, large: Part, largeSize: Int, interval: Int, lossOut: Int = 0,
        lossBack: Int = 0, roundTrip: Int? = nil, router: Router? = nil
    ) {
        self.router = router
        self.vtep = vtep
        self.family = family
        self.small = small
        self.large = large
        self.largeSize = largeSize
        self.interval = interval
        self.lossOut = lossOut
        self.lossBack = lossBack
        self.roundTrip = roundTrip
    }
}
