import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("What is not known is never ok")
struct StalenessTests {
    @Test("with nobody heard, every pair is unknown")
    func nobody() {
        var world = World()
        world.observations = [:]
        #expect(world.verdicts().allSatisfy { $0.state == .unknown && $0.prefixes.isEmpty })
        #expect(world.verdicts().count == 4)
    }

    @Test("a report counts for 15 s and not a millisecond longer", arguments: [true, false])
    func fifteenSeconds(connected: Bool) {
        var world = World()
        world.observations[gateway("paris/gw1")]!.connected = connected
        world.observations[gateway("paris/gw1")]!.receivedAt = World.now - 15_000
        #expect(world.verdicts().allSatisfy { $0.state == .ok })
        #expect(world.verdicts(at: World.now + 1).allSatisfy { $0.state == .unknown })
    }

    @Test("a silent agent makes its pairs unknown in both directions, with the prefixes last expected, and no others")
    func directions() throws {
        var world = World(clouds: ["lima", "paris", "tokyo"])
        world.observations[gateway("paris/gw1")]!.receivedAt = World.now - 60_000
        for verdict in world.verdicts() {
            let concerned = verdict.origin.text == "paris" || verdict.viewer.text == "paris"
            #expect(verdict.state == (concerned ? .unknown : .ok))
        }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.prefixes.map(\.prefix) == [prefix("10.2.0.11/32"), prefix("fd10:2::11/128")])
        #expect(verdict.prefixes.allSatisfy { $0.state == .unknown })
        #expect(verdict.counts == StepCounts(expected: 2))
    }

    @Test("any breakage beside a silent agent is still not ok", arguments: Breakage.all)
    func neverOK(_ breakage: Breakage) {
        var world = World(routeServer: breakage.routeServer)
        breakage.breakIt(&world)
        world.observations[gateway("paris/gw1")]?.receivedAt = 0
        for verdict in world.verdicts() { #expect(verdict.state == .unknown || verdict.state == .failed) }
    }

    private func silence(_ source: String, since: Int64) -> SilentSource {
        SilentSource(told: source, since: since, reason: "connection refused", remedy: "look")
    }

    @Test(
        "a source of a gateway's facts counts for 15 s and not a millisecond longer", arguments: Source.allCases.map(\.rawValue) + ["new"])
    func silentSource(_ source: String) {
        var world = World()
        world.report("tokyo/gw1") { $0.base.silentSources = [silence(source, since: World.now - 15_000)] }
        #expect(world.verdicts().allSatisfy { $0.state == .ok })
        for verdict in world.verdicts(at: World.now + 1) where source != "frr" {
            #expect(verdict.state == .unknown, "\(verdict)")
        }
        #expect(!world.verdicts(at: World.now + 1).contains { $0.viewer.text == "tokyo" && $0.state == .ok })
    }

    struct Origin: Sendable {
        var kind: AttachmentSelector.Kind
        var key: AttachmentSelector.Key
        var advertise: Advertisement
        var state: VerdictState
    }

    @Test(
        "a silent northbound leaves what is advertised unknown, but for whole subnets of what is selected by name or id",
        arguments: [
            Origin(kind: .router, key: .name, advertise: .subnets, state: .ok),
            Origin(kind: .network, key: .id, advertise: .subnets, state: .ok),
            Origin(kind: .router, key: .name, advertise: .hosts, state: .unknown),
            Origin(kind: .router, key: .name, advertise: [.subnets, .extraRoutes], state: .unknown),
            Origin(kind: .router, key: .label, advertise: .subnets, state: .unknown),
            Origin(kind: .port, key: .id, advertise: .subnets, state: .unknown),
        ])
    func silentNorthbound(_ origin: Origin) throws {
        let (advertise, state) = (origin.advertise, origin.state)
        var world = World()
        let selector = AttachmentSelector(kind: origin.kind, key: origin.key, value: "a=b")
        world.intend("tokyo/gw1") { $0.vpns[vpn("blue")]?.attachments = [AttachmentIntent(selector: selector, advertise: advertise)] }
        world.blue("tokyo/gw1") { $0.attachments = [AttachmentReport(selector: selector, routers: ["r"], hosted: ["r"])] }
        #expect(world.verdict("blue", "tokyo", "paris")?.state == .ok)
        world.report("tokyo/gw1") { $0.base.silentSources = [silence("northbound", since: 0)] }
        let verdict = try #require(world.verdict("blue", "tokyo", "paris"))
        #expect(verdict.state == state)
        if state == .unknown { #expect(verdict.cause?.catalogued == .northboundSilent && verdict.cause?.step == .attached) }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .unknown)
    }

    @Test(
        "what NAT is not seen to leave alone fails where the northbound is heard, and is unknown from the first moment of its silence",
        arguments: [true, false])
    func exemption(isHeard: Bool) throws {
        for (lacks, says) in [(true, true), (true, false), (false, true)] {
            var world = World()
            world.blue("tokyo/gw1") {
                if lacks { $0.exempted = [] }
                if says { $0.problems = [Problem(code: .natNotExempted, message: "connection closed", remedy: "look")] }
            }
            if !isHeard { world.report("tokyo/gw1") { $0.base.silentSources = [silence("northbound", since: World.now - 1)] } }
            let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
            #expect(verdict.state == (isHeard ? .failed : .unknown))
            #expect(verdict.cause?.catalogued == (isHeard ? .natNotExempted : .northboundSilent))
            let state = isHeard ? VerdictState.failed : .unknown
            #expect(verdict.prefixes.map(\.state) == [state, lacks ? .ok : state], "IPv6 is not translated")
        }
    }

    @Test(
        "what an agent that starts has not applied is unknown while it waits for a database, and fails where it does not",
        arguments: [
            (Source.southbound, AttachmentSelector.Key.name, true), (.northbound, .label, true), (.northbound, .name, false),
            (.kernel, .name, false),
        ])
    func waits(for source: Source, key: AttachmentSelector.Key, isUnknown: Bool) throws {
        var world = World()
        let selector = AttachmentSelector(kind: .router, key: key, value: "a=b")
        world.intend("tokyo/gw1") { $0.vpns[vpn("blue")]?.attachments = [AttachmentIntent(selector: selector)] }
        world.acknowledge("tokyo/gw1", .vpn(vpn("blue")), nil)
        world.report("tokyo/gw1") { $0.base.silentSources = [silence(source.rawValue, since: 0)] }
        for (origin, viewer) in [("tokyo", "paris"), ("paris", "tokyo")] {
            let verdict = try #require(world.verdict("blue", origin, viewer))
            #expect(verdict.state == (isUnknown ? .unknown : .failed), "\(verdict)")
            #expect((verdict.cause?.catalogued == .notAcknowledged) != isUnknown)
        }
    }

    @Test("what is not known beside a failure is unknown, and the failure is the verdict")
    func beside() throws {
        var world = World()
        world.blue("tokyo/gw1") { $0.exempted = [] }
        world.blue("tokyo/gw1") { $0.steered = $0.steered.filter { $0.family == .ipv4 } }
        world.report("tokyo/gw1") { $0.base.silentSources = [silence("northbound", since: World.now - 1)] }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .failed && verdict.cause?.catalogued == .notSteered)
        #expect(verdict.prefixes.map(\.state) == [.unknown, .failed])
    }

    @Test("any breakage beside a silent source is still not ok", arguments: Breakage.all)
    func silentBeside(_ breakage: Breakage) {
        var world = World(routeServer: breakage.routeServer)
        breakage.breakIt(&world)
        world.report("tokyo/gw1") { $0.base.silentSources.append(silence("southbound", since: 0)) }
        for verdict in world.verdicts() { #expect(verdict.state == .unknown || verdict.state == .failed) }
    }

    @Test(
        "a standby that is cut off from its southbound is no matter, a gateway that takes itself for the host is, though another one hosts")
    func cutOff() throws {
        var world = World(gateways: 2)
        world.report("paris/gw2") { $0.base.silentSources = [silence("southbound", since: 0)] }
        #expect(world.verdicts().allSatisfy { $0.state == .ok })
        world = World(gateways: 2)
        world.report("paris/gw1") { $0.base.silentSources = [silence("southbound", since: 0)] }
        let alone = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(alone.state == .unknown && alone.cause?.catalogued == .southboundSilent)
        let report = try #require(world.observations[gateway("paris/gw1")]?.report.vpns[vpn("blue")])
        world.blue("paris/gw2") {
            ($0.attachments, $0.expected, $0.advertised) = (report.attachments, report.expected, report.advertised)
        }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .southboundSilent)
    }

    @Test("an origin without ports is empty, not ok; and unknown when its agent is silent")
    func empty() {
        var world = World()
        world.withdraw(from: "paris/gw1")
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .empty)
        world.observations[gateway("paris/gw1")]!.receivedAt = 0
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .unknown)
    }

    @Test("a VPN that one cloud alone has makes no pair; no intent makes no verdict")
    func alone() {
        var world = World()
        world.withdraw(from: "tokyo/gw1")
        world.intend("tokyo/gw1") { $0.vpns[vpn("blue")] = nil }
        #expect(world.verdicts().map(\.vpn.text) == ["red", "red"])
        #expect(verify(intents: [:], rollout: Rollout(of: [:], [:]), observations: [:], now: 0).isEmpty)
    }
}
