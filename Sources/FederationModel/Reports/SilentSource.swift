/// What an agent reads. Each may fall silent while the others go on.
package enum Source: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// OVN's southbound database: which router is where, and which VM.
    case southbound
    /// OVN's northbound database: names, labels, NAT.
    case northbound
    /// The node's Open_vSwitch database: ports and bridges.
    case openVSwitch = "open-vswitch"
    /// ovs-vswitchd, for the flows.
    case switchFlows = "ovs-vswitchd"
    /// bgpd and zebra.
    case routing = "frr"
    case kernel

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A source that says nothing any more: what is known of it was true at `since`.
package struct SilentSource: Hashable, Sendable, Codable {
    /// As reported: a `Source`, or a word of an agent newer than this program.
    package let word: String
    /// Milliseconds since 1970: by the agent's clock where it is reported, by the coordinator's where it is judged.
    package var since: Int64
    package var reason: String
    /// What to do.
    package var remedy: String

    package init(_ source: Source, since: Int64, reason: String, remedy: String) {
        self.init(told: source.rawValue, since: since, reason: reason, remedy: remedy)
    }

    /// For a received one.
    package init(told word: String, since: Int64, reason: String, remedy: String) {
        (self.word, self.since, self.reason, self.remedy) = (word, since, reason, remedy)
    }

    /// Nil: one that this version does not know.
    package var source: Source? { Source(rawValue: word) }

    /// Milliseconds after which what a source said last proves nothing any more.
    package static let limit: Int64 = 15_000
}
