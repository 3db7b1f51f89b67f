import FederationModel
import SwiftProtobuf
import Verification

extension PairName {
    init(_ wire: WirePair) throws(ConversionError) {
        self.init(vpn: try parse(wire.vpn, "vpn"), origin: try parse(wire.origin, "origin"), viewer: try parse(wire.viewer, "viewer"))
    }
}

extension WirePair {
    init(_ pair: PairName) {
        vpn = pair.vpn.text
        origin = pair.origin.text
        viewer = pair.viewer.text
    }
}

extension Judgement {
    /// A state of another release is unknown here, and its step left out.
    init(_ wire: WireJudgement) {
        self.init(
            state: VerdictState(rawValue: wire.state) ?? .unknown, step: RouteStep(rawValue: wire.step), code: wire.code,
            sentence: TextLimits.cut(wire.sentence, to: TextLimits.sentence))
    }
}

extension WireJudgement {
    init(_ judgement: Judgement) {
        state = judgement.state.rawValue
        step = judgement.step?.rawValue ?? ""
        code = judgement.code
        sentence = TextLimits.cut(judgement.sentence, to: TextLimits.sentence)
    }
}

extension VerdictTransition {
    init(_ wire: WireVerdictsChanged) throws(ConversionError) {
        self.init(
            before: wire.hasBefore ? Judgement(wire.before) : nil, after: wire.hasAfter ? Judgement(wire.after) : nil,
            pairs: try convert(wire.pairs, "pairs", PairName.init(_:)), pairCount: Int(clamping: wire.pairCount))
    }
}

extension WireVerdictsChanged {
    init(_ transition: VerdictTransition) {
        if let before = transition.before { self.before = WireJudgement(before) }
        if let after = transition.after { self.after = WireJudgement(after) }
        pairs = transition.pairs.map(WirePair.init(_:))
        pairCount = UInt64(clamping: transition.pairCount)
    }
}

// MARK: As it is stored

extension FederationEvent {
    /// As text: JSON with words, as protobuf writes it.
    package var stored: String {
        get throws { try WireFederationEvent(self).jsonString() }
    }

    /// Nil for an event that this release does not know, or cannot read.
    package init?(stored text: String) {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        guard let wire = try? WireFederationEvent(jsonString: text, options: options), let event = try? FederationEvent(wire) else {
            return nil
        }
        self = event
    }
}

// MARK: What is asked of it

extension EventRequest {
    init(_ wire: WireListEventsRequest) throws(ConversionError) {
        self.init(
            vpn: wire.vpn.isEmpty ? nil : try parse(wire.vpn, "vpn"), origin: wire.origin.isEmpty ? nil : try parse(wire.origin, "origin"),
            viewer: wire.viewer.isEmpty ? nil : try parse(wire.viewer, "viewer"),
            since: wire.sinceMilliseconds == 0 ? nil : moment(wire.sinceMilliseconds))
        limit = wire.limit == 0 ? Self.most : min(Int(wire.limit), Self.most)
        mostPairs = wire.mostPairs == 0 ? VerdictTransition.mostPairs : min(Int(wire.mostPairs), VerdictTransition.mostPairs)
    }

    /// Events of one answer.
    package static let most = 10_000
}

extension WireListEventsRequest {
    init(_ request: EventRequest) {
        vpn = request.vpn?.text ?? ""
        origin = request.origin?.text ?? ""
        viewer = request.viewer?.text ?? ""
        sinceMilliseconds = request.since ?? 0
        limit = UInt32(clamping: request.limit)
        mostPairs = UInt32(clamping: request.mostPairs)
    }
}

extension WireListEventsResponse {
    /// One message at least; each with about a MiB.
    static func send(_ log: EventLog, _ write: (WireListEventsResponse) async throws -> Void) async throws {
        var message = WireListEventsResponse()
        message.more = log.more
        message.keptSinceMilliseconds = log.keptSince
        var weight = 0
        for event in log.events {
            if weight > 1 << 20 {
                try await write(message)
                message = WireListEventsResponse()
                weight = 0
            }
            message.events.append(WireFederationEvent(event))
            weight += 300
            if case .verdictsChanged(let transition) = event.kind { weight += 1000 + transition.pairs.count * 40 }
        }
        try await write(message)
    }
}

extension EventLog {
    init(_ wire: WireListEventsResponse) throws(ConversionError) {
        self.init(events: [], more: wire.more, keptSince: moment(wire.keptSinceMilliseconds))
        try append(wire)
    }

    /// Events that this release does not know are passed over.
    mutating func append(_ wire: WireListEventsResponse) throws(ConversionError) {
        for event in wire.events {
            if let event = try FederationEvent(event) { events.append(event) }
        }
    }
}

extension WireVerifyAtResponse {
    private static let mostPairs = 5000

    /// One message at least.
    static func send(_ past: PastVerdicts, _ write: (WireVerifyAtResponse) async throws -> Void) async throws {
        var message = WireVerifyAtResponse()
        message.time.atMilliseconds = past.at
        if let gap = past.gap {
            message.time.gapFromMilliseconds = gap.lowerBound
            message.time.gapUntilMilliseconds = gap.upperBound
        }
        for pair in past.pairs {
            if message.verdicts.count == mostPairs {
                try await write(message)
                message = WireVerifyAtResponse()
            }
            message.verdicts.append(WirePastVerdict(pair))
        }
        try await write(message)
    }
}

extension PastVerdicts {
    init(_ wire: WireVerifyAtResponse) throws(ConversionError) {
        try require(wire.hasTime, "time")
        self.init(at: moment(wire.time.atMilliseconds), pairs: [])
        if wire.time.hasGapFromMilliseconds, wire.time.hasGapUntilMilliseconds {
            let from = moment(wire.time.gapFromMilliseconds)
            gap = from..<max(from, moment(wire.time.gapUntilMilliseconds))
        }
        try append(wire)
    }

    mutating func append(_ wire: WireVerifyAtResponse) throws(ConversionError) {
        pairs += try convert(wire.verdicts, "verdicts", Pair.init(_:))
    }
}

extension PastVerdicts.Pair {
    init(_ wire: WirePastVerdict) throws(ConversionError) {
        self.init(
            name: try convert(wire.pair, "pair", PairName.init(_:)), judgement: Judgement(wire.judgement),
            since: moment(wire.sinceMilliseconds))
    }
}

extension WirePastVerdict {
    init(_ verdict: PastVerdicts.Pair) {
        pair = WirePair(verdict.name)
        judgement = WireJudgement(verdict.judgement)
        sinceMilliseconds = verdict.since
    }
}
