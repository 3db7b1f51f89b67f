import Coordinator
import FederationAPI
import FederationModel
import GRPCCore
import Testing

@Suite("Agent service, over real mTLS on loopback", .timeLimit(.minutes(1)))
struct AgentServiceTests {
    private func names(_ messages: [CoordinatorMessage]) -> [String] {
        messages.map { message in
            switch message {
            case .welcome(let welcome): "welcome \(welcome.gateway)"
            case .base: "base"
            case .vpn(let vpn): "vpn \(vpn.name)"
            case .unreadableVPN(let name, _, let reason): "unreadable vpn \(name): \(reason)"
            case .vpnRemoved(let name): "-vpn \(name)"
            case .pins(let pins): "pins \(pins.map(\.id).joined(separator: ","))"
            case .complete(let revision): "complete \(revision)"
            }
        }
    }

    @Test("an agent gets its own gateway’s part and nobody else’s")
    func ownPart() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            for name in ["paris/gw1", "tokyo/gw1"] {
                try await loopback.withAgent(name) { agent in
                    let heard = try await agent.until(revision: 1)
                    #expect(names(heard) == ["welcome \(name)", "base", "vpn blue", "vpn red"])
                    let intent = try #require(loopback.controlPlane.current.intents[gateway(name)])
                    #expect(heard.contains(.base(intent.base)))
                    for vpn in intent.vpns.values { #expect(heard.contains(.vpn(vpn))) }
                }
            }
        }
    }

    @Test("an apply sends what changed for an agent, and to the others only that there is a new revision")
    func onlyChanges() async throws {
        try await Loopback.fresh { loopback in
            let both = federationFile(clouds: ["paris", "tokyo"], vpns: ["blue"])
            let file = both + "  green:\n    attachments:\n      - {cloud: paris, router: green-router}\n"
            try await loopback.apply(both)
            try await loopback.withAgent("paris/gw1") { paris in
                try await loopback.withAgent("tokyo/gw1") { tokyo in
                    let before = (try await paris.until(revision: 1).count + 1, try await tokyo.until(revision: 1).count + 1)
                    try await loopback.apply(file)
                    #expect(try await names(paris.until(revision: 2, ignoring: before.0)) == ["vpn green"])
                    #expect(try await names(tokyo.until(revision: 2, ignoring: before.1)) == [])
                }
            }
        }
    }

    @Test("a gateway that is not in the graph is welcomed, and gets its part as soon as it is")
    func notYet() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.withAgent("paris/gw1") { agent in
                #expect(try await names(agent.until(revision: 0)) == ["welcome paris/gw1"])
                try await loopback.apply(federationFile())
                #expect(try await names(agent.until(revision: 1, ignoring: 2)) == ["base", "vpn blue", "vpn red"])
            }
        }
    }

    @Test("a refusal shows in the status, with its reason, and leaves the last good version")
    func refusal() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile(vpns: ["blue"]))
            try await loopback.withAgent("paris/gw1") { agent in
                _ = try await agent.until(revision: 1)
                let first = try #require(loopback.controlPlane.current.intents[gateway("paris/gw1")])
                agent.say(.acknowledgement(.base, .applied(first.base.version)))
                agent.say(.acknowledgement(.vpn(vpn("blue")), .applied(first.vpns[vpn("blue")]!.version)))
                try await loopback.apply(federationFile(vpns: ["blue"], router: "other"))
                let heard = agent.heard.count
                _ = try await agent.until(revision: 2, ignoring: 0)
                let second = try #require(loopback.controlPlane.current.intents[gateway("paris/gw1")]?.vpns[vpn("blue")])
                agent.say(.acknowledgement(.vpn(vpn("blue")), .rejected(second.version, reason: "VNI 10000 is taken by vxlan7")))
                let shown = try await eventually {
                    let paris = try await loopback.status().agents.first { $0.gateway.cloud.text == "paris" }
                    guard let blue = paris?.resources.first(where: { $0.resource == resource("vpn/blue") }) else { return false }
                    return blue.rejection == "VNI 10000 is taken by vxlan7"
                        && blue.intended == second.version && blue.acknowledged == first.vpns[vpn("blue")]!.version
                }
                #expect(shown)
                // It is not sent again: the agent said why.
                try await Task.sleep(for: .milliseconds(100))
                #expect(agent.heard.count <= heard + 2)
                #expect(try await loopback.status().pending == 3)
            }
        }
    }

    @Test("paris’s certificate speaks for paris: what it reports never counts for tokyo")
    func identity() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let tokyo = try #require(loopback.controlPlane.current.intents[gateway("tokyo/gw1")])
            try await loopback.withAgent("paris/gw1") { agent in
                _ = try await agent.until(revision: 1)
                // There is no field to claim another name in; it tells tokyo's report word for word.
                agent.reportAll(tokyo, chassis: "tokyo-gw1")
                #expect(try await eventually { loopback.controlPlane.reports.all(at: 0)[gateway("paris/gw1")] != nil })
                #expect(loopback.controlPlane.reports.all(at: 0)[gateway("tokyo/gw1")] == nil)
                #expect(loopback.controlPlane.registry.all[gateway("tokyo/gw1")] == nil)
                let verdicts = try await loopback.verdicts()
                #expect(verdicts.count == 4)
                #expect(verdicts.allSatisfy { $0.state == .unknown && $0.cause?.code == "agent-never-reported" })
                let status = try await loopback.status()
                #expect(status.agents.map(\.connected) == [true, false])
            }
        }
    }

    @Test("an agent may not act as admin, nor an admin as agent")
    func roles() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.pki.withClient("paris/gw1", at: loopback.endpoint) { client in
                let error = await #expect(throws: CallFailure.self) {
                    try await AdminClient(wrapping: client, at: loopback.endpoint).apply(ApplyOrder(text: federationFile()))
                }
                guard case .notAuthorized? = error?.cause else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
            try await loopback.withAgent("admin") { agent in
                let hasEnded = try await eventually { agent.end != nil }
                #expect(hasEnded)
                #expect(agent.end?.code == .permissionDenied)
            }
            #expect(loopback.controlPlane.current.number == 0)
        }
    }

    @Test("a second session of the same gateway replaces the first")
    func second() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            try await loopback.withAgent("paris/gw1") { first in
                _ = try await first.until(revision: 1)
                try await loopback.withAgent("paris/gw1") { second in
                    _ = try await second.until(revision: 1)
                    #expect(try await eventually { first.end != nil })
                    #expect(first.end?.code == .aborted)
                    try await loopback.apply(federationFile(vpns: ["blue"]))
                    #expect(try await names(second.until(revision: 2, ignoring: 5)) == ["-vpn red"])
                    #expect(try await loopback.status().agents[0].connected)
                }
            }
            #expect(try await eventually { try await !loopback.status().agents[0].connected })
        }
    }

    @Test("what is no session ends as the agent’s fault")
    func faults() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.withAgent("paris/gw1", hello: nil) { agent in
                agent.say(.heartbeat(sentAt: 0))
                let hasEnded = try await eventually { agent.end != nil }
                #expect(hasEnded)
                #expect(agent.end?.code == .invalidArgument)
            }
            try await loopback.withAgent("paris/gw1") { agent in
                agent.say(.report(ReportPart(sequence: 7, observedAt: 0, content: .base(BaseReport()))))
                let hasEnded = try await eventually { agent.end != nil }
                #expect(hasEnded)
                #expect(agent.end?.message == "unexpected report part 7, expected 1")
            }
        }
    }

    @Test("an agent that does not read holds nobody else up")
    func slow() async throws {
        try await Loopback.fresh { loopback in
            // 100 VPNs with long names are some 35 kB for each agent: with the third revision more than what one that stopped
            // reading has room for.
            let many = (100..<200).map { "vpn\($0)-" + String(repeating: "x", count: 50) }
            let router = String(repeating: "r", count: 190)
            var limits = TransportLimits()
            limits.windowSize = 65_535
            try await loopback.apply(federationFile(vpns: ["blue"]))
            try await loopback.pki.withClient("paris/gw1", at: loopback.endpoint, limits: limits) { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try await AgentClient(wrapping: client, isPatient: false).session { writer in
                            try await writer.write(.hello(Hello(software: "lazy")))
                            try await Task.sleep(for: .seconds(50))
                        } hear: { _ in
                            try await Task.sleep(for: .seconds(50))
                        }
                    }
                    try await loopback.withAgent("tokyo/gw1") { tokyo in
                        _ = try await tokyo.until(revision: 1)
                        for round in 1...4 {
                            try await loopback.apply(federationFile(vpns: ["blue"] + many, router: "\(router)\(round)"))
                            _ = try await tokyo.until(revision: UInt64(1 + round))
                        }
                    }
                    #expect(loopback.controlPlane.sessions.behind == [gateway("paris/gw1")])
                    group.cancelAll()
                }
            }
        }
    }
}
