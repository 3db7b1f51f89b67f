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
            #expect(walk.steps[at].state == (verdict.state == .unknown ? .unknown : .broken))
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
