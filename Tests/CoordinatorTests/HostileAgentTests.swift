import Coordinator
import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import NetworkTypes
import Testing

@Suite("An agent that is hostile or broken", .timeLimit(.minutes(2)))
struct HostileAgentTests {
    @Test("a call without Hello is ended in time")
    func noHello() async throws {
        var limits = AgentBudget.Limits()
        limits.helloTime = .seconds(1)
        try await Loopback.fresh(limits: limits) { loopback in
            try await loopback.withAgent("paris/gw1", hello: nil) { agent in
                let hasEnded = try await eventually { agent.end != nil }
                #expect(hasEnded)
                #expect(agent.end?.code == .deadlineExceeded)
            }
            // Who said it stays.
            try await loopback.withAgent("paris/gw1") { agent in
                try await Task.sleep(for: .seconds(2))
                #expect(agent.end == nil)
            }
        }
    }

    @Test("a gateway has a few calls at a time, and one that ended makes room")
    func streams() async throws {
        var limits = AgentBudget.Limits()
        limits.streams = 1
        limits.helloTime = .seconds(60)
        try await Loopback.fresh(limits: limits) { loopback in
            try await loopback.withAgent("paris/gw1") { session in
                _ = try await session.until(revision: 0)
                let refused = await loopback.firstRefusal()
                #expect(refused?.code == .resourceExhausted)
                // Another gateway has its own.
                try await loopback.withAgent("tokyo/gw1") { _ = try await $0.until(revision: 0) }
            }
            // Sessions that are opened and dropped leave nothing behind.
            for _ in 0..<20 {
                let isTaken = try await eventually {
                    try await loopback.withAgent("paris/gw1") { agent in
                        _ = try? await agent.until(revision: 0)
                        return agent.end == nil
                    }
                }
                #expect(isTaken)
            }
            #expect(try await eventually { loopback.controlPlane.sessions.connected.isEmpty })
        }
    }

