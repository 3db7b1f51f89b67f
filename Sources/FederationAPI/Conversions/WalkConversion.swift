import FederationModel
import NetworkTypes
import Verification

extension PairQuestion {
    package init(_ wire: WireExplainRequest) throws(ConversionError) {
        self.init(
            vpn: wire.vpn.isEmpty ? nil : try parse(wire.vpn, "vpn"), from: try convert(wire.from, "from", End.init(_:)),
            to: try convert(wire.to, "to", End.init(_:)))
    }
}

extension WireExplainRequest {
    package init(_ question: PairQuestion) {
        vpn = question.vpn?.text ?? ""
        from = WirePairEnd(question.from)
        to = WirePairEnd(question.to)
    }
}

extension PairQuestion.End {
    fileprivate init(_ wire: WirePairEnd) throws(ConversionError) {
        self.init(
            cloud: try parse(wire.cloud, "cloud"), address: wire.address.isEmpty ? nil : try parse(wire.address, "address"))
    }
}

extension WirePairEnd {
    fileprivate init(_ end: PairQuestion.End) {
        cloud = end.cloud.text
        address = end.address?.description ?? ""
    }
}

extension PairExplanation {
    package init(_ wire: WirePairExplanation) throws(ConversionError) {
        self.init(
            forth: try convert(wire.forth, "forth", PairWalk.init(_:)),
            back: wire.hasBack ? try convert(wire.back, "back", PairWalk.init(_:)) : nil)
    }
}

extension WirePairExplanation {
    package init(_ explanation: PairExplanation) {
        forth = WirePairWalk(explanation.forth)
        if let back = explanation.back { self.back = WirePairWalk(back) }
    }
}

extension PairWalk {
    fileprivate init(_ wire: WirePairWalk) throws(ConversionError) {
        self.init(
            vpn: try parse(wire.vpn, "vpn"), origin: try parse(wire.origin, "origin"), viewer: try parse(wire.viewer, "viewer"),
            prefix: wire.hasPrefix ? try parse(wire.prefix, "prefix") : nil, prefixes: count(wire.prefixes),
            state: try VerdictState(wire.state, "state"), cause: wire.hasCause ? try convert(wire.cause, "cause", Cause.init(_:)) : nil,
            steps: try convert(wire.steps, "steps", WalkedStep.init(_:)))
    }
}

extension WirePairWalk {
    fileprivate init(_ walk: PairWalk) {
        vpn = walk.vpn.text
        origin = walk.origin.text
        viewer = walk.viewer.text
        if let prefix = walk.prefix { self.prefix = prefix.description }
        prefixes = UInt64(clamping: walk.prefixes)
        state = WireVerdictState(walk.state)
        if let cause = walk.cause { self.cause = WireCause(cause) }
        steps = walk.steps.map(WireWalkedStep.init(_:))
    }
}

extension WalkedStep {
    fileprivate init(_ wire: WireWalkedStep) throws(ConversionError) {
        self.init(step: try RouteStep(wire.step, "step"), state: try State(wire.state, "state"), evidence: wire.evidence)
    }
}

extension WireWalkedStep {
    fileprivate init(_ step: WalkedStep) {
        self.step = WireRouteStep(step.step)
        state = WireWalkedState(step.state)
        evidence = step.evidence
    }
}

extension WalkedStep.State {
    fileprivate init(_ wire: WireWalkedState, _ field: String) throws(ConversionError) {
        switch wire {
        case .passed: self = .passed
        case .broken: self = .broken
        case .unknown: self = .unknown
        case .unchecked: self = .unchecked
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: field, reason: "unknown state of a step \(wire.rawValue)")
        }
    }
}

extension WireWalkedState {
    fileprivate init(_ state: WalkedStep.State) {
        switch state {
        case .passed: self = .passed
        case .broken: self = .broken
        case .unknown: self = .unknown
        case .unchecked: self = .unchecked
        }
    }
}
