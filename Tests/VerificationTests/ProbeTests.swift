import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("Good routes and what packets say")
struct ProbeTests {
    private static let (paris, tokyo) = ("paris/gw1", "tokyo/gw1")

    private func state(_ world: World, _ origin: String = "paris", _ viewer: String = "tokyo") -> VerdictState? {
        world.verdict("blue", origin, viewer)?.state
    }

    @Test("without probes a pair is programmed, and not ok", .timeLimit(.minutes(1)))
    func oldAgents() {
        var world = World()
        for id in [Self.paris, Self.tokyo] { world.blue(id) { $0.probes = [] } }
        let verdict = world.verdict("blue", "paris", "tokyo")
        #expect(verdict?.state == .programmed && verdict?.cause == nil)
        #expect(verdict?.counts.steered == 2 && verdict?.counts.probed == 0 && verdict?.counts.returned == 0)
        #expect(verdict?.prefixes.allSatisfy { $0.state == .programmed } == true)
        #expect(world.verdict("red", "paris", "tokyo")?.state == .ok)
    }

    @Test("until the first of either size has come back, a pair is programmed", .timeLimit(.minutes(1)), arguments: [true, false])
    func waiting(isLarge: Bool) {
        var world = World()
        world.probes(Self.tokyo, to: Self.paris) { $0[keyPath: isLarge ? \ProbeReport.large : \.small].outcome = .waiting }
        #expect(state(world) == .programmed && state(world, "tokyo", "paris") == .ok)
    }

    @Test("each half that is lost fails both pairs, at the step of the half, and both name the same one", .timeLimit(.minutes(1)))
    func halves() throws {
        var world = World()
        world.lose(from: Self.tokyo, to: Self.paris)
        let out = try #require(world.verdict("blue", "paris", "tokyo")), back = try #require(world.verdict("blue", "tokyo", "paris"))
        #expect(out.state == .failed && out.cause?.catalogued == .probeLostOut && out.cause?.step == .probed)
        #expect(back.state == .failed && back.cause?.catalogued == .probeLostBack && back.cause?.step == .returned)
        #expect(out.cause?.sentence == "packets that tokyo/gw1 sends to paris/gw1 in VPN blue do not arrive")
        #expect(back.cause?.sentence == out.cause?.sentence)
        #expect(out.counts.steered == 2 && out.counts.probed == 0 && back.counts.probed == 2 && back.counts.returned == 0)
        #expect(out.prefixes.allSatisfy { $0.state == .failed && $0.brokenAt == .probed })
        #expect(out.cause?.evidence.contains("paris/gw1 does not hear those of tokyo/gw1") == true)
        #expect(world.verdict("red", "paris", "tokyo")?.state == .ok)
    }

    @Test("where both halves are lost, both are named", .timeLimit(.minutes(1)))
    func both() throws {
        var world = World()
        world.lose(from: Self.tokyo, to: Self.paris)
        world.lose(from: Self.paris, to: Self.tokyo)
        for (origin, viewer) in [("paris", "tokyo"), ("tokyo", "paris")] {
            let cause = try #require(world.verdict("blue", origin, viewer)?.cause)
            #expect(cause.catalogued == .probeLost && cause.sentence.contains("send each other"))
        }
    }

    @Test("which half it is, is not said before one end misses the other’s probes", .timeLimit(.minutes(1)))
    func early() throws {
        var world = World()
        world.lose(from: Self.tokyo, to: Self.paris)
        world.probes(Self.paris, to: Self.tokyo) { $0.small.isHeard = true }
        let cause = try #require(world.verdict("blue", "paris", "tokyo")?.cause)
        #expect(cause.catalogued == .probeLost && cause.evidence.contains("which half is lost is not known yet"))
    }

    @Test("large packets that are lost fail the pair, with their size", .timeLimit(.minutes(1)))
    func tooBig() throws {
        var world = World()
        world.lose(from: Self.tokyo, to: Self.paris, \.large)
        let cause = try #require(world.verdict("blue", "paris", "tokyo")?.cause)
        #expect(cause.catalogued == .probeTooBig && cause.sentence.contains("packets of 1450 bytes that tokyo/gw1 sends to paris/gw1"))
        #expect(cause.remedy.contains("`ping -c 3 -M do -s 1472 -I 10.255.2.1 10.255.1.1`"))
        #expect(world.verdict("blue", "tokyo", "paris")?.cause?.catalogued == .probeTooBigBack)
    }

