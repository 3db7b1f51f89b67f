import FederationModel
import NetworkTypes
import OVN

/// What in OVN's routers takes packets to federated destinations before they get to our flows.
extension AgentCore {
    /// So many destinations are named by themselves; beyond, all that the route or policy may take.
    private static let mostNamed = 64

    func diversionProblems(of vpn: VPNName) -> [Problem] {
        guard let cloud else { return [] }
        let disabled = selection.routers(of: vpn).sorted().flatMap { cloud.routers(id: $0) }.flatMap { router in
            router.disabledPorts.map { Self.problem($0, of: router) }
        }
        guard let destinations = steered[vpn], !destinations.isEmpty else { return disabled }
        return disabled
            + selection.routers.filter { $0.vpn == vpn }.flatMap { hosted -> [Problem] in
                guard let wanted = destinations[hosted.id], !wanted.isEmpty else { return [] }
                return cloud.routers(id: hosted.id).flatMap { router in
                    router.diversions(of: wanted, from: hosted.subnets).map { Self.problem($0, of: router) }
                }
            }
    }

    private static func problem(_ port: DisabledRouterPort, of router: RouterView) -> Problem {
        Problem(
            code: .routerDiverts,
            message:
                "port \(port.name) (\(port.networks.joined(separator: ", "))) of router \(router.name) is disabled: OVN takes it for absent",
            remedy:
                "`ovn-nbctl --columns=name,networks find Logical_Router_Port enabled=false` shows such ports; enable it where it was disabled",
            // Without its gateway, or without its only network, nothing of the router is left.
            prefixes: router.interfaces.isEmpty || router.gateways.isEmpty
                ? [] : port.networks.compactMap { InterfaceAddress($0)?.prefix })
    }

    private static func problem(_ diversion: Diversion, of router: RouterView) -> Problem {
        let (what, remedy): (String, String)
        switch diversion.taker {
        case .policy(let policy):
            what = "policy \(policy.priority) of router \(router.name) (match “\(policy.text)”, action \(policy.action))"
            remedy = "`ovn-nbctl --columns=priority,action,match list Logical_Router_Policy`"
        case .route(let route):
            let hop = route.nextHop.map { "via \($0)" } ?? "discard"
            what = "route \(route.prefix) \(hop)\(route.isBySource ? " by source" : "") of router \(router.name)"
            remedy = "`ovn-nbctl --columns=ip_prefix,nexthop,policy list Logical_Router_Static_Route`"
        }
        let list = diversion.destinations.listed(limit: 3)
        return Problem(
            code: diversion.isCertain ? .routerDiverts : .routerPolicyUnread,
            message: diversion.isCertain
                ? "\(what) takes packets to \(list): they do not reach the federation"
                : "\(what) may take packets to \(list): its match or action is not understood",
            remedy: "\(remedy) shows it; whoever made it takes it away or leaves these destinations out",
            prefixes: diversion.destinations.count <= mostNamed
                ? diversion.destinations : Set(diversion.destinations.map { IPPrefix.everything($0.family) }).sorted())
    }
}
