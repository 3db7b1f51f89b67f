import FederationModel

/// The latest report of one gateway, with its age.
package struct GatewayObservation: Hashable, Sendable, Codable {
    package var report: GatewayReport
    /// The time of the last message, in milliseconds since 1970 by the coordinator's clock.
    package var receivedAt: Int64
    /// Whether the agent's session is up.
    package var connected: Bool
    /// Changes that are too recent to compare with other reports.
    package var moments: ReportMoments

    /// How long a report is valid after the last message, in milliseconds. Agents send one every few seconds.
    package static let lifetime: Int64 = 15_000

    package init(report: GatewayReport, receivedAt: Int64, connected: Bool, moments: ReportMoments = ReportMoments()) {
        self.report = report
        self.receivedAt = receivedAt
        self.connected = connected
        self.moments = moments
    }

    /// Whether the report is too old. `now` in milliseconds since 1970.
    package func isStale(at now: Int64) -> Bool { now - receivedAt > Self.lifetime }
}
