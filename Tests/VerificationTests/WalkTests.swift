import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("A pair, step by step", .timeLimit(.minutes(1)))
struct WalkTests {
    private func ask(_ from: String, _ to: String, vpn name: String? = "blue") throws -> PairQuestion {
        func end(_ text: String) throws -> PairQuestion.End {
            let parts = text.split(separator: "/").map(String.init)
            return PairQuestion.End(cloud: CloudName(parts[0])!, address: parts.count == 2 ? IPAddress(parts[1])! : nil)
        }
        return PairQuestion(vpn: name.map { vpn($0) }, from: try end(from), to: try end(to))
    }

    @Test("everything works: each step of both ways has passed, and says what was seen")
    func works() throws {
        let explanation = try World().explain(ask("tokyo/10.2.0.11", "paris/10.1.0.11"))
        let back = try #require(explanation.back)
        for walk in [explanation.forth, back] {
            #expect(walk.state == .ok && walk.cause == nil)
            #expect(walk.steps.map(\.step) == RouteStep.allCases)
            for step in walk.steps { #expect(step.state == .passed && !step.evidence.isEmpty, "\(step)") }
        }
        #expect(explanation.forth.prefix == prefix("10.1.0.11/32") && back.prefix == prefix("10.2.0.11/32"))
        #expect(explanation.forth.origin.text == "paris" && back.origin.text == "tokyo")
    }

    @Test(
        "whatever breaks, the walk ends at the verdict’s step, with its cause; what is before it has passed, what is behind it was not looked at",
        arguments: Breakage.all)
    func breaks(_ breakage: Breakage) throws {
        var world = World(routeServer: breakage.routeServer)
        breakage.breakIt(&world)
        for verdict in world.verdicts() where verdict.origin != verdict.viewer {
            let question = try ask(verdict.viewer.text, verdict.origin.text, vpn: verdict.vpn.text)
            guard let walk = try? world.explain(question).forth else { continue }
            #expect(walk.state == verdict.state, "\(verdict.vpn) \(verdict.origin) → \(verdict.viewer)")
            #expect(walk.cause?.code == verdict.cause?.code && walk.cause?.step == verdict.cause?.step)
            guard let cause = verdict.cause else { continue }
            let at = RouteStep.allCases.firstIndex(of: cause.step)!
            #expect(walk.steps[..<at].allSatisfy { $0.state == .passed })
            let states: [VerdictState: WalkedStep.State] = [.unknown: .unknown, .degraded: .passed]
            #expect(walk.steps[at].state == states[verdict.state] ?? .broken)
            #expect(walk.steps[(at + 1)...].allSatisfy { $0.state == .unchecked && $0.evidence.isEmpty })
        }
    }

    @Test("one address of many is followed by itself: another one’s fault is not its")
    func oneAddress() throws {
        var world = World()
        world.blue("tokyo/gw1") { $0.steered.removeAll { $0.family == .ipv6 } }
        #expect(try world.explain(ask("tokyo", "paris/10.1.0.11")).forth.state == .ok)
        let broken = try world.explain(ask("tokyo", "paris/fd10:1::11")).forth
        #expect(broken.state == .failed && broken.cause?.code == "not-steered")
        let any = try world.explain(ask("tokyo", "paris")).forth
        #expect(any.prefix == broken.prefix && any.prefixes == 2)
    }

    @Test("an origin that is silent about what it sends makes the walk unknown too")
    func doubt() throws {
        var world = World(vpns: ["blue"], gateways: 2)
        world.advertise("10.1.0.99/32", by: "paris/gw2", to: ["tokyo/gw1"])
        world.observations[gateway("paris/gw2")]!.receivedAt = World.now - 60_000
        world.observations[gateway("paris/gw2")]!.connected = false
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .unknown && verdict.cause?.code == "agent-silent")
        let walk = try world.explain(ask("tokyo", "paris")).forth
        #expect(walk.state == verdict.state && walk.cause?.code == verdict.cause?.code)
    }

    @Test("where no packet was tried, the steps of packets are not looked at")
    func programmed() throws {
        var world = World()
        world.blue("tokyo/gw1") { $0.probes = [] }
        let walk = try world.explain(ask("tokyo", "paris")).forth
        #expect(walk.state == .programmed && walk.cause == nil)
        #expect(walk.steps.filter { $0.state == .unchecked }.map(\.step) == [.probed, .returned])
        #expect(walk.steps.filter { $0.state != .unchecked }.allSatisfy { $0.state == .passed })
        let probed = try #require(World().explain(ask("tokyo", "paris")).forth.steps.last)
        #expect(probed.evidence == ["tokyo/gw1: probes to paris/gw1 come back, those of 1450 bytes too, round trip 1.2 ms"])
    }

    @Test("without an address it follows a prefix of the verdict’s own state, if another one breaks earlier")
    func ofTheVerdict() throws {
        var world = World()
        world.lose(from: "paris/gw1", to: "tokyo/gw1")
        world.probes("tokyo/gw1", to: "paris/gw1") {
            if $0.family == .ipv4 { $0.small = .init(outcome: .lost, since: World.now - 5_000, isHeard: true) }
        }
        world.probes("paris/gw1", to: "tokyo/gw1") {
            if $0.family == .ipv4 { $0.small = .init(outcome: .returned, since: World.now - 60_000, isHeard: true) }
        }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        let walk = try world.explain(ask("tokyo", "paris")).forth
        #expect(verdict.prefixes.map(\.state) == [.unknown, .failed] && verdict.state == .failed)
        #expect(walk.state == .failed && walk.prefix == prefix("fd10:1::11/128") && walk.cause?.code == verdict.cause?.code)
    }

    @Test("the VPN is found by the ends; where several have both, it asks for one")
    func whichVPN() throws {
        #expect(throws: PairQuestionError.ambiguous([vpn("blue"), vpn("red")])) { try World().explain(ask("tokyo", "paris", vpn: nil)) }
        #expect(try World(vpns: ["blue"]).explain(ask("tokyo", "paris", vpn: nil)).forth.vpn == vpn("blue"))
    }

    @Test("what no VPN connects, and what nobody has, is refused with what to look at")
    func refusals() throws {
        let spokes = World(clouds: ["hub", "paris", "tokyo"], roles: ["hub": .hub, "paris": .spoke, "tokyo": .spoke])
        #expect(throws: PairQuestionError.notConnected(from: CloudName("tokyo")!, to: CloudName("paris")!, vpn: vpn("blue"))) {
            try spokes.explain(ask("tokyo", "paris"))
        }
        let end = PairQuestion.End(cloud: CloudName("paris")!, address: IPAddress("10.1.0.99")!)
        #expect(throws: PairQuestionError.noPrefix(end, [vpn("blue")])) { try World().explain(ask("tokyo", "paris/10.1.0.99")) }
    }

    @Test("one way only: the answers have no walk")
    func oneWay() throws {
        let world = World(roles: ["paris": .exportOnly, "tokyo": .importOnly])
        #expect(try world.explain(ask("tokyo", "paris")).back == nil)
    }
}

extension World {
    fileprivate func explain(_ question: PairQuestion) throws -> PairExplanation {
        try Verification.explain(
            question, intents: intents, vpns: vpns, rollout: Rollout(of: intents, records), observations: observations,
            verdicts: verdicts(),
            now: Self.now)
    }
}
