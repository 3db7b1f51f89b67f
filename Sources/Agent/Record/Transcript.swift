import Foundation

/// A recording as text: what the core was when it began, then each event with its time and the actions decided on it. One JSON object a line.
///
/// A fact that is the same as the one of its kind before is not written again, but named.
struct Transcript {
    struct Header: Codable {
        /// `fed-agent 0.1.0`.
        var release: String
        var format: Int
        var core: AgentCore
    }

    private struct Line: Codable {
        /// Milliseconds since 1970.
        var at: Int64
        var event: Event?
        /// The kind of an event that is the same as the last one of that kind.
        var again: String?
        var actions: [Action]
    }

    static let format = 1

    private var told: [String: Event] = [:]

    func header(_ core: AgentCore) throws -> String {
        try CanonicalJSON.text(of: Header(release: GatewayAgent.software, format: Self.format, core: core))
    }

    mutating func line(_ event: Event, at time: Int64, _ actions: [Action]) throws -> String {
        var line = Line(at: time, event: event, actions: actions)
        if let kind = event.kind {
            if told[kind] == event { (line.event, line.again) = (nil, kind) }
            told[kind] = event
        }
        return try CanonicalJSON.text(of: line)
    }

    /// The event of a line that follows those that were written or read before.
    func read(_ line: some StringProtocol) throws -> (event: Event, at: Int64)? {
        let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        return (line.event ?? line.again.flatMap { told[$0] }).map { ($0, line.at) }
    }
}
