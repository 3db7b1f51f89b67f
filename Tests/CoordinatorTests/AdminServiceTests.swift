import Coordinator
import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import Synchronization
import Testing

@Suite("Admin service, over real mTLS on loopback", .timeLimit(.minutes(1)))
struct AdminServiceTests {
    @Test("an apply with errors changes nothing and says everything that is wrong")
    func errors() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let bad = federationFile().replacing("10.255.1.1", with: "nowhere").replacing("cloud: tokyo", with: "cloud: kyoto")
            let response = try await loopback.apply(bad)
            #expect(!response.accepted && response.revision == 1 && response.findings.isEmpty)
            #expect(response.diagnostics.count >= 2)
            for diagnostic in response.diagnostics {
                #expect(
                    diagnostic.file == "federation.yaml" && diagnostic.line > 0 && !diagnostic.reason.isEmpty && !diagnostic.remedy.isEmpty
                )
            }
            let graph = try await loopback.withAdmin { try await $0.file() }
            #expect(graph.revision == 1 && graph.text == federationFile())
        }
    }

    @Test("history, audit and events name the admin of the connection, with the serial number of the certificate that it was made with")
    func principals() async throws {
        try await Loopback.fresh { loopback in
            let issued = try loopback.pki.authority.list().filter { $0.identity.role == .admin }
            let admin = Principal(.admin(CertificateSubject.defaultAdmin), certificate: try #require(issued.first).serial)
            #expect(issued.count == 1 && admin.certificate?.isEmpty == false)
            let events = loopback.controlPlane.events.watch()
            try await loopback.apply(federationFile())
            #expect(loopback.controlPlane.current.author == admin)
            let (history, audit) = try await loopback.withAdmin { (try await $0.history(), try await $0.audit()) }
            #expect(history.revisions.map(\.author) == [admin] && audit.entries.map(\.author) == [admin])
            for try await event in events {
                guard case .revisionApplied(let applied) = event.kind else { continue }
                #expect(applied.author == admin)
                break
            }
        }
    }

    @Test("a reader sees the reports and verdicts of its own cloud, and of no other one")
    func reader() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let subject = CertificateSubject.reader(CloudName("paris")!)
            _ = try loopback.pki.authority.issue(subject)
            try await loopback.pki.withClient(subject.fileName, at: loopback.endpoint) { client in
                let admin = AdminClient(wrapping: client, at: loopback.endpoint)
                let own = FederationSelection(cloud: CloudName("paris")!)
                let clouds = try await admin.gateways(own).map(\.gateway.cloud)
                let pairs = try await admin.verdicts(VerdictRequest(own)).pairs ?? []
                #expect(Set(clouds) == [CloudName("paris")!] && !pairs.isEmpty)
                for other in [FederationSelection(cloud: CloudName("tokyo")!), FederationSelection()] {
                    let refusals = [
                        await #expect(throws: CallFailure.self) { _ = try await admin.gateways(other) },
                        await #expect(throws: CallFailure.self) { _ = try await admin.verdicts(VerdictRequest(other)) },
                    ]
                    for refusal in refusals {
                        guard case .notAuthorized = refusal?.cause else { Issue.record("\(String(describing: refusal))"); continue }
                    }
                }
                await #expect(throws: CallFailure.self) { _ = try await admin.history() }
            }
        }
    }

    @Test("a plan says what an apply then does, and changes nothing; the same file twice is one revision")
    func plan() async throws {
        try await Loopback.fresh { loopback in
            let dry = try await loopback.plan(federationFile())
            let plan = try #require(dry.plan)
            #expect(dry.accepted && plan.base == 0 && loopback.controlPlane.current.number == 0)
            #expect(plan.objects.contains { $0.kind == .added && $0.object == "VPN blue" && $0.gateways.count == 2 })
            #expect(plan.gained.count == 4 && plan.lost.isEmpty)
            let wet = try await loopback.apply(federationFile())
            #expect(wet.accepted && wet.revision == 1 && wet.findings.isEmpty)
            let again = try await loopback.apply(federationFile())
            #expect(again.accepted && again.revision == 1)
        }
    }

    @Test("of applies at the same moment each either wins or is told to look again, and no number is given twice")
    func concurrent() async throws {
        try await Loopback.fresh { loopback in
            let (won, lost) = try await loopback.withAdmin { admin in
                try await withThrowingTaskGroup(of: UInt64?.self) { group in
                    for number in 0..<12 {
                        group.addTask {
                            do {
                                // Each takes away what the one before it made.
                                let order = ApplyOrder(text: federationFile(vpns: ["vpn\(number)"]), terms: .init(yesRemove: 2))
                                return try await admin.apply(order).revision
                            } catch let failure as CallFailure where failure.refusal?.code == .conflict {
                                return nil
                            }
                        }
                    }
                    var won: [UInt64] = []
                    var lost = 0
                    for try await revision in group {
                        if let revision { won.append(revision) } else { lost += 1 }
                    }
                    return (won, lost)
                }
            }
            #expect(won.sorted() == Array(1...UInt64(won.count)))
            #expect(won.count + lost == 12)
            #expect(loopback.controlPlane.current.number == UInt64(won.count))
        }
    }

    @Test("the graph comes with every allocation, explicit and unique")
    func allocations() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let graph = try await loopback.withAdmin { try await $0.file() }
            #expect(Set(graph.allocations.map(\.kind.rawValue)) == ["as", "vni", "rt", "rd-index", "vtep", "router-mac", "probe-address"])
            #expect(graph.allocations.count == 14)  // Two AS, two VPNs with three, two gateways with three.
            #expect(Set(graph.allocations.map { $0.kind.rawValue + $0.value }).count == graph.allocations.count)
            #expect(UUID(uuidString: graph.epoch) != nil)
        }
    }

    @Test("reports and verdicts follow what agents tell, and can be cut to one VPN and cloud")
    func reports() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let intents = loopback.controlPlane.current.intents
            try await loopback.withAgent("paris/gw1") { paris in
                try await loopback.withAgent("tokyo/gw1") { tokyo in
                    _ = (try await paris.until(revision: 1), try await tokyo.until(revision: 1))
                    #expect(try await loopback.verdicts().allSatisfy { $0.state == .unknown })
                    paris.reportAll(intents[gateway("paris/gw1")]!, chassis: "a")
                    tokyo.reportAll(intents[gateway("tokyo/gw1")]!, chassis: "b")
                    // Both are heard, and neither has a port.
                    #expect(try await eventually { try await loopback.verdicts().allSatisfy { $0.state == .empty } })
                    #expect(try await loopback.status().pending == 0)

                    let selection = FederationSelection(vpn: vpn("blue"), cloud: CloudName("tokyo"))
                    let states = try await loopback.withAdmin { try await $0.gateways(selection) }
                    #expect(states.map(\.gateway.cloud.text) == ["tokyo"])
                    #expect(states[0].connected && states[0].receivedAt != nil)
                    #expect(states[0].intent?.vpns.keys.map(\.text) == ["blue"] && states[0].report?.vpns.keys.map(\.text) == ["blue"])
                }
            }
        }
    }

    @Test("a watcher sees agents come and go, acknowledgements, repairs, revisions and verdicts as they change")
    func watch() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile(vpns: ["blue"]))
            try await loopback.withAdmin { admin in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        #expect(try await eventually { loopback.controlPlane.events.hasWatchers })
                        // The first look of the verdict watch is what changes are told against.
                        try await Task.sleep(for: .milliseconds(1200))
                        let intents = loopback.controlPlane.current.intents
                        try await loopback.withAgent("paris/gw1") { paris in
                            try await loopback.withAgent("tokyo/gw1") { tokyo in
                                _ = (try await paris.until(revision: 1), try await tokyo.until(revision: 1))
                                paris.reportAll(intents[gateway("paris/gw1")]!, chassis: "a")
                                tokyo.reportAll(intents[gateway("tokyo/gw1")]!, chassis: "b")
                                let drift = Drift(object: "flow br-ex", change: "removed", repairedAt: 1)
                                tokyo.say(
                                    .report(
                                        ReportPart(sequence: 4, observedAt: 0, content: .vpn(VPNReport(name: vpn("blue"), drift: [drift]))))
                                )
                                let trial = ApplyOrder(text: federationFile(vpns: ["blue", "red"]), terms: .init(confirmSeconds: 60))
                                _ = try await admin.apply(trial)
                                _ = try await admin.confirm()
                                try await Task.sleep(for: .milliseconds(1200))
                            }
                        }
                    }
                    group.addTask {
                        let missing = Mutex<Set<String>>([
                            "connected", "disconnected", "acknowledged", "verdict", "drift", "revision", "confirmed",
                        ])
                        do {
                            try await admin.watch { event in
                                let name: String? =
                                    switch event.kind {
                                    case .agentConnected: "connected"
                                    case .agentDisconnected: "disconnected"
                                    case .resourceAcknowledged: "acknowledged"
                                    case .verdictsChanged: "verdict"
                                    case .driftRepaired(_, _, let drift): drift.object == "flow br-ex" ? "drift" : nil
                                    case .revisionApplied(let applied):
                                        applied.author.description == "admin" && applied.deadline != nil ? "revision" : nil
                                    case .revisionConfirmed(let revision, let author):
                                        author.description == "admin" && revision == 2 ? "confirmed" : nil
                                    case .recordingBegan, .verdicts: nil
                                    }
                                let isDone = missing.withLock { missing in
                                    if let name { missing.remove(name) }
                                    return missing.isEmpty
                                }
                                if isDone { throw Enough() }
                            }
                            Issue.record("the feed ended without \(missing.withLock { $0 })")
                        } catch is Enough {}
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await eventually { !loopback.controlPlane.events.hasWatchers })
        }
    }

    private struct Enough: Error {}
}

