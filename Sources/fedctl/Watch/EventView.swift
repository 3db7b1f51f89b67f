import FederationAPI
import FederationModel
import Foundation
import Terminal
import Verification

/// Something that happened, as `fedctl watch` shows it.
struct EventView: Hashable, Sendable, Encodable {
    /// Milliseconds since 1970 by the coordinator's clock.
    @RFC3339 var at: Int64
    /// `agent-connected`, `agent-disconnected`, `applied`, `refused`, `pending`, `verdict`, `drift-repaired`, `revision`, `confirmed`.
    var event: String
    /// `paris/gw1`, `blue paris → tokyo`, `revision 3`.
    var subject: String
    var message: String
    var style: Style?

    private enum CodingKeys: CodingKey {
        case at, event, subject, message
    }

    /// `18:44:41.123  drift-repaired      paris/gw1  …`
    var line: StyledText {
        StyledText(Self.clock(at), .faint) + "  "
            + StyledText(event + String(repeating: " ", count: max(0, Self.width - event.count)), style)
            + "  " + StyledText(subject, .heading) + StyledText(message.isEmpty ? "" : "  \(message)")
    }

    /// One line of JSON.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    private static let width = "agent-disconnected".count

    /// The time of day, UTC.
    private static func clock(_ milliseconds: Int64) -> String {
        let inDay = ((milliseconds % 86_400_000) + 86_400_000) % 86_400_000
        func digits(_ number: Int64, _ count: Int) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1000 % 60].map { digits($0, 2) }.joined(separator: ":")
            + ".\(digits(inDay % 1000, 3))"
    }
}

extension EventView {
    /// Nil for an event that this version does not know.
    init?(_ wire: WireFederationEvent) throws(ConversionError) {
        let at = wire.atMilliseconds
        switch wire.event {
        case .agentConnected(let event):
            self.init(
                at: at, event: "agent-connected", subject: try GatewayID(event.gateway).description, message: event.software, style: .good)
        case .agentDisconnected(let event):
            self.init(
                at: at, event: "agent-disconnected", subject: try GatewayID(event.gateway).description, message: event.reason, style: .bad)
        case .resourceAcknowledged(let event):
            let subject = try GatewayID(event.gateway).description
            switch try Acknowledgement(event.outcome) {
            case .pending: self.init(at: at, event: "pending", subject: subject, message: event.resource, style: .doubtful)
            case .applied(let version):
                self.init(at: at, event: "applied", subject: subject, message: "\(event.resource) \(version)", style: .good)
            case .rejected(_, let reason):
                self.init(at: at, event: "refused", subject: subject, message: "\(event.resource): \(reason)", style: .bad)
            }
        case .verdictChanged(let event):
            let verdict = try PairVerdict(event.verdict)
            let before = event.hasBefore ? "\(try VerdictState(event.before, "before").word) → " : ""
            let why = verdict.cause.map { " (\($0.code)): \($0.sentence)" } ?? ""
            self.init(
                at: at, event: "verdict", subject: "\(verdict.vpn) \(verdict.direction)",
                message: "\(before)\(verdict.state.word)\(verdict.state == .ok ? ", not probed" : why)",
                style: verdict.state.style)
        case .driftRepaired(let event):
            self.init(
                at: at, event: "drift-repaired", subject: try GatewayID(event.gateway).description,
                message: "VPN \(event.vpn): \(event.drift.object) was \(event.drift.change)", style: .doubtful)
        case .revisionApplied(let event):
            let how =
                event.hasRestores
                ? "\(event.origin) to \(event.restores) by" : event.origin == "apply" ? "applied by" : "\(event.origin) by"
            let trial = event.hasDeadlineMilliseconds ? ", on probation for \(age(milliseconds: event.deadlineMilliseconds - at))" : ""
            self.init(
                at: at, event: "revision", subject: "revision \(event.revision)", message: "\(how) \(event.admin)\(trial)", style: .accent)
        case .revisionConfirmed(let event):
            self.init(
                at: at, event: "confirmed", subject: "revision \(event.revision)", message: "confirmed by \(event.admin)", style: .good)
        case nil: return nil
        }
    }
}
