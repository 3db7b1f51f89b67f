import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("Clouds with two gateways")
struct TwoGatewayTests {
    @Test("the standby neither advertises nor forwards, and nothing is wrong")
    func standby() { #expect(World(gateways: 2).verdicts().allSatisfy { $0.state == .ok }) }

    @Test("a standby may be silent while the other is seen to host everything")
    func silentStandby() {
        var world = World(gateways: 2)
        world.observations[gateway("paris/gw2")] = nil
        #expect(world.verdicts().allSatisfy { $0.state == .ok })
    }

    @Test("a silent gateway matters as soon as nobody else is seen to host")
    func silentHost() {
        var world = World(gateways: 2)
        world.observations[gateway("paris/gw1")]!.receivedAt = 0
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .reportStale)
        #expect(world.verdict("blue", "tokyo", "paris")?.state == .unknown)
    }

    @Test("after the gateway port moved, the new host carries the pair while the old one is silent")
    func failover() {
        var world = World(gateways: 2)
        let ports = [prefix("10.1.0.11/32"), prefix("fd10:1::11/128")]
        let old = gateway("paris/gw1"), new = gateway("paris/gw2")
        world.observations[old]!.receivedAt = 0
        for name in ["blue", "red"].map(vpn) {
            world.observations[new]!.report.vpns[name]!.attachments[0].hosted = ["id-of-\(name)-router"]
            world.observations[new]!.report.vpns[name]!.expected = ports
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notAdvertised)

        for name in ["blue", "red"].map(vpn) { world.observations[new]!.report.vpns[name]!.advertised = ports }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notReceived)

        // tokyo learns the routes of the new one.
        let rds = world.intents[new]!.vpns.mapValues(\.routeDistinguisher),
            oldRDs = world.intents[old]!.vpns.mapValues(\.routeDistinguisher)
        for id in ["tokyo/gw1", "tokyo/gw2"] {
            world.report(id) { report in
                for (name, rd) in rds {
                    for index in report.received.indices where report.received[index].routeDistinguisher == oldRDs[name] {
                        report.received[index].routeDistinguisher = rd
                        report.received[index].nextHop = IPAddress("10.255.1.2")!
                        report.received[index].routerMAC = MACAddress("02:fe:d0:00:01:02")!
                    }
                    for index in report.vpns[name]!.imported.indices {
                        report.vpns[name]!.imported[index].nextHop = IPAddress("10.255.1.2")!
                    }
                    for index in report.vpns[name]!.installed.indices {
                        report.vpns[name]!.installed[index].nextHop = IPAddress("10.255.1.2")!
                    }
                }
            }
        }
        // The new host has not probed yet.
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .programmed)
        #expect(world.verdict("blue", "tokyo", "paris")?.state == .programmed)
    }

    @Test("a prefix is fine if any gateway of the origin advertises it")
    func anyAdvertiser() {
        var world = World(gateways: 2)
        world.blue("paris/gw2") {
            $0.attachments[0].hosted = $0.attachments[0].routers
            $0.expected = [prefix("10.1.0.11/32")]
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
    }

    @Test("every gateway of the viewer that hosts must use it")
    func everyViewer() {
        var world = World(gateways: 2)
        world.blue("tokyo/gw2") {
            $0.attachments[0].hosted = $0.attachments[0].routers
            $0.steered = []
        }
        let cause = world.verdict("blue", "paris", "tokyo")?.cause
        #expect(cause?.catalogued == .notSteered)
        #expect(cause?.sentence.contains("tokyo/gw2") == true)
    }

    @Test("of a label’s two routers, one host’s is no answer for the other’s: its silence counts, whether it withdrew or not")
    func labelOnTwoNodes() throws {
        var world = World(gateways: 2)
        let label = AttachmentSelector(kind: .router, key: .label, value: "tenant=blue")
        for (id, hosted) in [("paris/gw1", "r1"), ("paris/gw2", "r2")] {
            world.intend(id) { $0.vpns[vpn("blue")]?.attachments = [AttachmentIntent(selector: label)] }
            world.blue(id) { $0.attachments = [AttachmentReport(selector: label, routers: ["r1", "r2"], hosted: [hosted])] }
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        var silent = world
        silent.observations[gateway("paris/gw1")] = nil
        #expect(silent.verdict("blue", "paris", "tokyo")?.state == .unknown)
        // Cut off from its southbound, it withdraws: nothing of r1 is expected any more.
        world.report("paris/gw1") {
            $0.base.silentSources = [SilentSource(told: "southbound", since: 0, reason: "connection refused", remedy: "look")]
        }
        world.withdraw(from: "paris/gw1")
        world.blue("paris/gw1") { $0.attachments[0].hosted = [] }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .unknown && verdict.cause?.catalogued == .southboundSilent)
    }

    @Test("a gateway that refused the VPN does no harm while another hosts it")
    func refusingStandby() {
        var world = World(gateways: 2)
        world.acknowledge("paris/gw2", .vpn(vpn("blue")), ResourceRecord(rejection: .init(version: "blue-1", reason: "no VXLAN")))
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        world.blue("paris/gw1") { $0.attachments[0].hosted = [] }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .agentRejected)
    }
}
