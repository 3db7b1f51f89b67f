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
    init(_ event: FederationEvent) {
        let at = event.at
        switch event.kind {
        case .agentConnected(let gateway, let software):
            self.init(at: at, event: "agent-connected", subject: gateway.description, message: software, style: .good)
        case .agentDisconnected(let gateway, let reason):
            self.init(at: at, event: "agent-disconnected", subject: gateway.description, message: reason, style: .bad)
        case .resourceAcknowledged(let gateway, let resource, .pending):
            self.init(at: at, event: "pending", subject: gateway.description, message: resource.description, style: .doubtful)
        case .resourceAcknowledged(let gateway, let resource, .applied(let version)):
            self.init(at: at, event: "applied", subject: gateway.description, message: "\(resource) \(version)", style: .good)
        case .resourceAcknowledged(let gateway, let resource, .rejected(_, let reason)):
            self.init(at: at, event: "refused", subject: gateway.description, message: "\(resource): \(reason)", style: .bad)
        case .verdictChanged(let before, let verdict):
            let before = before.map { "\($0.word) → " } ?? ""
            let why = verdict.cause.map { " (\($0.code)): \($0.sentence)" } ?? ""
            self.init(
                at: at, event: "verdict", subject: "\(verdict.vpn) \(verdict.direction)",
                message: "\(before)\(verdict.state.word)\(verdict.state == .ok ? ", not probed" : why)", style: verdict.state.style)
        case .driftRepaired(let gateway, let vpn, let drift):
            self.init(
                at: at, event: "drift-repaired", subject: gateway.description, message: "VPN \(vpn): \(drift.object) was \(drift.change)",
                style: .doubtful)
        case .revisionApplied(let applied):
            let how =
                applied.restores.map { "\(applied.origin.rawValue) to \($0) by" }
                ?? (applied.origin == .apply ? "applied by" : "\(applied.origin.rawValue) by")
            let trial = applied.deadline.map { ", on probation for \(age(milliseconds: $0 - at))" } ?? ""
            self.init(
                at: at, event: "revision", subject: "revision \(applied.revision)", message: "\(how) \(applied.admin)\(trial)",
                style: .accent)
        case .revisionConfirmed(let revision, let admin):
            self.init(at: at, event: "confirmed", subject: "revision \(revision)", message: "confirmed by \(admin)", style: .good)
        }
    }
}
