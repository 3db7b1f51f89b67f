import FederationModel
import OVN

/// What is said of holds: as long as something is held, nobody may take it for known.
extension CloudTrust {
    /// Of the node as a whole.
    func problems(of node: LocalNode) -> [Problem] {
        guard let told, !told.chassis.contains(where: { $0.name == node.chassis }) else { return [] }
        return [
            Self.problem(
                .chassisMissing,
                "chassis \(node.chassis) of this node is not in the southbound database: OVN binds nothing here")
        ]
    }

    /// Of a VPN with these routers, by their ids.
    func problems(of routers: Set<String>, at now: Int64) -> [Problem] {
        guard !holds.isEmpty else { return [] }
        return routers.sorted().flatMap { router in
            reasons(of: router, at: now).sorted { $0.key.rawValue < $1.key.rawValue }.map { reason, count in
                Self.problem(reason, "\(reason.sentence(of: router, count)); what was seen last is believed for \(reason.limit / 1000) s")
            }
        }
    }

    private static func problem(_ reason: Hold.Reason, _ message: String) -> Problem {
        switch reason {
        case .chassisMissing:
            Problem(
                code: .chassisNotRegistered, message: message,
                remedy: "`systemctl status ovn-controller`; it registers the chassis when it runs and reaches the southbound database")
        case .southboundLacks, .southboundRemade, .bindingsLost:
            Problem(
                code: .southboundIncomplete, message: message,
                remedy:
                    "ovn-northd fills it, on the cloud's central node: `systemctl status ovn-northd`; ovn-controller binds the ports, on each "
                    + "node: `systemctl status ovn-controller`")
        case .northboundLacks, .bothLack:
            Problem(
                code: .northboundIncomplete, message: message,
                remedy:
                    "see what it has: `ovn-nbctl --columns=name,external_ids list Logical_Router`; if it was made anew, restore it, or fill it "
                    + "with neutron-ovn-db-sync-util")
        }
    }
}

extension Hold.Reason {
    fileprivate func sentence(of router: String, _ count: Int) -> String {
        switch self {
        case .chassisMissing: "\(count) ports of router \(router) are bound nowhere since the chassis of their node went"
        case .southboundLacks: "the southbound database lacks router \(router), which the northbound one has"
        case .southboundRemade: "the southbound rows of router \(router) were made anew, and \(count) ports are not bound again yet"
        case .bindingsLost: "\(count) ports of router \(router) are bound nowhere, together with most others"
        case .northboundLacks: "the northbound database lacks router \(router), which the southbound one has"
        case .bothLack: "router \(router) is gone from both databases, together with most others"
        }
    }
}
