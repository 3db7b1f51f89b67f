import Agent
import EVPN
import FederationAPI
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("A VPN that this release cannot read")
struct UnreadableVPNTests {
    private let blue = VPNName(unchecked: "blue")

    /// What the agent makes of a VPN that a newer coordinator sends.
    private func message(_ vpn: VPNIntent, change: (inout WireVPNIntent) -> Void) throws -> CoordinatorMessage {
        var wire = WireCoordinatorMessage(.vpn(vpn))
        change(&wire.vpn)
        return try CoordinatorMessage(wire)
    }

    @Test("an unknown kind or encapsulation refuses that VPN in that version; what was in force of it stays, and others go on")
    func refused() throws {
        for change in [
            { (wire: inout WireVPNIntent) in wire.kind = .UNRECOGNIZED(99) },
            { (wire: inout WireVPNIntent) in wire.encapsulation = WireEncapsulation() },
        ] {
            var world = World()
            world.run()
            let before = world.host
            var newer = Samples.vpn("blue")
            newer.version = "v2"
            try world.receive(try message(newer, change: change))
            #expect(world.run() == [])
            #expect(world.host.routing == before.routing && world.host.kernel == before.kernel)
            guard case .rejected("v2", let reason)? = world.core.acknowledgements[.vpn(blue)] else {
                Issue.record("\(world.core.acknowledgements)")
                return
            }
            #expect(reason.contains("upgrade"))
            #expect(world.core.acknowledgements[.vpn(VPNName(unchecked: "red"))] == .applied("v1"))
            // The next version can be read.
            newer.version = "v3"
            try world.receive(.vpn(newer))
            world.run()
            #expect(world.core.acknowledgements[.vpn(blue)] == .applied("v3"))
        }
    }

    @Test("one that was never there is refused too, and forgotten when it is removed")
    func unknown() throws {
        var world = World()
        world.run()
        let new = VPNName(unchecked: "new")
        try world.receive(try message(Samples.vpn("new", vni: 10009, index: 9)) { $0.kind = .UNRECOGNIZED(2) })
        #expect(world.run() == [])
        guard case .rejected("v1", _)? = world.core.acknowledgements[.vpn(new)] else {
            Issue.record("\(world.core.acknowledgements)")
            return
        }
        try world.receive(.vpnRemoved(new))
        world.run()
        #expect(world.core.acknowledgements[.vpn(new)] == nil)
    }

    @Test("an agent that has lost its stored intent, and cannot read a VPN, takes nothing down")
    func lostIntent() throws {
        var world = World()
        world.run()
        var fresh = World(stored: nil, indexes: world.core.indexes)
        fresh.host = world.host
        try fresh.receive(
            .welcome(Welcome(federation: World.both.federation, epoch: "e", revision: 1, gateway: World.both.gateway, succeeds: [])))
        try fresh.receive(.base(World.both.base))
        try fresh.receive(try message(Samples.vpn("blue")) { $0.kind = .UNRECOGNIZED(9) })
        try fresh.receive(.complete(revision: 1))
        fresh.run()
        #expect(fresh.host.kernel == world.host.kernel && fresh.host.routing.vrfs == world.host.routing.vrfs)
        #expect(fresh.host.flows == world.host.flows)
        // The coordinator takes it away: now it is known what is to go.
        try fresh.receive(.vpnRemoved(blue))
        try fresh.receive(.complete(revision: 2))
        fresh.run(rounds: 30)
        #expect(fresh.host.routing.vrfs.isEmpty)
    }

    @Test("a VPN without a name is nobody's: it ends the session")
    func nameless() {
        #expect(throws: ConversionError.self) { try message(Samples.vpn("blue")) { $0.name = "" } }
    }
}
