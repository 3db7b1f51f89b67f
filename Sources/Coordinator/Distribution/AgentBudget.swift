import FederationAPI
import FederationModel

/// What one agent's session may take of the coordinator: the deciding half of its limits. Pure: time comes in, in milliseconds.
///
/// Who says too much at a time is slowed down, not sent away: an agent whose table moves is honest, and would only begin anew. Its connection
/// then fills up and it waits. Who wants too much kept is sent away with the reason.
package struct AgentBudget: Sendable {
    package struct Limits: Sendable {
        /// Of a gateway's report, as it is kept in memory; a million and more prefixes, or 300,000 received routes.
        package var heldBytes = 64 << 20
        /// Messages at once, and per second.
        package var messages = (burst: 10_000.0, rate: 500.0)
        /// Bytes at once, and per second.
        package var bytes = (burst: Double(128 << 20), rate: Double(8 << 20))
        /// Calls of one gateway at a time: the session, one that takes its place, and a few that are going.
        package var streams = 8
        /// From a call's begin to its Hello.
        package var helloTime: Duration = .seconds(5)
        /// Of Hello, in bytes: two names of the longest for each of some thousand VPNs.
        package var helloBytes = 1 << 20

        package init() {}
    }

    /// What is kept of a report.
    private enum Piece: Hashable, Sendable {
        case base
        case vpn(VPNName)
        case received
        case bgpvpns
        /// Chunks of something that is not whole yet.
        case receivedChunks
        case vpnChunks
    }

    package let limits: Limits
    private var messages: TokenBucket
    private var bytes: TokenBucket
    private var held: [Piece: Int] = [:]
    /// In bytes.
    package private(set) var total = 0

    package init(_ limits: Limits) {
        self.limits = limits
        messages = TokenBucket(capacity: limits.messages.burst, rate: limits.messages.rate)
        bytes = TokenBucket(capacity: limits.bytes.burst, rate: limits.bytes.rate)
    }

    /// A message came.
    /// - Returns: how long the next one is not to be read, in milliseconds.
    package mutating func pace(_ message: AgentMessage, at now: Int64) -> Int64 {
        var size = 256
        if case .report(let part) = message { size += part.content.weight }
        return max(messages.spend(at: now), bytes.spend(Double(size), at: now))
    }

    /// A part of the report is to be kept.
    package mutating func hold(_ content: ReportPart.Content) throws(BudgetBreach) {
        let weight = content.weight
        switch content {
        case .base: set(.base, weight)
        case .vpn(let vpn): set(.vpn(vpn.name), weight)
        case .vpnRemoved(let name): set(.vpn(name), 0)
        case .bgpvpns: set(.bgpvpns, weight)
        case .vpnChunk(let vpn, let isFirst, let isLast):
            collect(weight, .vpnChunks, isFirst, isLast, into: .vpn(vpn.name))
        case .received(_, let isFirst, let isLast):
            collect(weight, .receivedChunks, isFirst, isLast, into: .received)
        }
        guard total <= limits.heldBytes else { throw BudgetBreach.held(total, limit: limits.heldBytes) }
    }

    private mutating func collect(_ weight: Int, _ chunks: Piece, _ isFirst: Bool, _ isLast: Bool, into whole: Piece) {
        let sum = (isFirst ? 0 : held[chunks, default: 0]) + weight
        set(chunks, isLast ? 0 : sum)
        if isLast { set(whole, sum) }
    }

    private mutating func set(_ piece: Piece, _ weight: Int) {
        total += weight - held[piece, default: 0]
        held[piece] = weight == 0 ? nil : weight
    }
}

/// What an agent does beyond its limits.
package enum BudgetBreach: Error, Hashable, Sendable, CustomStringConvertible {
    case held(Int, limit: Int)
    case lateHello(Duration)
    case longHello(Int, limit: Int)
    case streams(Int)

    package var description: String {
        switch self {
        case .held(let bytes, let limit):
            "the report takes \(bytes >> 20) MiB, at most \(limit >> 20) MiB are allowed per gateway; "
                + "start the coordinator with a larger --report-limit"
        case .lateHello(let time): "a session must begin with Hello within \(time.components.seconds) s"
        case .longHello(let bytes, let limit): "Hello must be at most \(limit) bytes, has \(bytes)"
        case .streams(let limit): "this gateway already has \(limit) calls; end one of them"
        }
    }
}
