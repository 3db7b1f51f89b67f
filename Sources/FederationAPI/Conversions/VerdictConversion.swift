import FederationModel
import NetworkTypes
import Verification

extension PairVerdict {
    package init(_ wire: WirePairVerdict) throws(ConversionError) {
        self.init(
            vpn: try parse(wire.vpn, "vpn"), origin: try parse(wire.origin, "origin"), viewer: try parse(wire.viewer, "viewer"),
            state: try VerdictState(wire.state, "state"),
            cause: wire.hasCause ? try convert(wire.cause, "cause", Cause.init(_:)) : nil, counts: StepCounts(wire.counts),
            prefixes: try convert(wire.prefixes, "prefixes", PrefixVerdict.init(_:)),
            intruders: try convert(wire.intruders, "intruders", Intruder.init(_:)))
    }
}

extension WirePairVerdict {
    package init(_ verdict: PairVerdict) {
        vpn = verdict.vpn.text
        origin = verdict.origin.text
        viewer = verdict.viewer.text
        state = WireVerdictState(verdict.state)
        if let cause = verdict.cause { self.cause = WireCause(cause) }
        counts = WireStepCounts(verdict.counts)
        prefixes = verdict.prefixes.map(WirePrefixVerdict.init(_:))
        intruders = verdict.intruders.map(WireIntruder.init(_:))
    }
}

extension Cause {
    package init(_ wire: WireCause) throws(ConversionError) {
        self.init(
            step: try RouteStep(wire.step, "step"), code: wire.code, sentence: wire.sentence, evidence: wire.evidence,
            remedy: wire.remedy)
    }
}

extension WireCause {
    package init(_ cause: Cause) {
        step = WireRouteStep(cause.step)
        code = cause.code
        sentence = cause.sentence
        evidence = cause.evidence
        remedy = cause.remedy
    }
}

extension StepCounts {
    package init(_ wire: WireStepCounts) {
        self.init(
            expected: count(wire.expected), filtered: count(wire.filtered),
            advertised: count(wire.advertised),
            received: count(wire.received), imported: count(wire.imported),
            installed: count(wire.installed), steered: count(wire.steered), probed: count(wire.probed), returned: count(wire.returned))
    }
}

extension WireStepCounts {
    package init(_ counts: StepCounts) {
        expected = UInt64(clamping: counts.expected)
        filtered = UInt64(clamping: counts.filtered)
        advertised = UInt64(clamping: counts.advertised)
        received = UInt64(clamping: counts.received)
        imported = UInt64(clamping: counts.imported)
        installed = UInt64(clamping: counts.installed)
        steered = UInt64(clamping: counts.steered)
        probed = UInt64(clamping: counts.probed)
        returned = UInt64(clamping: counts.returned)
    }
}

extension PrefixVerdict {
    package init(_ wire: WirePrefixVerdict) throws(ConversionError) {
        self.init(
            prefix: try parse(wire.prefix, "prefix"), state: try VerdictState(wire.state, "state"),
            brokenAt: wire.hasBrokenAt ? try RouteStep(wire.brokenAt, "broken_at") : nil)
    }
}

extension WirePrefixVerdict {
    package init(_ verdict: PrefixVerdict) {
        prefix = verdict.prefix.description
        state = WireVerdictState(verdict.state)
        if let step = verdict.brokenAt { brokenAt = WireRouteStep(step) }
    }
}

extension VerdictState {
    /// - Parameter field: where the state stood, for the error.
    package init(_ wire: WireVerdictState, _ field: String) throws(ConversionError) {
        switch wire {
        case .ok: self = .ok
        case .failed: self = .failed
        case .unknown: self = .unknown
        case .empty: self = .empty
        case .programmed: self = .programmed
        case .degraded: self = .degraded
        case .waiting: self = .waiting
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: field, reason: "unknown verdict state \(wire.rawValue)")
        }
    }
}

extension WireVerdictState {
    package init(_ state: VerdictState) {
        switch state {
        case .ok: self = .ok
        case .failed: self = .failed
        case .unknown: self = .unknown
        case .empty: self = .empty
        case .programmed: self = .programmed
        case .degraded: self = .degraded
        case .waiting: self = .waiting
        }
    }
}

extension RouteStep {
    /// - Parameter field: where the step stood, for the error.
    package init(_ wire: WireRouteStep, _ field: String) throws(ConversionError) {
        switch wire {
        case .intent: self = .intent
        case .acknowledged: self = .acknowledged
        case .effective: self = .effective
        case .attached: self = .attached
        case .advertised: self = .advertised
        case .received: self = .received
        case .accepted: self = .accepted
        case .imported: self = .imported
        case .installed: self = .installed
        case .steered: self = .steered
        case .probed: self = .probed
        case .returned: self = .returned
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: field, reason: "unknown route step \(wire.rawValue)")
        }
    }
}

