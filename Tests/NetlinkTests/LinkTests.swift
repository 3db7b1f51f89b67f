import Netlink
import NetworkTypes
import Testing

@Suite("Links", .serialized, .timeLimit(.minutes(1)))
struct LinkTests {
    let namespace: NetworkNamespace
    let netlink: Netlink

    init() throws {
        namespace = try NetworkNamespace()
        netlink = try namespace.netlink()
    }

    @Test("a bridge is made with its MAC address, without link-local addresses, and down")
    func bridge() async throws {
        try await netlink.apply(.createLink(name: "fedbr1", kind: .bridge, mac: mac("02:00:5e:00:00:01"), mtu: 1450))
        let link = try #require(try await netlink.link("fedbr1"))
        #expect(link.kind == .bridge)
        #expect(link.mac?.description == "02:00:5e:00:00:01")
        #expect(link.mtu == 1450)
        #expect(link.addressGeneration == AddressGeneration.none)
        #expect(!link.isUp)

        let shown = try #require(try namespace.json("-d", "link", "show", "fedbr1").first)
        #expect(shown["address"] as? String == "02:00:5e:00:00:01")
        #expect(shown["inet6_addr_gen_mode"] as? String == "none")
        #expect(shown["ifindex"] as? Int == Int(link.index))
    }

