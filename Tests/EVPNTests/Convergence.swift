import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

/// Drives a simulated node until nothing is left to do; fails where that takes too long or the node refuses a step.
private let asn = Samples.intent().base.asn

func converge(_ host: inout SimulatedHost, to make: (ObservedHost) -> HostDesign, rounds: Int = 12) -> [Step] {
    var done: [Step] = []
    for _ in 0..<rounds {
        let design = make(host.observed)
        let base = Planner.plan(base: design.base, asn: asn, on: host.observed)
        let plans =
            [
                Planner.plan(guards: design.guards, on: host.observed), base,
                Teardown.plan(keeping: design.vpns.values, on: host.observed),
            ]
            + design.vpns.values.sorted { $0.index < $1.index }.map { one in
                let others = design.vpns.values.filter { $0.vpn == one.vpn && $0.index != one.index }
                return Planner.plan(one, beside: others, isBaseInForce: base.isSettled, on: host.observed)
            }
        for step in plans.flatMap(\.steps) {
            host.apply(step)
            done.append(step)
        }
        if plans.allSatisfy(\.isSettled) { return done }
        host.settle()
    }
    Issue.record("no settled state after \(rounds) rounds")
    return done
}

func designer(
    _ intent: GatewayIntent, _ routers: [HostedRouter], _ destinations: [VPNName: Set<IPPrefix>] = [:],
    forwarded: [VPNInstance: Set<IPPrefix>] = [:], indexes: inout LocalIndexes
) -> (ObservedHost) -> HostDesign {
    func design(_ host: ObservedHost, _ indexes: inout LocalIndexes) -> HostDesign {
        var design = Designer.design(
            .init(
                intent: intent, routers: routers, destinations: destinations, forwarded: forwarded, switching: host.switching),
            indexes: &indexes)
        var delivery = Delivery()
        _ = delivery.hold(&design, on: host, at: 0)
        return design
    }
    _ = design(ObservedHost(), &indexes)
    return { [indexes] host in
        var indexes = indexes
        return design(host, &indexes)
    }
}

/// The same for a node that has no numbers yet.
func designer(
    _ intent: GatewayIntent, _ routers: [HostedRouter], _ destinations: [VPNName: Set<IPPrefix>] = [:]
) -> (ObservedHost) -> HostDesign {
    var indexes = LocalIndexes()
    return designer(intent, routers, destinations, indexes: &indexes)
}
