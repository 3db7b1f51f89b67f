import FederationModel

/// What an agent says in its session (agent.proto).
package enum AgentMessage: Hashable, Sendable {
    /// Always the first, and only then.
    case hello(Hello)
    /// What became of a resource that was sent.
    case acknowledgement(ResourceName, Acknowledgement)
    case report(ReportPart)
    /// Reports that did not change are still true. Milliseconds since 1970 by the agent's clock.
    case heartbeat(sentAt: Int64)
}

/// What an agent holds when a session begins.
package struct Hello: Hashable, Sendable, Codable {
    /// `fed-agent 0.1.0, FRR 8.4.4`.
    package var software: String
    /// Of the intent in force; nil at the first start.
    package var epoch: String?
    package var revision: UInt64
    package var held: [ResourceName: ResourceVersion]

    package init(software: String, epoch: String? = nil, revision: UInt64 = 0, held: [ResourceName: ResourceVersion] = [:]) {
        self.software = software
        self.epoch = epoch
        self.revision = revision
        self.held = held
    }
}

/// A part of a gateway's report; it replaces the same part that came before it.
package struct ReportPart: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case base(BaseReport)
        case vpn(VPNReport)
        /// A chunk of a report that is too long for one message; the chunks from first to last replace the VPN's report, once the last one
        /// is there.
        case vpnChunk(VPNReport, isFirst: Bool, isLast: Bool)
        case vpnRemoved(VPNName)
        /// A chunk; the chunks from first to last replace all received routes, once the last one is there.
        case received([ReceivedRoute], isFirst: Bool, isLast: Bool)
        /// All that the cloud's OVN tells of.
        case bgpvpns(BGPVPNReports)
    }

    /// Begins at 1 with each session and rises by one.
    package var sequence: UInt64
    /// When the agent looked: milliseconds since 1970 by its clock.
    package var observedAt: Int64
    package var content: Content

    package init(sequence: UInt64, observedAt: Int64, content: Content) {
        self.sequence = sequence
        self.observedAt = observedAt
        self.content = content
    }
}
