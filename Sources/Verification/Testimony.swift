import FederationModel

/// What the judge has of one gateway: its latest report, and how fresh that is.
package struct Testimony: Hashable, Sendable {
    package var report: GatewayReport
    /// When the agent was last heard, in milliseconds since 1970 by the coordinator's clock.
    package var receivedAt: Int64
    /// Whether the agent's session stands.
    package var connected: Bool
    /// What is too new in it to be held against what others report.
    package var moments: ReportMoments

    /// How long a report counts after the agent was last heard, in milliseconds. Agents speak every few seconds.
    package static let lifetime: Int64 = 15_000

    package init(report: GatewayReport, receivedAt: Int64, connected: Bool, moments: ReportMoments = ReportMoments()) {
        self.report = report
        self.receivedAt = receivedAt
        self.connected = connected
        self.moments = moments
    }

    /// Whether the report is too old to say anything of the present. `now` in milliseconds since 1970.
    package func isStale(at now: Int64) -> Bool { now - receivedAt > Self.lifetime }
}
