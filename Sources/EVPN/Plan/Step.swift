import FRR
import FederationModel
import NetworkTypes

/// One change to the node. Each can be repeated without harm.
package enum Step: Hashable, Sendable {
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
    /// Additions go first: a moment with both loses nothing.
    case changeFlows(bridge: String, add: Set<Flow>, remove: Set<Flow>)
    case configureVRF(from: VRFStanza?, to: VRFStanza)
    /// What the instance says of its targets is not in force: it is taken away and set again.
    case restateTargets(VRFStanza, of: BGPVNI)
    case removeVRF(VRFStanza)
    case bindVNI(vrf: String, vni: VNI)
    case unbindVNI(vrf: String, vni: VNI)
    /// bgpd tells zebra of the VRF's routes once more.
    case announceRoutes(VRFStanza)
    case configureBase(from: EVPNBaseStanza?, to: EVPNBaseStanza)

    /// Which part of the node it writes to.
    package enum Surface: String, Hashable, Sendable, CaseIterable {
        case kernel, switchDatabase, openflow, bgpd, zebra
    }

    package var surface: Surface {
        switch self {
        case .createLink, .adjustLink, .deleteLink, .enableForwarding, .addAddress, .removeAddress, .addRoute, .removeRoute,
            .setNeighbour, .removeNeighbour:
            .kernel
        case .addPort, .removePort: .switchDatabase
        case .changeFlows: .openflow
        case .configureVRF, .restateTargets, .removeVRF, .announceRoutes, .configureBase: .bgpd
        case .bindVNI, .unbindVNI: .zebra
        }
    }

    /// Whether both lead to the same, from wherever: what is left to do of a step that was carried out in part leads there too.
    package func leadsWhere(_ other: Step) -> Bool {
        switch (self, other) {
        case (.configureBase(_, let to), .configureBase(_, let goal)): to == goal
        case (.configureVRF(_, let to), .configureVRF(_, let goal)): to == goal
        default: self == other
        }
    }
}

/// What to do now, and what stands in the way of the rest.
package struct NodePlan: Hashable, Sendable {
    /// In order.
    package var steps: [Step] = []
    /// What must come about by itself (zebra learning of a device, ovs-vswitchd giving a port its number) before more can be
    /// planned; observe again soon. Empty with no steps: the node is as designed.
    package var waits: [String] = []
    package var problems: [Problem] = []

    package init(steps: [Step] = [], waits: [String] = [], problems: [Problem] = []) {
        self.steps = steps
        self.waits = waits
        self.problems = problems
    }

    package var isSettled: Bool { steps.isEmpty && waits.isEmpty }

    /// Why nothing comes of it until somebody else acts; nil: nothing stands in the way.
    package var refusal: String? {
        problems.first { [.asConflict, .bgpInstanceMissing, .deviceNameTaken].contains($0.code) }?.message
    }
}