    @Test("acknowledgements of VPNs that a gateway does not have are neither kept nor stored, and the status stays small")
    func strangeAcknowledgements() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            try await loopback.speak(as: "paris/gw1") { writer in
                try await writer.write(.hello())
                for number in 0..<2000 {
                    try await writer.write(.rejection(of: "vpn/x\(number)", reason: String(repeating: "r", count: 1000)))
                }
            }
            #expect(try await eventually { loopback.controlPlane.registry.all[gateway("paris/gw1")] != nil })
            let status = try await loopback.status()
            #expect(status.agents.first?.resources.map(\.resource.description) == ["base", "vpn/blue", "vpn/red"])
            #expect(try JSONEncoder().encode(status).count < 10_000)
            try await Task.sleep(for: .seconds(2))
            #expect(try await loopback.controlPlane.store.agents().allSatisfy { $0.resources.isEmpty })
        }
    }

    @Test(
        "times and counts at the end of their range harm nobody: the coordinator, its verdicts and its pages live",
        arguments: [Int64.min, .max])
    func extremes(time: Int64) async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let end = try await loopback.speak(as: "paris/gw1") { writer in
                var hello = RawAgentMessage.hello()
                hello.hello.epoch = "another"
                hello.hello.revision = .max
                try await writer.write(hello)
                let silent = SilentSource(.southbound, since: 0, reason: "connection refused", remedy: "look")
                let session = PeerSession(
                    address: IPAddress("10.255.0.254")!, asn: ASN("64900")!, state: "Established", prefixesReceived: .max)
                let writes = WriteCounters(reconciles: .max, netlink: .max, ovsdb: .max, vty: .max, openflow: .max)
                var base = RawAgentMessage.report(
                    1, .base(BaseReport(sessions: [session], writes: writes, silentSources: [silent, silent, silent, silent])))
                base.report.observedAtMilliseconds = time
                for (index, since) in [time, .min, .max, 0].enumerated() {
                    base.report.base.silentSources[index].sinceMilliseconds = since
                }
                try await writer.write(base)
                let drift = Drift(object: "o", change: "c", repairedAt: 0)
                var vpnReport = RawAgentMessage.report(2, .vpn(VPNReport(name: vpn("blue"), drift: [drift])))
                vpnReport.report.vpn.drift[0].repairedAtMilliseconds = time
                vpnReport.report.observedAtMilliseconds = time
                try await writer.write(vpnReport)
                try await writer.write(.report(3, .received([], isFirst: true, isLast: true)))
                var heartbeat = RawAgentMessage()
                heartbeat.heartbeat.sentAtMilliseconds = time
                try await writer.write(heartbeat)
                try await Task.sleep(for: .seconds(3))
            }
            #expect(end == nil)
            let states = try await loopback.withAdmin { try await $0.gateways() }
            let report = try #require(states.first { $0.gateway == gateway("paris/gw1") }?.report)
            let bounds = 0...(Int64(1) << 52)
            #expect(report.base.silentSources.count == 4 && report.base.silentSources.allSatisfy { bounds.contains($0.since) })
            #expect(report.vpns[vpn("blue")]?.drift.map { bounds.contains($0.repairedAt) } == [true])
            #expect(try await loopback.verdicts().allSatisfy { $0.state != .ok })
            #expect(try await loopback.status().agents.count == 2)
        }
    }

    @Test("reasons of 20 MB end the session of who writes them, and status answers everybody as before")
    func longReasons() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let end = try await loopback.speak(as: "paris/gw1") { writer in
                try await writer.write(.hello())
                for _ in 0..<2 { try await writer.write(.rejection(of: "vpn/blue", reason: String(repeating: "B", count: 20_000_000))) }
            }
            #expect(end != nil)
            let shorter = try await loopback.speak(as: "paris/gw1") { writer in
                try await writer.write(.hello())
                try await writer.write(.rejection(of: "vpn/blue", reason: String(repeating: "B", count: 20_000)))
                try await Task.sleep(for: .seconds(20))
            }
            #expect(shorter?.code == .invalidArgument)
            #expect(shorter?.message.contains("must be at most 1024 bytes, has 20000") == true)
            let after = try await loopback.status()
            #expect(try JSONEncoder().encode(after).count < 10_000)
        }
    }

    @Test("a Hello with a software of 33 MB, or of 300 bytes, is refused")
    func longHello() async throws {
        try await Loopback.fresh { loopback in
            for (count, code) in [(33_000_000, RPCError.Code?.none), (300, .invalidArgument)] {
                let end = try await loopback.speak(as: "paris/gw1") { writer in
                    try await writer.write(.hello(software: String(repeating: "s", count: count)))
                    try await Task.sleep(for: .seconds(20))
                }
                // What is too long for a message breaks the stream or is told, as it comes.
                #expect(end != nil && (code == nil || end?.code == code))
            }
            #expect(loopback.controlPlane.registry.all.isEmpty)
        }
    }

    @Test("received routes that never end are taken up to what a gateway may have, and then its session is ended with the reason")
    func endless() async throws {
        var limits = AgentBudget.Limits()
        limits.heldBytes = 4 << 20
        try await Loopback.fresh(limits: limits) { loopback in
            try await loopback.apply(federationFile())
            let end = try await loopback.speak(as: "paris/gw1") { writer in
                try await writer.write(.hello())
                for number in 1...100 {
                    try await writer.write(
                        .report(UInt64(number), .received(routes(5000, from: number * 5000), isFirst: number == 1, isLast: false)))
                }
                try await Task.sleep(for: .seconds(20))
            }
            #expect(end?.code == .resourceExhausted)
            #expect(end?.message.contains("4 MiB are allowed per gateway") == true)
            // The next session begins with nothing.
            try await loopback.withAgent("paris/gw1") { agent in
                _ = try await agent.until(revision: 1)
                let intent = try #require(loopback.controlPlane.current.intents[gateway("paris/gw1")])
                agent.reportAll(intent, chassis: "c")
                #expect(try await eventually { loopback.controlPlane.reports.all(at: 0)[gateway("paris/gw1")] != nil })
            }
        }
    }

    @Test("a chunk of received routes costs what is in it, not what was collected before it", .timeLimit(.minutes(1)))
    func chunkCost() throws {
        var book = ReportAssembly()
        book.begin(session: 1, at: 0)
        func add(_ sequence: UInt64, _ routes: [ReceivedRoute], _ isFirst: Bool) throws {
            let content = ReportPart.Content.received(routes, isFirst: isFirst, isLast: false)
            _ = try book.add(ReportPart(sequence: sequence, observedAt: 0, content: content), session: 1, at: 0)
        }
        try add(1, routes(200_000), true)
        let one = routes(1)
        // Copied each time, this would be terabytes.
        for sequence in 2...UInt64(50_000) { try add(sequence, one, false) }
    }

    @Test("reports on VPNs that a gateway does not have are not kept, nor shown to admins; its session and its own reports go on")
    func strangeReports() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            try await loopback.withAgent("paris/gw1") { agent in
                _ = try await agent.until(revision: 1)
                let problems = [Problem(told: "c", message: String(repeating: "m", count: 1000), remedy: "r")]
                for number in 1...200 {
                    agent.say(
                        .report(
                            ReportPart(
                                sequence: UInt64(number), observedAt: 0,
                                content: .vpn(VPNReport(name: vpn("fake\(number)"), problems: problems)))))
                }
                for (number, content) in [ReportPart.Content.base(BaseReport()), .vpn(VPNReport(name: vpn("blue")))].enumerated() {
                    agent.say(.report(ReportPart(sequence: UInt64(201 + number), observedAt: 0, content: content)))
                }
                agent.say(.report(ReportPart(sequence: 203, observedAt: 0, content: .received([], isFirst: true, isLast: true))))
                #expect(try await eventually { loopback.controlPlane.reports.all(at: 0)[gateway("paris/gw1")] != nil })
                #expect(loopback.controlPlane.reports.all(at: 0)[gateway("paris/gw1")]?.report.vpns.keys.map(\.text) == ["blue"])
                #expect(agent.end == nil)
            }
        }
    }

    @Test("what a gateway said goes with its certificate")
    func revocation() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            try await loopback.withAgent("paris/gw1") { agent in
                _ = try await agent.until(revision: 1)
                let intent = try #require(loopback.controlPlane.current.intents[gateway("paris/gw1")])
                agent.reportAll(intent, chassis: "c")
                #expect(try await eventually { loopback.controlPlane.reports.all(at: 0)[gateway("paris/gw1")] != nil })
            }
            // It is not connected any more when it is revoked.
            #expect(try await eventually { loopback.controlPlane.sessions.connected.isEmpty })
            #expect(try await eventually { try await loopback.controlPlane.store.agents().first?.resources.count == 3 })
            _ = try loopback.pki.authority.revoke("\(loopback.pki.directory)/paris.gw1.pem")
            #expect(try await eventually { loopback.controlPlane.reports.all(at: 0)[gateway("paris/gw1")] == nil })
            #expect(try await eventually { loopback.controlPlane.registry.all[gateway("paris/gw1")] == nil })
            #expect(try await eventually { try await loopback.controlPlane.store.agents().isEmpty })
        }
    }

    @Test("a gateway that leaves the graph takes its report and acknowledgements with it, and a VPN’s reports are not shown any more")
    func leaving() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            try await loopback.withAgent("paris/gw1") { agent in
                _ = try await agent.until(revision: 1)
                agent.reportAll(try #require(loopback.controlPlane.current.intents[gateway("paris/gw1")]), chassis: "c")
                #expect(try await eventually { loopback.controlPlane.reports.all(at: 0)[gateway("paris/gw1")]?.report.vpns.count == 2 })
                try await loopback.applyAll(federationFile(vpns: ["blue"]))
                let shown = try await loopback.withAdmin { try await $0.gateways() }
                #expect(shown.compactMap(\.report).flatMap(\.vpns.keys).map(\.text) == ["blue"])
            }
            #expect(try await eventually { loopback.controlPlane.sessions.connected.isEmpty })
            try await loopback.applyAll(federationFile(clouds: ["tokyo", "osaka"], vpns: ["blue"]))
            #expect(loopback.controlPlane.reports.all(at: 0)[gateway("paris/gw1")] == nil)
            #expect(loopback.controlPlane.registry.all[gateway("paris/gw1")] == nil)
            #expect(
                try await eventually { try await loopback.controlPlane.store.agents().allSatisfy { $0.gateway != gateway("paris/gw1") } })
        }
    }

    @Test("a VPN’s report that is too long for a message comes in chunks, to the coordinator and to admins")
    func longReport() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let prefixes = (0..<60_000).map { IPPrefix(host: .v4(IPv4Address(bits: 0x0a00_0000 + UInt32($0)))) }
            let report = VPNReport(name: vpn("blue"), expected: prefixes, advertised: prefixes, steered: Array(prefixes.prefix(10)))
            let parts = VPNReportChunks.parts(of: report)
            #expect(parts.count > 3)
            try await loopback.withAgent("paris/gw1") { agent in
                _ = try await agent.until(revision: 1)
                let contents = [ReportPart.Content.base(BaseReport()), .received([], isFirst: true, isLast: true)] + parts
                for (number, content) in contents.enumerated() {
                    agent.say(.report(ReportPart(sequence: UInt64(number + 1), observedAt: 0, content: content)))
                }
                #expect(
                    try await eventually {
                        loopback.controlPlane.reports.all(at: 0)[gateway("paris/gw1")]?.report.vpns[vpn("blue")] == report
                    })
                let shown = try await loopback.withAdmin { try await $0.gateways() }
                #expect(shown.first { $0.gateway == gateway("paris/gw1") }?.report?.vpns[vpn("blue")] == report)
            }
        }
    }
}

extension Loopback {
    /// How a further call of paris is answered.
    fileprivate func firstRefusal() async -> RPCError? {
        try? await withAgent("paris/gw1") { agent in
            _ = try await eventually { agent.end != nil }
            return agent.end
        }
    }

    fileprivate func applyAll(_ text: String) async throws {
        let order = ApplyOrder(text: text, terms: .init(yesRemove: 1000))
        let response = try await withAdmin { try await $0.apply(order) }
        #expect(response.accepted)
    }
}