    @Test("a lossy pair forwards and is degraded, with a cause", .timeLimit(.minutes(1)))
    func lossy() throws {
        var world = World()
        world.probes(Self.tokyo, to: Self.paris) {
            $0.small.outcome = .lossy
            $0.lossOut = 20
        }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .degraded && verdict.cause?.catalogued == .probeLossy)
        #expect(verdict.counts.returned == 2 && verdict.prefixes.allSatisfy { $0.state == .degraded && $0.brokenAt == nil })
        #expect(state(world, "tokyo", "paris") == .ok)
    }

    @Test(
        "where only large packets are lost again and again, the pair is degraded, with their size and their loss", .timeLimit(.minutes(1)))
    func lossyLarge() throws {
        var world = World()
        world.probes(Self.tokyo, to: Self.paris) {
            $0.large.outcome = .lossy
            $0.lossBack = 35
        }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        let cause = try #require(verdict.cause)
        #expect(verdict.state == .degraded && cause.catalogued == .probeLossy)
        #expect(
            cause.sentence
                == "some packets of 1450 bytes between tokyo/gw1 and paris/gw1 are lost in VPN blue: 0 % on the way there, 35 % on the way back"
        )
        #expect(cause.evidence == ["tokyo/gw1: 35 % of the latest 30 large probes to paris/gw1 did not come back"])
        #expect(cause.remedy.contains("`ping -c 20 -i 0.2 -M do -s 1472 -I 10.255.2.1 10.255.1.1`"))
    }

    @Test("a prefix that the kernel sends two ways is as good as the worse one, whichever is named first", .timeLimit(.minutes(1)))
    func multipath() throws {
        let service = "10.53.0.53/32"
        for order in [["lima/gw1", "osaka/gw1"], ["osaka/gw1", "lima/gw1"]] {
            var world = World(clouds: ["lima", "osaka", "paris", "tokyo"])
            world.vpns[vpn("blue")] = VPN(anycast: [prefix("10.53.0.0/24")])
            for (place, cloud) in ["lima/gw1", "osaka/gw1", "paris/gw1"].enumerated() {
                world.advertise(service, by: cloud, to: [Self.tokyo], installed: place == 0)
            }
            let hops = order.map { IPAddress.v4(world.intents[gateway($0)]!.base.vtep) }
            world.blue(Self.tokyo) { report in
                report.installed.removeAll { $0.prefix == prefix(service) }
                report.installed += hops.map { InstalledRoute(prefix: prefix(service), nextHop: $0, tunnelReady: true) }
            }
            func found() -> VerdictState? {
                world.verdict("blue", "paris", "tokyo")?.prefixes.first { $0.prefix == prefix(service) }?.state
            }
            #expect(found() == .ok)
            world.lose(from: Self.tokyo, to: "osaka/gw1")
            #expect(found() == .programmed, "what another cloud’s gateway says is not at hand")
        }
    }

    @Test("a loss is one that both ends have found: an agent that is gone, frozen or restarted makes no pair fail", .timeLimit(.minutes(1)))
    func reflectorGone() {
        var gone = World()
        gone.probes(Self.tokyo, to: Self.paris) {
            $0.small.outcome = .lost
            $0.small.isHeard = false
        }
        // What it said last is that all is well. That its own come back takes the same way, and is believed no more either.
        #expect(state(gone) == .unknown && gone.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .probeUnanswered)
        let reverse = gone.verdict("blue", "tokyo", "paris")
        #expect(reverse?.state == .unknown && reverse?.cause?.sentence == gone.verdict("blue", "paris", "tokyo")?.cause?.sentence)
        var restarted = gone
        restarted.probes(Self.paris, to: Self.tokyo) { $0.small.outcome = .waiting }
        #expect(state(restarted) == .programmed)
        var large = World()
        large.probes(Self.tokyo, to: Self.paris) { $0.large.outcome = .lost }
        for (origin, viewer) in [("paris", "tokyo"), ("tokyo", "paris")] {
            #expect(large.verdict("blue", origin, viewer)?.cause?.sentence.contains("does not answer large probes") == true)
        }
    }

    @Test("what probes say holds for as long as it is told: no verdict becomes another one by its age", .timeLimit(.minutes(1)))
    func ages() {
        var world = World()
        world.lose(from: Self.tokyo, to: Self.paris)
        let verdicts = world.verdicts()
        #expect(world.verdicts(at: World.now + 13_000) == verdicts)
        #expect(world.verdicts(at: World.now - 900) == verdicts)
    }

    @Test("a gateway that does not probe back has no way to answer: nothing is proven by its silence", .timeLimit(.minutes(1)))
    func noWayBack() {
        var world = World()
        world.probes(Self.tokyo, to: Self.paris) { $0.small.outcome = .lost }
        world.blue(Self.paris) { $0.probes = [] }
        #expect(state(world) == .programmed)
    }

    @Test("a family in which the viewer has no address needs no probe", .timeLimit(.minutes(1)))
    func needless() {
        var world = World()
        world.blue(Self.tokyo) {
            $0.expected.removeAll { $0.family == .ipv6 }
            $0.advertised.removeAll { $0.family == .ipv6 }
            $0.probes.removeAll { $0.family == .ipv6 }
        }
        let verdict = world.verdict("blue", "paris", "tokyo")
        #expect(verdict?.state == .ok)
        #expect(verdict?.prefixes.map(\.state) == [.ok, .programmed])
    }

    @Test("one family that is lost fails its own prefixes", .timeLimit(.minutes(1)))
    func oneFamily() {
        var world = World()
        world.lose(from: Self.tokyo, to: Self.paris)
        for (one, other) in [(Self.tokyo, Self.paris), (Self.paris, Self.tokyo)] {
            world.probes(one, to: other) {
                if $0.family == .ipv4 { $0.small = .init(outcome: .returned, since: World.now - 60_000, isHeard: true) }
            }
        }
        let verdict = world.verdict("blue", "paris", "tokyo")
        #expect(verdict?.state == .failed && verdict?.prefixes.map(\.state) == [.ok, .failed])
        #expect(verdict?.counts.returned == 1 && verdict?.cause?.evidence.last == "1 of 2 prefixes do not arrive")
    }

    @Test("a step that routes break comes first, and good probes heal none", .timeLimit(.minutes(1)))
    func routesFirst() {
        var world = World()
        world.lose(from: Self.tokyo, to: Self.paris)
        world.blue(Self.tokyo) { $0.installed = [] }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notInstalled)
        var sound = World()
        sound.blue(Self.tokyo) { $0.steered = [] }
        #expect(sound.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notSteered)
    }

    @Test("a level leaves out what breaks behind it, and nothing before it, and no leak", .timeLimit(.minutes(1)))
    func levels() {
        var world = World(vpns: ["blue"])
        world.lose(from: Self.tokyo, to: Self.paris)
        let lost = world.verdicts()
        #expect(lost.allSatisfy { $0.state == .failed && $0.judged(to: .probe) == $0 })
        #expect(lost.allSatisfy { $0.judged(to: .installed).state == .programmed && $0.judged(to: .installed).broken.isEmpty })
        world.blue(Self.tokyo) { $0.steered = [] }
        let unsteered = world.verdicts().filter { $0.cause?.step == .steered }
        #expect(
            !unsteered.isEmpty && unsteered.allSatisfy { $0.judged(to: .installed).state == .failed && $0.judged(to: .routes).cause == nil }
        )
        world.intrude(Intrusion.all[0], at: [Self.tokyo])
        let leaking = world.verdicts().filter { !$0.intruders.isEmpty }
        #expect(!leaking.isEmpty && leaking.allSatisfy { $0.judged(to: .intent) == $0 })
    }
}

