import Netlink
import NetworkTypes
import Testing

@Suite("Changes as commands", .serialized)
struct CommandTests {
    @Test("each change reads as the command of iproute2 that asks for the same")
    func commands() throws {
        let metric = Route.unreachableDefaultMetric
        let expected: [(KernelChange, String)] = try [
            (.createLink(name: "fed1", kind: .vrf(table: 10001)), "ip link add name fed1 type vrf table 10001"),
            (
                .createLink(name: "fedvx1", kind: .vxlan(VXLAN(vni: VNI(value: 7), local: ip("10.0.0.1"))), mtu: 1450),
                "ip link add name fedvx1 mtu 1450 type vxlan id 7 local 10.0.0.1 dstport 4789 nolearning"
            ),
            (.createLink(name: "a", kind: .veth(peer: "b")), "ip link add name a type veth peer name b"),
            (.setLink(name: "a", .master("fed1")), "ip link set dev a master fed1"),
            (.setLink(name: "a", .addressGeneration(.none)), "ip link set dev a addrgenmode none"),
            (
                .setLink(name: "fedvx1", .bridgePort(BridgePort(learning: false, neighbourSuppression: true))),
                "bridge link set dev fedvx1 learning off neigh_suppress on"
            ),
            (
                .addRoute(
                    Route(
                        table: 10001, prefix: prefix("10.1.0.0/24"), protocolNumber: 210,
                        nextHops: [NextHop(gateway: ip("172.24.1.10"), interface: "a", isOnLink: true)])),
                "ip route add 10.1.0.0/24 table 10001 proto 210 via 172.24.1.10 dev a onlink"
            ),
            (
                .putRoute(Route(table: 10001, prefix: prefix("::/0"), kind: .unreachable, protocolNumber: 210, metric: metric)),
                "ip -6 route replace unreachable default table 10001 proto 210 metric 4278198272"
            ),
            (
                .putNeighbour(Neighbour(interface: "a", address: ip("172.24.1.10"), mac: mac("fa:16:3e:00:00:01"))),
                "ip neigh replace 172.24.1.10 lladdr fa:16:3e:00:00:01 dev a nud permanent"
            ),
            (
                .deleteForwarding(
                    BridgeForwarding(interface: "fedvx1", mac: mac("02:00:00:00:00:01"), destination: ip("10.0.0.2"), isSelf: true)),
                "bridge fdb del 02:00:00:00:00:01 dev fedvx1 dst 10.0.0.2 self"
            ),
        ]
        for (change, command) in expected { #expect(change.description == command) }
    }

    @Test("the commands do what the changes do", .timeLimit(.minutes(1)))
    func equivalent() async throws {
        let changes: [KernelChange] = try [
            .createLink(name: "a", kind: .veth(peer: "b")), .setLink(name: "a", .up), .setLink(name: "b", .up),
            .createLink(name: "br", kind: .bridge, mac: mac("02:00:00:00:00:07"), mtu: 1450),
            .createLink(name: "vx", kind: .vxlan(VXLAN(vni: VNI(value: 7), local: ip("10.0.0.1")))),
            .setLink(name: "vx", .master("br")),
            .setLink(name: "vx", .bridgePort(BridgePort(learning: false, neighbourSuppression: true))),
            .putAddress(Address(interface: "a", address: interfaceAddress("10.9.0.1/24"), suppressesPrefixRoute: true)),
            .putAddress(Address(interface: "a", address: interfaceAddress("fd09::1/64"), skipsDuplicateDetection: true)),
            .addRoute(
                Route(
                    table: 10001, prefix: prefix("10.1.0.0/24"), protocolNumber: 210,
                    nextHops: [NextHop(gateway: ip("fe80::1"), interface: "a", isOnLink: true)])),
            .addRoute(
                Route(
                    table: 10001, prefix: prefix("10.2.0.0/24"), protocolNumber: 210, metric: 20,
                    nextHops: [
                        NextHop(gateway: ip("10.9.0.2"), interface: "a", isOnLink: true),
                        NextHop(gateway: ip("10.9.0.3"), interface: "a", isOnLink: true, weight: 2),
                    ])),
            .addRoute(Route(table: 10001, prefix: prefix("::/0"), kind: .unreachable, protocolNumber: 210, metric: 4_278_198_272)),
            .putNeighbour(
                Neighbour(
                    interface: "a", address: ip("10.9.0.2"), mac: mac("fa:16:3e:00:00:01"), state: .noARP, isExternallyLearned: true,
                    protocolNumber: 210)),
            .putForwarding(
                BridgeForwarding(
                    interface: "vx", mac: mac("02:00:00:00:00:01"), destination: ip("10.0.0.2"), isSelf: true,
                    isExternallyLearned: true, lifetime: .dynamic)),
        ]
        let ours = try NetworkNamespace()
        let netlink = try ours.netlink()
        for change in changes { try await netlink.apply(change) }
        let theirs = try NetworkNamespace()
        for change in changes {
            let words = change.description.split(separator: " ").map(String.init)
            try run([words[0], "-n", theirs.name] + words.dropFirst())
            // What iproute2 has no part of the same command for.
            if case .createLink(let name, let kind, _, _) = change {
                try theirs.ip("link", "set", "dev", name, "addrgenmode", "none")
                if case .veth(let peer?) = kind { try theirs.ip("link", "set", "dev", peer, "addrgenmode", "none") }
            }
        }
        let scope = SnapshotScope(tables: [10001], interfaces: ["a", "vx"])
        var first = try await netlink.snapshot(scope)
        var second = try await theirs.netlink().snapshot(scope)
        // Random where nobody chose one.
        for index in first.links.indices where first.links[index].name != "br" { first.links[index].mac = nil }
        for index in second.links.indices where second.links[index].name != "br" { second.links[index].mac = nil }
        first.forwarding.removeAll { $0.isSelf == false }
        second.forwarding.removeAll { $0.isSelf == false }
        #expect(first.links == second.links)
        #expect(Set(first.addresses) == Set(second.addresses))
        #expect(first.routes == second.routes)
        #expect(Set(first.neighbours) == Set(second.neighbours))
        #expect(Set(first.forwarding) == Set(second.forwarding))
    }
}
