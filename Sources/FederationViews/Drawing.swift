import Federation
import FederationModel
import NetworkTypes
import Verification

/// A federation as nodes and lines: the clouds, and for every VPN who reaches whom.
package struct Drawing: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package var vpn: VPNName
        /// Routes go from here…
        package var from: CloudName
        /// …to here; where they go back too, `from` is the first by name.
        package var to: CloudName
        package var isOneWay: Bool
        /// Of the routes of `from` at `to`; nil where it is not known.
        package var forth: VerdictState?
        /// Of the other direction; nil where there is none, too.
        package var back: VerdictState?

        /// The worse one of both directions.
        package var state: VerdictState? { Drawing.worst([forth, back].compactMap(\.self)) }
    }

    package var federation: FederationID
    package var clouds: [CloudName]
    /// Clouds that are about to be worked on.
    package var draining: Set<CloudName>
    /// Clouds whose gateways have routes that nobody may have sent there.
    package var intruded: Set<CloudName>
    /// What clouds are in VPNs that are drawn, where they are more than members.
    package var roles: [CloudName: Set<AttachmentRole>]
    /// Clouds that no line leads to are left out: so many there are.
    package var alone: Int
    /// By VPN and clouds.
    package var lines: [Line]
    private var probes: Probes

    /// No line is green for less.
    private var isProven: Bool { !lines.contains { $0.state == .programmed } }

    /// - Parameters:
    ///   - reaches: of the VPNs that are drawn.
    ///   - verdicts: none: nothing is coloured.
    package init(_ graph: FederationGraph, reaches: Set<Reach>, verdicts: [PairVerdict] = []) {
        federation = graph.federation
        probes = Probes(verdicts)
        draining = Set(graph.clouds.filter { $0.value.isDraining }.keys)
        var states: [Reach: VerdictState] = [:]
        intruded = Set(verdicts.filter { !$0.intruders.isEmpty }.map(\.viewer))
        var reaches = reaches
        for pair in verdicts {
            let reach = Reach(vpn: pair.vpn, from: pair.origin, to: pair.viewer)
            states[reach] = pair.state
            // What flows though no policy joins the two is there as well.
            if pair.state == .failed, pair.origin != pair.viewer { reaches.insert(reach) }
        }
        lines = reaches.sorted().compactMap { reach in
            let back = Reach(vpn: reach.vpn, from: reach.to, to: reach.from)
            let isOneWay = !reaches.contains(back)
            guard isOneWay || reach.from < reach.to else { return nil }
            return Line(
                vpn: reach.vpn, from: reach.from, to: reach.to, isOneWay: isOneWay, forth: states[reach],
                back: isOneWay ? nil : states[back])
        }
        let joined = Set(lines.flatMap { [$0.from, $0.to] })
        clouds = joined.isEmpty ? graph.clouds.keys.sorted() : joined.union(intruded).sorted()
        alone = graph.clouds.count - clouds.count
        roles = [:]
        for name in Set(lines.map(\.vpn)) {
            for attachment in graph.vpns[name]?.attachments ?? [] where attachment.role != .member {
                roles[attachment.cloud, default: []].insert(attachment.role)
            }
        }
    }

    /// What stands in a cloud's box: what is the matter with it is said, because a dashed line alone may not be seen.
    package func label(of cloud: CloudName) -> String {
        let notes =
            (roles[cloud] ?? []).map(\.rawValue).sorted()
            + [draining.contains(cloud) ? "drained" : nil, intruded.contains(cloud) ? "intruder" : nil].compactMap(\.self)
        return notes.isEmpty ? cloud.text : "\(cloud) (\(notes.joined(separator: ", ")))"
    }

    static func worst(_ states: [VerdictState]) -> VerdictState? {
        [.failed, .unknown, .degraded, .waiting, .empty, .programmed, .ok].first(where: states.contains)
    }

    /// What the colours mean and what they do not; nil where there are none.
    package var legend: String? {
        let parts = [colours, alone > 0 ? "not drawn: \(alone) \(alone == 1 ? "cloud" : "clouds") that reach nobody here" : nil].compactMap(
            \.self)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private var colours: String? {
        lines.contains { $0.state != nil }
            ? "green: \(isProven ? "packets pass" : "programmed"), red: failed, amber: unknown or degraded, grey: nothing to reach, or waiting; probes: \(probes.word)"
            : nil
    }

    package var vpns: [VPNName] { Set(lines.map(\.vpn)).sorted() }
}

extension VerdictState? {
    /// For all three forms; colour-blind people tell these apart.
    package var colour: String {
        switch self {
        case .ok, .programmed: "#1b7837"
        case .failed: "#c51b20"
        case .unknown, .degraded: "#d98c00"
        case .empty, .waiting: "#8a8a8a"
        case nil: "#33508f"
        }
    }

    /// So that colour is not the only sign.
    package var isDashed: Bool { self == .failed || self == .unknown || self == .degraded }
}
