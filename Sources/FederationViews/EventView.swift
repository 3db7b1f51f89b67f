import FederationAPI
import FederationModel
import Verification

/// Something that happened, as `fedctl watch` shows it.
package struct EventView: Hashable, Sendable, Encodable {
    /// Milliseconds since 1970 by the coordinator's clock.
    @RFC3339 package var at: Int64
    /// `agent-connected`, `agent-disconnected`, `applied`, `refused`, `pending`, `verdict`, `drift-repaired`, `revision`, `confirmed`,
    /// `recording`.
    package var event: String
    /// `paris/gw1`, `blue paris → tokyo`, `revision 3`.
    package var subject: String
    package var message: String
    /// What it is the view of.
    package var source: FederationEvent

    /// Of a change of verdicts.
    package var verdicts: VerdictChangeView?

    private enum CodingKeys: CodingKey {
        case at, event, subject, message, verdicts
    }

    /// One line of JSON.
    package var json: String { get throws { try jsonLine(self) } }
}

extension EventView {
    package init(_ event: FederationEvent) {
        let at = event.at
        switch event.kind {
        case .agentConnected(let gateway, let software):
            self.init(event, "agent-connected", subject: gateway.description, message: software)
        case .agentDisconnected(let gateway, let reason):
            self.init(event, "agent-disconnected", subject: gateway.description, message: reason)
        case .resourceAcknowledged(let gateway, let resource, .applied(let version)):
            self.init(event, "applied", subject: gateway.description, message: "\(resource) \(version)")
        case .resourceAcknowledged(let gateway, let resource, .rejected(_, let reason)):
            self.init(event, "refused", subject: gateway.description, message: "\(resource): \(reason)")
        case .verdictsChanged(let transition):
            let others = transition.pairCount - 1
            let first = transition.pairs.first.map { "\($0.vpn) \($0.direction)" } ?? "pairs"
            let why = transition.after.map(\.why) ?? ""
            self.init(
                event, "verdict", subject: others > 0 ? "\(first) and \(others) more" : first,
                message: "\(transition.before.map { "\($0.state.word) → " } ?? "")\(transition.after?.state.word ?? "gone")"
                    + (transition.after?.state == .programmed ? ", not probed" : why))
        case .recordingBegan(let until):
            self.init(
                event, "recording", subject: "coordinator",
                message: until.map { "recording again; nothing was recorded since \(rfc3339($0))" } ?? "recording begins")
        case .verdicts(let summary):
            self.init(event, "verdicts", subject: "\(summary.pairs) pairs", message: "\(summary.count(.failed)) failed")
        case .driftRepaired(let gateway, let vpn, let drift):
            self.init(
                event, "drift-repaired", subject: gateway.description, message: "VPN \(vpn): \(drift.object) was \(drift.change)")
        case .revisionApplied(let applied):
            let how =
                applied.restores.map { "\(applied.origin.rawValue) to \($0) by" }
                ?? (applied.origin == .apply ? "applied by" : "\(applied.origin.rawValue) by")
            let trial = applied.deadline.map { ", awaiting confirmation for \(TimeSpan.text(max(0, $0 - at) / 1000 * 1000))" } ?? ""
            self.init(
                event, "revision", subject: "revision \(applied.revision)", message: "\(how) \(applied.author)\(trial)")
        case .revisionConfirmed(let revision, let author):
            self.init(event, "confirmed", subject: "revision \(revision)", message: "confirmed by \(author)")
        }
    }

    private init(_ source: FederationEvent, _ event: String, subject: String, message: String) {
        at = source.at
        self.event = event
        self.subject = subject
        self.message = message
        self.source = source
        if case .verdictsChanged(let transition) = source.kind { verdicts = VerdictChangeView(transition) }
    }
}
