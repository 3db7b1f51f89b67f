import FRR
import FederationModel
import NetworkTypes

/// One change to the node. Idempotent.
package enum Step: Hashable, Sendable, Codable {
    case createLink(Link)
    /// Brings an existing link to master, MAC, MTU, flags and up.
    case adjustLink(Link)
    case deleteLink(String)
    case enableForwarding(link: String)
    case addAddress(InterfaceHost)
    case removeAddress(InterfaceHost)
    case addRoute(VRFRoute)
    case removeRoute(VRFRoute)
    case setNeighbour(StaticNeighbour)
    case removeNeighbour(StaticNeighbour)
    case addPort(SwitchPort)
    case removePort(SwitchPort)
    /// Adds before it removes, so that no packet is lost between.
    case changeFlows(bridge: String, add: Set<Flow>, remove: Set<Flow>)
    case configureVRF(from: VRFStanza?, to: VRFStanza)
    /// The configured targets are not in force: they are removed and set again.
    case restateTargets(VRFStanza, of: BGPVNI)
    case removeVRF(VRFStanza)
    case bindVNI(vrf: String, vni: VNI)
    case unbindVNI(vrf: String, vni: VNI)
    /// bgpd announces the VRF's routes to zebra once more.
    case announceRoutes(VRFStanza)
    case configureBase(from: EVPNBaseStanza?, to: EVPNBaseStanza)
    /// Everything of ours goes from bgpd's default instance; the instance stays.
    case removeBase(EVPNBaseStanza)

    /// Which part of the node it writes to.
    package enum Surface: String, Hashable, Sendable, Codable, CaseIterable {
        case kernel, switchDatabase, openflow, bgpd, zebra
    }

    package var surface: Surface {
        switch self {
        case .createLink, .adjustLink, .deleteLink, .enableForwarding, .addAddress, .removeAddress, .addRoute, .removeRoute,
            .setNeighbour, .removeNeighbour:
            .kernel
        case .addPort, .removePort: .switchDatabase
        case .changeFlows: .openflow
        case .configureVRF, .restateTargets, .removeVRF, .announceRoutes, .configureBase, .removeBase: .bgpd
        case .bindVNI, .unbindVNI: .zebra
        }
    }

    /// Whether both have the same result, whatever they start from: after a partial failure the remaining step starts from another state.
    package func leadsWhere(_ other: Step) -> Bool {
        switch (self, other) {
        case (.configureBase(_, let to), .configureBase(_, let goal)): to == goal
        case (.configureVRF(_, let to), .configureVRF(_, let goal)): to == goal
        default: self == other
        }
    }
}

/// What to do now, and what blocks the rest.
package struct NodePlan: Hashable, Sendable {
    /// In order.
    package var steps: [Step] = []
    /// What must happen by itself before more can be planned (zebra learns of a device, ovs-vswitchd numbers a port): observe again soon.
    /// Empty, with no steps: the node is as designed.
    package var waits: [String] = []
    package var problems: [Problem] = []

    package init(steps: [Step] = [], waits: [String] = [], problems: [Problem] = []) {
        self.steps = steps
        self.waits = waits
        self.problems = problems
    }

    package var isSettled: Bool { steps.isEmpty && waits.isEmpty }

    /// Why the plan cannot continue until somebody else acts; nil: it can.
    package var refusal: String? {
        problems.first { [.asConflict, .bgpInstanceMissing, .deviceNameTaken].contains($0.code) }?.message
    }
}
