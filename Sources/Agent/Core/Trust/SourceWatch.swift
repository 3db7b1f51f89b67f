import FederationModel

/// Since when the sources of facts say nothing.
package struct SourceWatch: Hashable, Sendable, Codable {
    private struct Record: Hashable, Sendable, Codable {
        /// When what it said last was true: milliseconds since 1970.
        var heardAt: Int64
        /// It tells of each change by itself, and answers when it is asked whether it lives.
        var isFollowed = false
        var failure: String?
        /// It told something once. Before, its silence is no matter of a moment.
        var wasHeard: Bool?
    }

    /// Milliseconds after the last answer to a look, when an answer is overdue: a few intervals of the looks, and what a busy node may take.
    static let overdue: [Source: Int64] = [.kernel: 30_000, .routing: 10_000, .switchFlows: 10_000]
    /// Milliseconds for which nothing is said of a silence.
    static let moment: Int64 = 2_000

    private var records: [Source: Record] = [:]

    package init() {}

    /// The agent starts: nothing was heard yet.
    mutating func begin(at now: Int64) {
        guard records.isEmpty else { return }
        for source in Source.allCases { records[source] = Record(heardAt: now, failure: "nothing was heard of it yet") }
    }

    mutating func hear(_ status: SourceStatus, of source: Source, at now: Int64) {
        switch status {
        case .followed: records[source] = Record(heardAt: now, isFollowed: true, wasHeard: true)
        case .lost(let silence, let reason):
            // What was told once stands: a connection that was tried again in vain heard nothing.
            let before = records[source].flatMap { $0.isFollowed ? nil : $0.heardAt }
            records[source] = Record(heardAt: before ?? now - max(0, silence), failure: reason, wasHeard: records[source]?.wasHeard)
        }
    }

    /// A look at it had an answer, or none.
    mutating func looked(_ source: Source, succeeded: Bool, at now: Int64, failure: String) {
        if succeeded { records[source] = Record(heardAt: now, wasHeard: true) } else { records[source]?.failure = failure }
    }

    /// Milliseconds since it was heard; nil: it is not silent.
    func silence(of source: Source, at now: Int64) -> Int64? {
        guard let record = records[source], !record.isFollowed else { return nil }
        let silence = now - record.heardAt
        return record.failure != nil || silence > Self.overdue[source] ?? .max ? max(0, silence) : nil
    }

    /// Those that are silent for more than a moment.
    package func silent(at now: Int64) -> [SilentSource] {
        Source.allCases.sorted().compactMap { source in
            guard let silence = silence(of: source, at: now), let record = records[source],
                silence >= Self.moment || record.wasHeard == nil
            else { return nil }
            return SilentSource(source, since: record.heardAt, reason: record.failure ?? "no answer", remedy: source.remedy)
        }
    }
}

/// What a database's connection says of itself.
package enum SourceStatus: Hashable, Sendable, Codable {
    /// The connection stands: each change is told.
    case followed
    /// There is none. It was last heard so many milliseconds ago.
    case lost(for: Int64, reason: String)
}

extension Source {
    /// What to do where it is silent, on the agent's node.
    var remedy: String {
        switch self {
        case .southbound:
            "the agent looks for it where ovn-controller does: `ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-remote`; it must answer from "
                + "this node; without it nothing is withdrawn, and no move or new VM is seen"
        case .northbound:
            "the agent looks for it at “ovn-nb-remote”, else beside the southbound database: `ovs-vsctl --if-exists get Open_vSwitch . "
                + "external_ids:ovn-nb-remote`; set it to all its addresses if they are others; without it SNAT exemptions stay as they were"
        case .openVSwitch, .switchFlows: "`systemctl status openvswitch-switch`; the agent continues when it answers again"
        case .routing: "`systemctl status frr`; the agent continues when they answer again"
        case .kernel: "`journalctl -u fed-agent -n 50` shows why it cannot be read"
        }
    }
}
