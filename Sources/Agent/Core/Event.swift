import EVPN
import FederationAPI
import FederationModel
import NetworkTypes
import OVN

/// All that can happen to the agent: what it sees, what it is told, and what became of what it did.
package enum Event: Hashable, Sendable, Codable {
    // MARK: Facts that come by themselves
    /// From the node's Open_vSwitch database.
    case node(LocalNode)
    case switching(ObservedSwitch)
    /// From both of the cloud's databases together.
    case cloud(CloudView)
    /// Also the answer to a look; nil: it cannot be read now, and what was seen stands.
    case northbound(NorthboundView?)
    /// Something in the kernel that concerns us may have changed.
    case kernelChanged
    /// bgpd or zebra closed its connection, or has none.
    case routingLost
    /// How the connection to a database is.
    case source(Source, SourceStatus)

    // MARK: Answers to looks
    /// Nil: it cannot be read. A look took so many milliseconds.
    case kernel(ObservedKernel?, took: Int64)
    /// Nil: bgpd or zebra cannot be asked. When it was read follows from how long that took.
    case routing(ObservedRouting?, took: Int64)
    /// Of ours, by bridge. Nil: they cannot be read.
    case flows([String: Set<Flow>]?)
    /// What bgpd has in VRFs, by index of the VPN. Nil: it cannot be read.
    case offers([Int: [OfferedRoute]]?)
    /// The next hops whose MAC addresses OVN knows, by gateway port. Nil: they cannot be read.
    case nextHops([String: Set<IPAddress>]?)

    // MARK: What became of actions
    /// Of the steps that were to be carried out, so many were, in order; nil: these were all.
    case carriedOut(Int, of: VPNInstance?, stop: Stop?)
    case exempted(router: String, failure: String?)
    /// Whatever became of them.
    case echoesSent

    // MARK: The coordinator and the time
    /// A session with the coordinator begins.
    case session
    case message(CoordinatorMessage)
    /// All that is new was told, or the time that was waited for has come: now decide.
    case timer

    /// Why no further step was carried out.
    package enum Stop: Hashable, Sendable, Codable {
        case failure(String)
        /// bgpd does not run any more what the step was decided on.
        case outdated
    }

    /// Of two events of one kind that come by themselves, the later one says all. Nil: each counts.
    package var kind: String? {
        switch self {
        case .node, .switching, .cloud, .northbound, .kernelChanged, .routingLost, .kernel, .routing, .flows, .offers, .nextHops: name
        case .source(let source, _): "source \(source.rawValue)"
        case .carriedOut, .exempted, .echoesSent, .session, .message, .timer: nil
        }
    }

    package var name: String {
        switch self {
        case .node: "node"
        case .switching: "switching"
        case .cloud: "cloud"
        case .northbound: "northbound"
        case .kernelChanged: "kernelChanged"
        case .routingLost: "routingLost"
        case .source: "source"
        case .kernel: "kernel"
        case .routing: "routing"
        case .flows: "flows"
        case .offers: "offers"
        case .nextHops: "nextHops"
        case .carriedOut: "carriedOut"
        case .exempted: "exempted"
        case .echoesSent: "echoesSent"
        case .session: "session"
        case .message: "message"
        case .timer: "timer"
        }
    }
}

extension Event {
    /// Of the node itself, by which what the databases tell is judged.
    var isOfNode: Bool {
        switch self {
        case .node, .switching: true
        default: false
        }
    }
}
