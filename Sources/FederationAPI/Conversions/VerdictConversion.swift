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
            installed: count(wire.installed), steered: count(wire.steered))
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
        }
    }
}
