import FederationAPI
import FederationModel
import FederationViews
import NetworkTypes
import Terminal
import Verification

@testable import fedctl

func cloud(_ name: String) -> CloudName { CloudName(unchecked: name) }
func vpn(_ name: String) -> VPNName { VPNName(unchecked: name) }

func gateway(_ text: String) throws -> GatewayID { try GatewayID(parsing: text) }
func prefix(_ text: String) throws -> IPPrefix { try IPPrefix(parsing: text) }
func address(_ text: String) throws -> IPAddress { try IPAddress(parsing: text) }

/// A pair with four prefixes, of which so many work.
func pair(
    _ name: String, _ origin: String, _ viewer: String, _ state: VerdictState, working: Int = 4, cause: Cause? = nil
) throws -> PairVerdict {
    let all = try ["10.1.0.11/32", "10.1.0.12/32", "fd10:1::11/128", "fd10:1::12/128"].map(prefix)
    let prefixes = all.enumerated().map { index, prefix in
        PrefixVerdict(
            prefix: prefix, state: index < working ? (state == .failed ? .ok : state) : .failed,
            brokenAt: index < working ? nil : cause?.step)
    }
    let isKnown = state != .unknown && state != .empty
    return PairVerdict(
        vpn: vpn(name), origin: cloud(origin), viewer: cloud(viewer), state: state, cause: cause,
        counts: isKnown
            ? StepCounts(expected: 4, advertised: 4, received: working, imported: working, installed: working, steered: working)
            : StepCounts(),
        prefixes: isKnown ? prefixes : [])
}

let sessionDown = Cause(
    step: .received, code: "session-down", sentence: "tokyo/gw1 has no EVPN session that could carry routes of paris/gw1",
    evidence: ["tokyo/gw1: session with spine (10.255.0.254) is Active", "paris/gw1 advertises 10.1.0.11/32 with RD 10.255.1.1:1"],
    remedy: "on gw1 of tokyo: vtysh -c 'show bgp l2vpn evpn summary'")

let neverReported = Cause(
    step: .acknowledged, code: "agent-never-reported", sentence: "the agent of tokyo/gw1 has not reported since the coordinator started",
    evidence: ["no report of tokyo/gw1"], remedy: "on gw1 of tokyo: systemctl status fed-agent")

let notAcknowledged = Cause(
    step: .acknowledged, code: "not-acknowledged", sentence: "tokyo/gw1 has not applied VPN blue yet", evidence: [],
    remedy: "a change takes some seconds")

func agent(
    _ name: String, connected: Bool = true, lastSeen: Int64? = 988_000,
    resources: [ResourceStatus] = [applied("base"), applied("vpn/blue")]
) throws -> AgentStatus {
    AgentStatus(
        gateway: try gateway(name), connected: connected, lastSeen: lastSeen, software: "fed-agent 0.1.0, FRR 8.4.4", resources: resources)
}

func applied(_ name: String) -> ResourceStatus { ResourceStatus(resource: resource(name), intended: "a1", acknowledged: "a1") }
func pending(_ name: String) -> ResourceStatus { ResourceStatus(resource: resource(name), intended: "a2", acknowledged: "a1") }
func refused(_ name: String) -> ResourceStatus {
    ResourceStatus(resource: resource(name), intended: "a2", acknowledged: "a1", rejection: "port 4789 is in use by vxlan7")
}

func status(_ agents: [AgentStatus], revision: UInt64 = 3) -> FederationStatus {
    FederationStatus(
        federation: FederationID("demo")!, epoch: "e", revision: revision, pending: agents.reduce(0) { $0 + $1.pending }, agents: agents)
}

func resource(_ name: String) -> ResourceName { ResourceName(name)! }
