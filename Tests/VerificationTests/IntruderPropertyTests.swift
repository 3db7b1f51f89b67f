import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("Intruders, over random federations with all policies, shares and VNI changes", .timeLimit(.minutes(5)))
struct IntruderPropertyTests {
    @Test("honest clouds never have one", arguments: UInt64(0)..<300)
    func honest(_ seed: UInt64) throws {
        var federation = try HonestFederation(seed: seed)
        for verdict in federation.verdicts() { #expect(verdict.intruders.isEmpty && verdict.cause?.catalogued != .intruder, "\(verdict)") }
        federation.churn()
        for verdict in federation.verdicts() { #expect(verdict.intruders.isEmpty && verdict.cause?.catalogued != .intruder, "\(verdict)") }
    }

    @Test("one route of nobody’s is always found, at the viewer that has it, and at no other", arguments: UInt64(0)..<300)
    func found(_ seed: UInt64) throws {
        var federation = try HonestFederation(seed: seed)
        for _ in 0..<20 {
            guard let (viewer, name, route) = foreign(&federation) else { continue }
            var attacked = federation
            attacked.receive(route, at: viewer)
            let verdicts = attacked.verdicts()
            let blamed = verdicts.filter { verdict in
                verdict.vpn == name && verdict.viewer == viewer.cloud && verdict.state == .failed
                    && verdict.intruders.contains { $0.gateway == viewer && $0.prefix == route.prefix && $0.nextHop == route.nextHop }
            }
            #expect(!blamed.isEmpty, "\(route) at \(viewer) in \(name)")
            #expect(verdicts.allSatisfy { $0.intruders.allSatisfy { $0.gateway == viewer } })
        }
    }

    /// A random route that a random VRF imports and that is nobody's: not the whole of (RD, next hop, AS) of one who may export there, or
    /// a prefix that it does not have.
    private func foreign(_ federation: inout HonestFederation) -> (GatewayID, VPNName, ReceivedRoute)? {
        let intents = federation.intents
        func pick<T>(_ list: [T]) -> T? { list.randomElement(using: &federation.random) }
        guard let viewer = pick(intents.keys.sorted()), let vpn = pick(intents[viewer]!.vpns.values.sorted { $0.name < $1.name }),
            let target = pick(vpn.bindings.flatMap(\.importTargets)), let near = pick(intents.values.sorted { $0.gateway < $1.gateway }),
            let other = pick(intents.values.sorted { $0.gateway < $1.gateway })
        else { return nil }
        let distinguishers = other.vpns.values.sorted { $0.name < $1.name }.flatMap { $0.bindings.map(\.routeDistinguisher) }
        guard
            let prefix = pick(
                ["0.0.0.0/0", "::/0", "10.1.1.11/32", "10.1.1.0/25", "10.2.1.12/32", "10.99.0.0/24", "172.16.0.0/12"].map { IPPrefix($0)! }),
            let distinguisher = pick(distinguishers + [RouteDistinguisher("10.66.66.66:66")!]),
            let nextHop = pick([IPAddress.v4(near.base.vtep), .v4(other.base.vtep), IPAddress("192.0.2.66")!]),
            let asn = pick([near.base.asn.value, other.base.asn.value, 64_666])
        else { return nil }
        let route = ReceivedRoute(
            prefix: prefix, routeDistinguisher: distinguisher, nextHop: nextHop, routeTargets: [target], routerMAC: nil,
            asPath: [64_999, asn],
            isValid: true, isBest: true)
        let imports = Set(vpn.bindings.flatMap(\.importTargets))
        for (id, intent) in intents where .v4(intent.base.vtep) == nextHop && intent.base.asn.value == asn {
            for owned in intent.vpns.values where owned.bindings.contains(where: { $0.routeDistinguisher == distinguisher }) {
                // Its own gateway sent it: a leak where it must not be here, and right where it may and has the prefix.
                let mayExport = owned.bindings.contains { !imports.isDisjoint(with: $0.exportTargets) }
                if !mayExport || federation.observations[id]!.report.vpns[owned.name]!.expected.contains(prefix) { return nil }
            }
        }
        return (viewer, vpn.name, route)
    }
}
