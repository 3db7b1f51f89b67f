import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("One thing breaks, and exactly that is the cause")
struct CauseTests {
    @Test("where nothing is broken, every pair of every VPN is ok and every prefix passed every step")
    func sound() {
        for routeServer in [false, true] {
            let verdicts = World(clouds: ["lima", "paris", "tokyo"], routeServer: routeServer).verdicts()
            #expect(verdicts.count == 2 * 6)
            for verdict in verdicts {
                #expect(verdict.state == .ok, "\(verdict)")
                #expect(verdict.cause == nil)
                #expect(
                    verdict.counts
                        == StepCounts(
                            expected: 2, advertised: 2, received: 2, imported: 2, installed: 2, steered: 2, probed: 2, returned: 2))
                #expect(verdict.prefixes.allSatisfy { $0.state == .ok && $0.brokenAt == nil })
            }
        }
    }

    @Test("the pair names its first broken step, with evidence and a remedy", arguments: Breakage.all)
    func broken(_ breakage: Breakage) throws {
        var world = World(routeServer: breakage.routeServer)
        breakage.breakIt(&world)
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        let cause = try #require(verdict.cause)
        #expect(cause.catalogued == breakage.code, "\(cause)")
        #expect(cause.step == breakage.code.step)
        #expect(verdict.state == breakage.state ?? breakage.code.state)
        #expect(!cause.sentence.isEmpty && !cause.evidence.isEmpty && !cause.remedy.isEmpty)
        // What passes, though not all of it, is broken nowhere.
        let step = verdict.state == .degraded ? nil : cause.step
        #expect(verdict.prefixes.contains { $0.state == verdict.state && $0.brokenAt == step } || verdict.prefixes.isEmpty)
    }

    @Test("what breaks in blue leaves red as it was", arguments: Breakage.gateways + Breakage.forwarding)
    func contained(_ breakage: Breakage) throws {
        var world = World(routeServer: breakage.routeServer)
        breakage.breakIt(&world)
        #expect(world.verdict("red", "paris", "tokyo")?.state == .ok)
    }

    @Test("every cause of the catalogue is shown by a test here or in the tests of isolation and of three clouds")
    func catalogue() {
        let elsewhere: Set<CauseCode> = [
            .intruder, .foreignRouteImported, .unjoinedRouteImported, .duplicateRouterMAC, .localPreferenceNeedsSessions,
            // Never one: tests of their own say so.
            .attachmentNamesake, .bfdNotRunning, .reversePathFilter, .distributedFloatingIP, .bgpvpnUnreadable, .bgpvpnVNIDiffers,
            .bgpvpnTargetsIgnored, .labelNotKept,
        ]
        #expect(Set(Breakage.all.map(\.code)).union(elsewhere) == Set(CauseCode.allCases))
    }

    @Test("the earliest step is named where several are broken, and the counts show how far each prefix got")
    func earliest() throws {
        var world = World()
        world.blue("tokyo/gw1") {
            $0.steered = []
            $0.installed.removeAll { $0.prefix == prefix("10.1.0.11/32") }
        }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.cause?.code == "not-installed")
        #expect(verdict.counts == StepCounts(expected: 2, advertised: 2, received: 2, imported: 2, installed: 1, steered: 0))
        #expect(verdict.prefixes.map(\.brokenAt) == [.installed, .steered])
        #expect(verdict.cause?.evidence.last == "2 of 2 prefixes do not arrive")
    }

    @Test("a third gateway’s router MAC on a route is told from the viewer’s own")
    func thirdMAC() {
        var world = World(clouds: ["lima", "paris", "tokyo"])
        // Clouds are numbered in the order given: 1 is lima.
        world.report("tokyo/gw1") { report in
            for index in report.received.indices where report.received[index].nextHop == IPAddress("10.255.2.1")! {
                report.received[index].routerMAC = MACAddress("02:fe:d0:00:01:01")!
            }
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .duplicateRouterMAC)
        #expect(world.verdict("blue", "lima", "tokyo")?.state == .ok)
    }

    @Test("the agent’s own complaints are part of the evidence")
    func complaints() throws {
        var world = World()
        world.blue("tokyo/gw1") {
            $0.steered = []
            $0.problems = [Problem(told: "ovs-port-missing", message: "br-ex has no port fedov1", remedy: "start openvswitch")]
        }
        let evidence = try #require(world.verdict("blue", "paris", "tokyo")?.cause?.evidence)
        #expect(evidence.contains("tokyo/gw1 reports ovs-port-missing: br-ex has no port fedov1; start openvswitch"))
    }

    @Test("a namesake fails no pair, and explains no failure of another")
    func namesake() {
        let namesake = Problem(code: .attachmentNamesake, message: "router name=blue-router means a; b has that name too", remedy: "by id")
        var world = World()
        for id in ["paris/gw1", "tokyo/gw1"] { world.blue(id) { $0.problems = [namesake] } }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        world.blue("paris/gw1") {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .attachmentNotFound)
    }

    @Test("what a BGPVPN claims, a row that cannot be read and a label that may go fail no pair, and explain no failure of another")
    func claims() {
        let codes: [ProblemCode] = [.bgpvpnUnreadable, .bgpvpnVNIDiffers, .bgpvpnTargetsIgnored, .labelNotKept]
        var world = World()
        for id in ["paris/gw1", "tokyo/gw1"] {
            world.blue(id) { $0.problems = codes.map { Problem(code: $0, message: "what is said", remedy: "nothing") } }
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        world.blue("paris/gw1") {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .attachmentNotFound)
    }

    @Test("a pair that waits says who types what, and a pair that is broken is not said to wait")
    func waiting() throws {
        var world = World()
        Breakage.bgpvpns.first { $0.code == .bgpvpnHalf }?.breakIt(&world)
        for (origin, viewer) in [("paris", "tokyo"), ("tokyo", "paris")] {
            let verdict = try #require(world.verdict("blue", origin, viewer))
            #expect(verdict.state == .waiting && !verdict.state.isUnwell && verdict.cause?.catalogued == .bgpvpnHalf)
            #expect(
                verdict.cause?.sentence
                    == "nothing is associated with BGPVPN name=blue project=598e0a38b7e1411095797a01997baa85 in tokyo; paris has done its part"
            )
            #expect(verdict.cause?.remedy.contains("“openstack bgpvpn router association create blue ROUTER”") == true)
        }
        #expect(world.verdict("red", "paris", "tokyo")?.state == .ok)
        world.observations[gateway("tokyo/gw1")]!.receivedAt = World.now - 16_000
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .unknown, "an agent that is silent may not know of an association")
    }

    @Test("a cloud whose router takes part does not wait for a BGPVPN beside it")
    func beside() {
        var world = World()
        let selector = AttachmentSelector(kind: .bgpvpn, key: .vni, value: "10001")
        world.intend("tokyo/gw1") { $0.vpns[vpn("blue")]!.attachments.append(AttachmentIntent(selector: selector)) }
        world.blue("tokyo/gw1") { $0.attachments.append(AttachmentReport(selector: selector, association: .unassociated)) }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
    }

    @Test("a prefix that is still advertised and cannot be delivered fails at once, and the pair’s others stand")
    func undeliverable() throws {
        var world = World()
        let problem = Problem(code: .notDeliverable, message: "no flow", remedy: "look", prefixes: [prefix("10.1.0.0/24")])
        world.blue("paris/gw1") { $0.problems = [problem] }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .failed && verdict.cause?.catalogued == .notDeliverable && verdict.cause?.step == .advertised)
        #expect(verdict.prefixes.filter { $0.state == .ok }.map(\.prefix) == [prefix("fd10:1::11/128")])
        #expect(world.verdict("blue", "tokyo", "paris")?.state == .ok)
    }

    @Test("a next hop that answers nobody fails what its router sends in that family; what comes in is not its affair")
    func nextHop() throws {
        var world = World()
        world.blue("tokyo/gw1") {
            $0.problems = [Problem(code: .nextHopUnanswered, message: "nobody", remedy: "look", prefixes: [prefix("10.2.0.0/24")])]
        }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .failed && verdict.cause?.catalogued == .nextHopUnanswered && verdict.cause?.step == .steered)
        #expect(verdict.prefixes.filter { $0.state == .failed }.map(\.prefix) == [prefix("10.1.0.11/32")])
        #expect(world.verdict("blue", "tokyo", "paris")?.state == .ok)
    }

    @Test("a problem of single prefixes fails these alone, with its name, and the pair’s others stand")
    func single() throws {
        var world = World()
        let all = try #require(world.verdict("blue", "paris", "tokyo")?.prefixes.map(\.prefix))
        world.hold("10.1.0.11/32", by: "paris/gw1", .notDeliverable, about: "10.1.0.0/24")
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.cause?.catalogued == .notDeliverable && verdict.cause?.step == .advertised)
        #expect(verdict.prefixes.filter { $0.state == .ok }.map(\.prefix) == all.filter { $0 != prefix("10.1.0.11/32") })
        #expect(verdict.counts.advertised == all.count - 1)
        #expect(world.verdict("blue", "tokyo", "paris")?.state == .ok)
        // It explains no other prefix.
        world.blue("paris/gw1") { $0.advertised = [] }
        world.blue("paris/gw1") { $0.problems[0].prefixes = [prefix("10.7.0.0/24")] }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notAdvertised)
    }

    @Test("where nothing can come in, nothing is advertised, and what is missing there is why; the prefix counts as not advertised")
    func withheld() throws {
        for code in [ProblemCode.patchPortMissing, .providerBridgeMissing] {
            var world = World()
            for prefix in ["10.1.0.11/32", "fd10:1::11/128"] { world.hold(prefix, by: "paris/gw1", code) }
            let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
            #expect(verdict.cause?.code == code.rawValue && verdict.cause?.step == .advertised && verdict.counts.advertised == 0)
        }
    }

    @Test("a gateway port without IPv6 address fails IPv6 alone, both ways")
    func family() throws {
        var world = World()
        world.hold("fd10:1::11/128", by: "paris/gw1", .gatewayLacksFamily, about: "fd10:1::/64")
        world.blue("paris/gw1") { $0.steered.removeAll { $0.family == .ipv6 } }
        for (origin, viewer, step) in [("paris", "tokyo", RouteStep.advertised), ("tokyo", "paris", .steered)] {
            let verdict = try #require(world.verdict("blue", origin, viewer))
            #expect(verdict.cause?.catalogued == .gatewayLacksFamily && verdict.cause?.step == step)
            #expect(verdict.prefixes.allSatisfy { ($0.state == .ok) == ($0.prefix.family == .ipv4) })
        }
    }

    @Test("a distributed floating IP fails no pair")
    func distributed() {
        var world = World()
        world.blue("paris/gw1") {
            $0.problems = [
                Problem(
                    code: .distributedFloatingIP, message: "10.1.0.12 is left out", remedy: "centralise", prefixes: [prefix("10.1.0.12/32")]
                )
            ]
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        world.hold("10.1.0.11/32", by: "paris/gw1", .distributedFloatingIP, about: "10.1.0.12/32")
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notAdvertised)
    }

    @Test("a complaint that concerns IPv6 only condemns no VPN without it")
    func ipv4Only() {
        var world = World()
        for id in ["paris/gw1", "tokyo/gw1"] {
            let hosts = world.observations[gateway(id)]!.report.vpns[vpn("blue")]!.expected.filter { $0.family == .ipv4 }
            world.withdraw(from: id)
            for host in hosts { world.advertise("\(host)", by: id, to: ["paris/gw1", "tokyo/gw1"].filter { $0 != id }) }
            world.report(id) { $0.base.problems = [Problem(code: .ipv6ForwardingOff, message: "it is 0", remedy: "sysctl")] }
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        #expect(world.verdict("red", "paris", "tokyo")?.cause?.catalogued == .ipv6ForwardingOff)
    }

    @Test(
        "complaints that stand in nobody's way break no pair",
        arguments: [ProblemCode.localPreferenceNeedsSessions, .shareSelectsNothing, .destinationAmbiguous, .reversePathFilter])
    func harmless(_ code: ProblemCode) {
        var world = World()
        world.blue("tokyo/gw1") { $0.problems = [Problem(code: code, message: "what", remedy: "how")] }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        #expect(world.verdict("blue", "tokyo", "paris")?.state == .ok)
        world.blueRoutes("tokyo/gw1") { $0.isValid = false }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notValid)
    }

    @Test("a limit keeps back what its own cloud has, and not what that learns")
    func limit() {
        var world = World()
        world.blue("tokyo/gw1") { $0.problems = [Problem(code: .prefixLimit, message: "what", remedy: "how")] }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        #expect(world.verdict("blue", "tokyo", "paris")?.cause?.catalogued == .prefixLimit)
    }

    @Test("a maximum of what is learned fails nothing that is let in, and explains what is not")
    func learnedLimit() {
        var world = World()
        world.blue("tokyo/gw1") { $0.problems = [Problem(code: .learnedLimit, message: "what", remedy: "how")] }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        world.blue("tokyo/gw1") { $0.installed.removeFirst() }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .learnedLimit)
        #expect(world.verdict("blue", "tokyo", "paris")?.state == .ok)
    }

    @Test("sessions that stand are well, whatever their agent cannot read and however they would notice a dead peer")
    func sessions() {
        var world = World()
        world.report("tokyo/gw1") {
            $0.base.problems = [.bgpPasswordsUnreadable, .bfdNotRunning].map { Problem(code: $0, message: "what", remedy: "how") }
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
        world.report("tokyo/gw1") {
            $0.base.problems.removeFirst()
            $0.base.sessions = []
            $0.received = []
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .sessionDown)
    }

    @Test("a label may mean several routers")
    func label() {
        var world = World()
        let selector = AttachmentSelector(kind: .router, key: .label, value: "ovn-federation=blue")
        world.intend("paris/gw1") { $0.vpns[vpn("blue")]!.attachments = [AttachmentIntent(selector: selector)] }
        world.blue("paris/gw1") {
            $0.attachments[0].selector = selector
            $0.attachments[0].routers.append("another")
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .ok)
    }

    @Test("a complaint of another step neither hides nor replaces what is broken before it")
    func laterComplaint() {
        var world = World()
        world.blue("tokyo/gw1") {
            $0.installed = []
            $0.problems = [Problem(code: .patchPortMissing, message: "no port", remedy: "look")]
        }
        let cause = world.verdict("blue", "paris", "tokyo")?.cause
        #expect(cause?.catalogued == .notInstalled)
        #expect(cause?.evidence.contains { $0.contains("patch-port-missing") } == true)
    }

    @Test("the remedy has commands with the real names")
    func remedies() throws {
        var world = World()
        world.blue("paris/gw1") { $0.attachments[0].routers = [] }
        let remedy = try #require(world.verdict("blue", "paris", "tokyo")?.cause?.remedy)
        #expect(remedy.contains("ovn-nbctl") && remedy.contains("blue-router") && remedy.contains("fedctl apply"))
    }
}
