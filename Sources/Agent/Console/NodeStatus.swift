import FederationModel
import NetworkTypes

/// What a running agent knows of its node, for who stands before it. It needs no coordinator.
package struct NodeStatus: Hashable, Sendable, Codable {
    /// `fed-agent 0.1.0`.
    package var software: String
    /// Milliseconds since 1970.
    package var now: Int64
    package var startedAt: Int64
    /// Nil: no intent has come yet.
    package var gateway: String?
    package var federation: String?
    package var revision: UInt64?
    package var coordinator: CoordinatorLink.State
    /// What the agent knows from where, and how long ago it last heard something new of it.
    package var sources: [Explanation.Fact]
    /// Sources that do not answer any more: what is known of them may be old.
    package var silent: [SilentSource]
    /// `applied`, `waiting` or `refused: …`: BGP without VPNs.
    package var base: String
    package var vpns: [VPN]
    /// What must come about by itself before more is done.
    package var waits: [String]
    /// Of the node as a whole.
    package var problems: [Problem]

    package struct VPN: Hashable, Sendable, Codable {
        package var name: VPNName
        /// As `base`.
        package var state: String
        package var vnis: [String]
        package var routers: [Router]
        /// To be advertised, and in bgpd.
        package var expected: [IPPrefix]
        package var advertised: [IPPrefix]
        /// Of other clouds: in the VRF of bgpd, in the kernel, steered to, left alone by NAT.
        package var learned: [IPPrefix]
        package var installed: [IPPrefix]
        package var steered: [IPPrefix]
        package var exempted: [IPPrefix]
        package var problems: [Problem]
        /// The latest repairs, the newest last.
        package var drift: [Drift]

        package init(_ report: VPNReport, state: String, vnis: [String]) {
            name = report.name
            self.state = state
            self.vnis = vnis
            routers = report.attachments.flatMap { attachment in
                attachment.routers.map { Router(id: $0, isHere: attachment.hosted.contains($0), chassis: attachment.chassis) }
            }
            expected = report.expected
            advertised = report.advertised
            learned = Set(report.imported.map(\.prefix)).sorted()
            installed = Set(report.installed.map(\.prefix)).sorted()
            steered = report.steered
            exempted = report.exempted
            problems = report.problems
            drift = report.drift
        }
    }

    package struct Router: Hashable, Sendable, Codable {
        /// Of OpenStack.
        package var id: String
        /// Its gateway port is bound to this node.
        package var isHere: Bool
        package var chassis: String?
    }

    /// Nothing is wrong, missing or waited for.
    package var isSettled: Bool {
        gateway != nil && sources.allSatisfy { $0.seen != nil } && silent.isEmpty && problems.isEmpty && waits.isEmpty && base == "applied"
            && vpns.allSatisfy { $0.state == "applied" && $0.problems.isEmpty }
    }
}
