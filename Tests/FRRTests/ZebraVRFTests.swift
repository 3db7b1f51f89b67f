import Testing

@testable import FRR
@testable import NetworkTypes

@Suite("zebra's part of a VRF", .serialized, .timeLimit(.minutes(1)))
struct ZebraVRFTests {
    @Test("the old VNI goes before the new one comes")
    func text() throws {
        let one = ZebraVRFStanza(vrf: "fed1", vni: try VNI(parsing: "1"))
        let two = ZebraVRFStanza(vrf: "fed1", vni: try VNI(parsing: "2"))
        #expect(ZebraVRFStanza.changes(from: nil, to: one) == ["vrf fed1", " vni 1", "exit-vrf"])
        #expect(ZebraVRFStanza.changes(from: one, to: two) == ["vrf fed1", " no vni 1", " vni 2", "exit-vrf"])
        #expect(ZebraVRFStanza.changes(from: two, to: nil) == ["vrf fed1", " no vni 2", "exit-vrf"])
        #expect(ZebraVRFStanza.changes(from: one, to: one).isEmpty)
        #expect(one.render == ["vrf fed1", " vni 1", "exit-vrf"])
    }

    @Test("a real zebra takes the VNI, changes it, and forgets the VRF")
    func zebra() async throws {
        let namespace = try NetworkNamespace("zeb")
        let daemons = try await Daemons(in: namespace)
        let zebra = try await client(daemons.zebra)
        var running: ZebraVRFStanza?
        for vni in [10001, 10002, nil, 16_777_215] as [UInt32?] {
            let wanted = vni.flatMap { VNI(value: $0) }.map { ZebraVRFStanza(vrf: "fed1", vni: $0) }
            #expect(try await zebra.configure(ZebraVRFStanza.changes(from: running, to: wanted)).isEmpty)
            running = ZebraVRFStanza.parse(try await zebra.running(), vrf: "fed1")
            #expect(running == wanted)
            let shown = try ZebraVNI.decode(try await zebra.show("show vrf vni json"))
            #expect(shown.map(\.vni) == [wanted?.vni].compactMap(\.self))
            #expect(shown.allSatisfy { !$0.isUp })
        }
        #expect(try await zebra.configure(ZebraVRFStanza.changes(from: running, to: nil)).isEmpty)
        #expect(try await zebra.configure(ZebraVRFStanza.forget(vrf: "fed1")).isEmpty)
        #expect(ZebraVRFStanza.parse(try await zebra.running(), vrf: "fed1") == nil)
        withExtendedLifetime(daemons) {}
    }

    @Test("a real zebra tells of its interfaces, its VRFs and its empty tables")
    func shows() async throws {
        let namespace = try NetworkNamespace("shw")
        try run("ip", "-n", namespace.name, "link", "add", "name", "fedbr1", "address", "02:00:00:00:00:01", "type", "bridge")
        let daemons = try await Daemons(in: namespace)
        let zebra = try await client(daemons.zebra)
        let interfaces = try ZebraInterface.decode(try await zebra.show("show interface vrf all json"))
        #expect(interfaces["lo"]?.isOperationallyUp == true)
        #expect(interfaces["fedbr1"]?.isAdministrativelyUp == false)
        #expect(interfaces["fedbr1"]?.address == MACAddress("02:00:00:00:00:01"))
        #expect(try EVPNEndpoint.decode(try await zebra.show("show evpn rmac vni all json")).isEmpty)
        #expect(try EVPNEndpoint.decode(try await zebra.show("show evpn next-hops vni all json")).isEmpty)
        withExtendedLifetime(daemons) {}
    }
}