@Suite("Restart of the coordinator", .timeLimit(.minutes(1)))
struct RestartTests {
    @Test("revision, allocations and agents’ status are kept, and what an agent holds is not sent again")
    func restart() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let before = try await Loopback.with(directory, pki: pki) { loopback in
                try await loopback.apply(federationFile())
                try await loopback.withAgent("paris/gw1") { agent in
                    _ = try await agent.until(revision: 1)
                    agent.reportAll(loopback.controlPlane.current.intents[gateway("paris/gw1")]!, chassis: "a")
                    #expect(try await eventually { try await loopback.status().pending == 3 })
                }
                return (loopback.controlPlane.current, try await loopback.withAdmin { try await $0.file() })
            }
            try await Loopback.with(directory, pki: pki) { loopback in
                let graph = try await loopback.withAdmin { try await $0.file() }
                #expect(graph == before.1)
                let status = try await loopback.status()
                #expect(status.agents.map(\.connected) == [false, false])
                #expect(status.agents[0].software == "test-agent" && (status.agents[0].lastSeen ?? 0) > 0)
                #expect(status.pending == 3)
                #expect(try await loopback.verdicts().allSatisfy { $0.state == .unknown })

                let held = before.0.intents[gateway("paris/gw1")]!.versions
                let hello = Hello(software: "test-agent", epoch: before.0.epoch, revision: 1, held: held)
                try await loopback.withAgent("paris/gw1", hello: hello) { agent in
                    let heard = try await agent.until(revision: 1)
                    guard heard.count == 1, case .welcome(let welcome) = heard[0] else {
                        Issue.record("\(heard)")
                        return
                    }
                    #expect(welcome.epoch == before.0.epoch && welcome.revision == 1)
                }
            }
        }
    }

    @Test("a coordinator that stops sends agents away at once, with a reason")
    func goodbye() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let agent = TestAgent()
            let began = try await Loopback.with(directory, pki: pki) { loopback in
                agent.say(.hello(Hello(software: "test-agent")))
                _ = try pki.authority.issue(.gateway(gateway("paris/gw1")))
                Task { try await pki.withClient("paris/gw1", at: loopback.endpoint) { await agent.run($0) } }
                _ = try await agent.until(revision: 0)
                return ContinuousClock.now
            }
            #expect(ContinuousClock.now - began < .seconds(5))
            #expect(try await eventually { agent.end != nil })
            #expect(agent.end?.code == .unavailable)
            agent.hangUp()
        }
    }
}