@Suite("What probes through routers say", .timeLimit(.minutes(1)))
struct RouterProbeTests {
    private static let (paris, tokyo) = ("paris/gw1", "tokyo/gw1")

    private func found(_ world: World, _ origin: String = "paris", _ viewer: String = "tokyo") -> Cause? {
        world.verdict("blue", origin, viewer)?.cause
    }

    private func state(_ world: World, _ origin: String = "paris", _ viewer: String = "tokyo") -> VerdictState? {
        world.verdict("blue", origin, viewer)?.state
    }

    @Test("what is lost between a gateway’s VRF and its router fails both pairs, each at the step of its half")
    func lost() throws {
        var world = World()
        world.probes(Self.tokyo, to: Self.paris) { $0.router?.small.outcome = .lost }
        let (to, from) = (try #require(found(world)), try #require(found(world, "tokyo", "paris")))
        #expect(to.catalogued == .routerUnanswered && to.step == .probed && from.catalogued == .routerUnanswered && from.step == .returned)
        #expect(to.sentence == from.sentence && to.sentence.contains("do not pass between its VRF and router id-of-"))
        #expect(state(world) == .failed && state(world, "tokyo", "paris") == .failed)
        #expect(world.verdict("red", "paris", "tokyo")?.state == .ok)
    }

    @Test("large ones alone are named with their size")
    func large() throws {
        var world = World()
        world.probes(Self.tokyo, to: Self.paris) { $0.router?.large.outcome = .lost }
        let cause = try #require(found(world))
        #expect(cause.catalogued == .routerUnanswered && cause.sentence.contains("packets of 1280 bytes"))
    }

    @Test("a family that is lost fails its prefixes only")
    func family() throws {
        var world = World()
        let vtep = world.intents[gateway(Self.paris)]!.base.vtep
        world.blue(Self.tokyo) { report in
            for place in report.probes.indices where report.probes[place].vtep == vtep && report.probes[place].family == .ipv6 {
                report.probes[place].router?.small.outcome = .lost
            }
        }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == (verdict.prefixes.contains { $0.prefix.family == .ipv6 } ? .failed : .ok))
        #expect(verdict.prefixes.allSatisfy { ($0.state == .failed) == ($0.prefix.family == .ipv6) })
    }

