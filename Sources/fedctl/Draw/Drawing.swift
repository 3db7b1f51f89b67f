import Federation
import NetworkTypes
import Verification

/// A federation as nodes and lines: the clouds, and for every VPN who reaches whom.
struct Drawing: Hashable, Sendable {
    struct Line: Hashable, Sendable {
        var vpn: VPNName
        /// Routes go from here…
        var from: CloudName
        /// …to here; where they go back too, `from` is the first by name.
        var to: CloudName
        var isOneWay: Bool
        /// The worse one of both directions; nil where it is not known.
        var state: VerdictState?
    }

    var federation: FederationID
    var clouds: [CloudName]
    /// Clouds that are about to be worked on.
    var draining: Set<CloudName>
    /// By VPN and clouds.
    var lines: [Line]

    /// - Parameters:
    ///   - reaches: of the VPNs that are drawn.
    ///   - verdicts: none: nothing is coloured.
    init(_ graph: FederationGraph, reaches: Set<Reach>, verdicts: [PairVerdict] = []) {
        federation = graph.federation
        clouds = graph.clouds.keys.sorted()
        draining = Set(graph.clouds.filter { $0.value.isDraining }.keys)
        var states: [Reach: VerdictState] = [:]
        for pair in verdicts { states[Reach(vpn: pair.vpn, from: pair.origin, to: pair.viewer)] = pair.state }
        lines = reaches.sorted().compactMap { reach in
            let back = Reach(vpn: reach.vpn, from: reach.to, to: reach.from)
            let isOneWay = !reaches.contains(back)
            guard isOneWay || reach.from < reach.to else { return nil }
            let both = [states[reach], isOneWay ? nil : states[back]].compactMap(\.self)
            return Line(vpn: reach.vpn, from: reach.from, to: reach.to, isOneWay: isOneWay, state: Self.worst(both))
        }
    }

    /// What stands in a cloud's box: a drained one says so, because a dashed line alone may not be seen.
    func label(of cloud: CloudName) -> String { draining.contains(cloud) ? "\(cloud) (drained)" : cloud.text }

    private static func worst(_ states: [VerdictState]) -> VerdictState? {
        [.failed, .unknown, .empty, .ok].first(where: states.contains)
    }

    /// What the colours mean and what they do not; nil where there are none.
    var legend: String? {
        lines.contains { $0.state != nil }
            ? "green: programmed, red: failed, amber: unknown, grey: nothing to reach; probes: \(Probes.word)" : nil
    }

    var vpns: [VPNName] { Set(lines.map(\.vpn)).sorted() }
}

extension VerdictState? {
    /// For all three forms; colour-blind people tell these apart.
    var colour: String {
        switch self {
        case .ok: "#1b7837"
        case .failed: "#c51b20"
        case .unknown: "#d98c00"
        case .empty: "#8a8a8a"
        case nil: "#33508f"
        }
    }

    /// So that colour is not the only sign.
    var isDashed: Bool { self == .failed || self == .unknown }
}