extension WireRouteStep {
    package init(_ step: RouteStep) {
        switch step {
        case .intent: self = .intent
        case .acknowledged: self = .acknowledged
        case .effective: self = .effective
        case .attached: self = .attached
        case .advertised: self = .advertised
        case .received: self = .received
        case .accepted: self = .accepted
        case .imported: self = .imported
        case .installed: self = .installed
        case .steered: self = .steered
        case .probed: self = .probed
        case .returned: self = .returned
        }
    }
}

// MARK: Many verdicts

extension VerdictRequest {
    init(_ wire: WireVerifyRequest) throws(ConversionError) {
        self.init(
            try FederationSelection(vpn: wire.vpn, cloud: wire.cloud), onlyBroken: wire.onlyBroken,
            mostPairs: wire.mostPairs == 0 ? nil : Int(clamping: wire.mostPairs))
    }
}

extension WireVerifyRequest {
    init(_ request: VerdictRequest) {
        vpn = request.selection.vpn?.text ?? ""
        cloud = request.selection.cloud?.text ?? ""
        onlyBroken = request.onlyBroken
        mostPairs = UInt32(clamping: request.mostPairs ?? 0)
    }
}

extension WireVerifyResponse {
    /// Pairs of a message weigh so much at most, in bytes as they are sent; one alone may weigh more.
    private static let weight = 1 << 20

    /// Hands on the messages of an answer, one after the other: all at once would take much memory.
    static func send(_ answer: VerdictAnswer, _ write: (WireVerifyResponse) async throws -> Void) async throws {
        var first = WireVerifyResponse()
        first.summary = WireVerdictSummary(answer.summary, withoutPairs: answer.pairs == nil)
        try await write(first)
        var message = WireVerifyResponse()
        var weight = 0
        for verdict in answer.pairs ?? [] {
            if weight > Self.weight {
                try await write(message)
                message = WireVerifyResponse()
                weight = 0
            }
            message.pairs.append(WirePairVerdict(verdict))
            weight += verdict.weight
        }
        if !message.pairs.isEmpty { try await write(message) }
    }
}

extension PairVerdict {
    /// About how many bytes it has as it is sent.
    fileprivate var weight: Int {
        let words = [cause?.sentence, cause?.remedy].compactMap { $0?.utf8.count } + (cause?.evidence ?? []).map { $0.utf8.count + 4 }
        return 160 + words.reduce(0, +) + prefixes.count * 48 + intruders.count * 160
    }
}

extension VerdictAnswer {
    init(_ wire: WireVerifyResponse) throws(ConversionError) {
        self.init(
            summary: try convert(wire.summary, "summary", VerdictSummary.init(_:)),
            pairs: wire.summary.withoutPairs ? nil : try convert(wire.pairs, "pairs", PairVerdict.init(_:)))
    }

    mutating func append(_ wire: WireVerifyResponse) throws(ConversionError) {
        pairs?.append(contentsOf: try convert(wire.pairs, "pairs", PairVerdict.init(_:)))
    }
}

extension VerdictSummary {
    init(_ wire: WireVerdictSummary) throws(ConversionError) {
        self.init(groups: try convert(wire.groups, "groups", Group.init(_:)), moreGroups: Int(clamping: wire.moreGroups))
        for count in wire.counts {
            counts[try VerdictState(count.state, "counts.state"), default: [:]][count.code, default: 0] += Int(clamping: count.pairs)
        }
    }
}

extension WireVerdictSummary {
    init(_ summary: VerdictSummary, withoutPairs: Bool) {
        for state in VerdictState.allCases {
            for (code, pairs) in (summary.counts[state] ?? [:]).sorted(by: { $0.key < $1.key }) {
                var count = WireVerdictCount()
                count.state = WireVerdictState(state)
                count.code = code
                count.pairs = UInt64(clamping: pairs)
                counts.append(count)
            }
        }
        groups = summary.groups.map { group in
            var wire = WireVerdictGroup()
            wire.first = WirePairVerdict(group.first)
            wire.pairs = UInt64(clamping: group.pairs)
            wire.vpns = UInt64(clamping: group.vpns)
            return wire
        }
        moreGroups = UInt64(clamping: summary.moreGroups)
        self.withoutPairs = withoutPairs
    }
}

extension VerdictSummary.Group {
    init(_ wire: WireVerdictGroup) throws(ConversionError) {
        self.init(
            first: try convert(wire.first, "first", PairVerdict.init(_:)), pairs: Int(clamping: wire.pairs),
            vpns: Int(clamping: wire.vpns))
    }
}