    @Test("a VXLAN device has the VNI, the local VTEP, the port and no learning, and is a port of its bridge with suppression")
    func vxlan() async throws {
        let tunnel = VXLAN(vni: VNI(value: 10001), local: try ip("10.255.1.1"))
        let results = await netlink.apply([
            .createLink(name: "fedbr1", kind: .bridge),
            .createLink(name: "fedvx1", kind: .vxlan(tunnel)),
            .setLink(name: "fedvx1", .master("fedbr1")),
            .setLink(name: "fedvx1", .bridgePort(BridgePort(learning: false, neighbourSuppression: true))),
            .setLink(name: "fedvx1", .up),
        ])
        for result in results { #expect(throws: Never.self) { try result.get() } }

        let link = try #require(try await netlink.link("fedvx1"))
        #expect(link.kind == .vxlan(tunnel))
        #expect(link.master == "fedbr1")
        #expect(link.isUp)
        #expect(link.bridgePort == BridgePort(learning: false, neighbourSuppression: true))
        #expect(try await netlink.snapshot().link("fedvx1") == link)

        let shown = try #require(try namespace.json("-d", "link", "show", "fedvx1").first)
        let information = try #require(shown["linkinfo"] as? [String: any Sendable])
        let data = try #require(information["info_data"] as? [String: any Sendable])
        #expect(data["id"] as? Int == 10001)
        #expect(data["local"] as? String == "10.255.1.1")
        #expect(data["port"] as? Int == 4789)
        #expect(data["learning"] as? Bool == false)
        let port = try #require(information["info_slave_data"] as? [String: any Sendable])
        #expect(port["learning"] as? Bool == false)
        #expect(port["neigh_suppress"] as? Bool == true)
    }

    @Test("a VXLAN device may have an IPv6 VTEP")
    func vxlanOverIPv6() async throws {
        let tunnel = VXLAN(vni: VNI(value: 16_777_215), local: try ip("fd00::1"), port: 8472, learning: true)
        try await netlink.apply(.createLink(name: "vx6", kind: .vxlan(tunnel)))
        #expect(try await netlink.link("vx6")?.kind == .vxlan(tunnel))
    }

    @Test("a veth pair has both names, and no end makes link-local addresses, even when up")
    func veth() async throws {
        try await netlink.apply(.createLink(name: "fedin1", kind: .veth(peer: "fedov1"), mtu: 1450))
        for name in ["fedin1", "fedov1"] { try await netlink.apply(.setLink(name: name, .up)) }
        var snapshot = try await netlink.snapshot()
        // The kernel sets the operational state a little later.
        while snapshot.link("fedov1")?.operationalState != .up, !Task.isCancelled { snapshot = try await netlink.snapshot() }
        #expect(snapshot.link("fedin1")?.kind == .veth(peer: "fedov1"))
        #expect(snapshot.link("fedov1")?.kind == .veth(peer: "fedin1"))
        #expect(snapshot.link("fedov1")?.mtu == 1450)
        #expect(snapshot.link("fedov1")?.operationalState == .up)
        #expect(snapshot.addresses.filter { $0.interface != "lo" } == [])
    }

    @Test("a veth end whose other end is in another namespace has no peer here")
    func vethElsewhere() async throws {
        let other = try NetworkNamespace()
        try await netlink.apply(.createLink(name: "near", kind: .veth(peer: "far")))
        try namespace.ip("link", "set", "far", "netns", other.name)
        #expect(try await netlink.link("near")?.kind == .veth(peer: nil))
    }

    @Test("settings are what iproute2 shows")
    func settings() async throws {
        try await netlink.apply(.createLink(name: "a", kind: .veth(peer: "b")))
        for setting in [LinkSetting.mtu(9000), .mac(try mac("02:00:00:00:00:99")), .arp(false), .up, .addressGeneration(.eui64)] {
            try await netlink.apply(.setLink(name: "a", setting))
        }
        let link = try #require(try await netlink.link("a"))
        #expect(link.mtu == 9000 && !link.usesARP && link.isUp && link.addressGeneration == .eui64)
        let shown = try #require(try namespace.json("link", "show", "a").first)
        #expect(shown["mtu"] as? Int == 9000)
        #expect(shown["address"] as? String == "02:00:00:00:00:99")
        #expect((shown["flags"] as? [String])?.contains("NOARP") == true)

        try await netlink.apply(.setLink(name: "a", .down))
        try await netlink.apply(.setLink(name: "a", .arp(true)))
        let after = try #require(try await netlink.link("a"))
        #expect(!after.isUp && after.usesARP)
    }

    @Test("an interface leaves its bridge")
    func release() async throws {
        try await netlink.apply(.createLink(name: "br", kind: .bridge))
        try await netlink.apply(.createLink(name: "a", kind: .veth(peer: "b")))
        try await netlink.apply(.setLink(name: "a", .master("br")))
        #expect(try await netlink.link("a")?.master == "br")
        try await netlink.apply(.setLink(name: "a", .master(nil)))
        let link = try #require(try await netlink.link("a"))
        #expect(link.master == nil && link.bridgePort == nil)
    }

    @Test("making what is there changes nothing, and repairs what it may")
    func idempotent() async throws {
        let tunnel = LinkKind.vxlan(VXLAN(vni: VNI(value: 7), local: try ip("10.0.0.1")))
        let changes: [KernelChange] = [
            .createLink(name: "br", kind: .bridge, mac: try mac("02:00:00:00:00:07")),
            .createLink(name: "vx", kind: tunnel),
            .createLink(name: "a", kind: .veth(peer: "b")),
        ]
        for change in changes { #expect(try await netlink.apply(change) == .applied) }
        for change in changes { #expect(try await netlink.apply(change) == .alreadySo) }
        try namespace.ip("link", "set", "dev", "br", "address", "02:00:00:00:00:08")
        try namespace.ip("link", "set", "dev", "br", "addrgenmode", "eui64")
        #expect(try await netlink.apply(changes[0]) == .applied)
        let link = try #require(try await netlink.link("br"))
        #expect(link.mac?.description == "02:00:00:00:00:07" && link.addressGeneration == AddressGeneration.none)
    }

    @Test("deleting what is not there is no error")
    func deleteTwice() async throws {
        try await netlink.apply(.createLink(name: "br", kind: .bridge))
        #expect(try await netlink.apply(.deleteLink(name: "br")) == .applied)
        #expect(try await netlink.apply(.deleteLink(name: "br")) == .alreadySo)
        #expect(try await netlink.link("br") == nil)
    }
}

@Suite("Refusals", .serialized, .timeLimit(.minutes(1)))
struct RefusalTests {
    let namespace: NetworkNamespace
    let netlink: Netlink

    init() throws {
        namespace = try NetworkNamespace()
        netlink = try namespace.netlink()
    }

    @Test("a name that another kind of device has is refused, and the error says which")
    func otherKind() async throws {
        try await netlink.apply(.createLink(name: "fed1", kind: .bridge))
        let error = try #require(await refusal(.createLink(name: "fed1", kind: .veth(peer: "x"))))
        #expect(error.name == "EEXIST")
        #expect(error.description.contains("ip link add name fed1 type veth peer name x"))
        #expect(error.reason?.contains("bridge") == true)
        #expect(error.remedy.contains("delete it first"))
    }

    @Test("a VNI that another device has is refused, and the error names the device")
    func takenVNI() async throws {
        let tunnel = LinkKind.vxlan(VXLAN(vni: VNI(value: 7), local: try ip("10.0.0.1")))
        try await netlink.apply(.createLink(name: "vxlan-7", kind: tunnel))
        let error = try #require(await refusal(.createLink(name: "fedvx1", kind: tunnel)))
        #expect(error.name == "EEXIST")
        #expect(error.reason == "vxlan-7 already has this VNI and port")
    }

    @Test("a missing interface is named")
    func missing() async throws {
        let error = try #require(await refusal(.setLink(name: "fedbr9", .up)))
        #expect(error.name == "ENODEV")
        #expect(error.reason == "unknown interface “fedbr9”")
    }

    @Test("a missing master is named, not the port")
    func missingMaster() async throws {
        let error = try #require(await refusal(.setLink(name: "lo", .master("fed9"))))
        #expect(error.reason == "unknown interface “fed9”")
    }

    @Test("a name that is too long is refused before the kernel is asked")
    func longName() async throws {
        #expect(await refusal(.createLink(name: "federation-bridge", kind: .bridge))?.name == "EINVAL")
    }

    @Test("the kernel's own words are in the error")
    func kernelWords() async throws {
        let route = Route(
            table: 100, prefix: try prefix("10.9.0.0/24"), nextHops: [NextHop(gateway: try ip("192.0.2.1"), interface: "lo")])
        let error = try #require(await refusal(.addRoute(route)))
        #expect(error.reason != nil)
        #expect(error.description.contains("ip route add 10.9.0.0/24 table 100 via 192.0.2.1 dev lo"))
    }

    @Test("an unknown kind of device says what kernel is needed")
    func unknownKind() async throws {
        let error = try #require(await refusal(.createLink(name: "x", kind: .other("no-such-kind"))))
        #expect(error.name == "EOPNOTSUPP")
        #expect(error.remedy.contains("modprobe"))
    }

    @Test("a failing change does not stop the ones after it")
    func batch() async throws {
        let results = await netlink.apply([
            .setLink(name: "nothing", .up), .createLink(name: "br", kind: .bridge), .setLink(name: "br", .up),
        ])
        #expect(results.map { (try? $0.get()) != nil } == [false, true, true])
    }

    private func refusal(_ change: KernelChange) async -> NetlinkError? {
        do throws(NetlinkError) {
            try await netlink.apply(change)
            return nil
        } catch {
            return error
        }
    }
}