    @Test("a router that never sent one back proves nothing, and is no failure")
    func waiting() {
        for part in [\ProbeReport.Router.small, \.large] {
            var world = World()
            world.probes(Self.tokyo, to: Self.paris) { $0.router?[keyPath: part].outcome = .waiting }
            #expect(state(world) == .programmed && found(world) == nil)
        }
    }

    @Test("where some come back, packets pass, and not as they should")
    func lossy() throws {
        var world = World()
        world.probes(Self.tokyo, to: Self.paris) {
            $0.router?.small.outcome = .lossy
            $0.router?.loss = 25
        }
        #expect(state(world) == .degraded && state(world, "tokyo", "paris") == .degraded)
        #expect(try #require(found(world)).sentence.contains("25 % of them"))
    }

    @Test("of an agent that knows no such probes, and of a gateway without a router, none are expected")
    func older() {
        var asker = World()
        asker.probes(Self.tokyo, to: Self.paris) { $0.router = nil }
        #expect(state(asker) == .ok)
        var site = World()
        site.probes(Self.tokyo, to: Self.paris) { $0.router?.small.outcome = .lost }
        site.blue(Self.paris) { $0.probedRouter = nil }
        #expect(state(site) == .ok && state(site, "tokyo", "paris") == .ok)
    }

    @Test("prefixes of another router of the gateway are not judged by it, nor is what their machines send")
    func others() {
        var world = World()
        world.probes(Self.tokyo, to: Self.paris) { $0.router?.small.outcome = .lost }
        world.blue(Self.paris) {
            $0.probedRouter?.subnets = [prefix("192.0.2.0/24")]
            $0.attachments[0].hosted.append("another")
        }
        #expect(state(world) == .ok && state(world, "tokyo", "paris") == .ok)
    }

    @Test("where the tunnel itself is broken, that is said")
    func tunnel() {
        var world = World()
        world.lose(from: Self.tokyo, to: Self.paris)
        world.probes(Self.tokyo, to: Self.paris) { $0.router?.small.outcome = .lost }
        #expect(found(world)?.catalogued == .probeLostOut)
    }
}

@Suite("FRR is gone, and what it installed stands", .timeLimit(.minutes(1)))
struct UnattendedTests {
    /// paris cannot ask bgpd and zebra, and knows only what the kernel and Open vSwitch have.
    private static func world() -> World {
        var world = World()
        world.report("paris/gw1") { report in
            report.base.problems = [Problem(code: .frrUnreachable, message: "zebra gives no answer", remedy: "start it")]
            report.received = []
        }
        world.blue("paris/gw1") { ($0.effective, $0.advertised, $0.imported) = (nil, [], []) }
        return world
    }

    @Test("where packets pass, the pairs are degraded, and say so")
    func passes() throws {
        let world = Self.world()
        for (origin, viewer) in [("paris", "tokyo"), ("tokyo", "paris")] {
            let verdict = try #require(world.verdict("blue", origin, viewer))
            #expect(verdict.state == .degraded && verdict.cause?.catalogued == .frrUnreachable, "\(verdict)")
            #expect(verdict.prefixes.allSatisfy { $0.state == .degraded && $0.brokenAt == nil } && verdict.counts.returned == 2)
        }
    }

    @Test("where they do not, or nobody knows, or a route is gone, the pair fails as before")
    func fails() {
        let changes: [@Sendable (inout World) -> Void] = [
            { $0.lose(from: "tokyo/gw1", to: "paris/gw1") }, { $0.probes("tokyo/gw1", to: "paris/gw1") { $0.small.outcome = .waiting } },
            { $0.blue("tokyo/gw1") { $0.installed.removeFirst() } }, { $0.blue("tokyo/gw1") { $0.steered = [] } },
            { $0.probes("tokyo/gw1", to: "paris/gw1") { $0.router?.small.outcome = .lost } },
        ]
        for change in changes {
            var world = Self.world()
            change(&world)
            #expect(world.verdict("blue", "paris", "tokyo")?.state == .failed)
        }
    }
}
