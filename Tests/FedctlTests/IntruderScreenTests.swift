import Coordinator
import FederationAPI
import FederationModel
import Foundation
import NetworkTypes
import Synchronization
import Testing

@Suite("An intruder, from an agent's report to every screen", .timeLimit(.minutes(2)))
struct IntruderScreenTests {
    @Test(
        "verify, status, routes and graph show it, with exit status and JSON; in the first seconds after a change it is not told from what lags"
    )
    func screens() async throws {
        let offset = Mutex<Int64>(0)
        try await Headquarters.open(clock: { ControlPlane.wallClock() + offset.withLock { $0 } }) { headquarters in
            let tool = headquarters.tool
            try Headquarters.file.write(toFile: tool.directory + "/federation.yaml", atomically: true, encoding: .utf8)
            #expect(try await tool.run("apply", "-f", "federation.yaml", "--yes").status == 0)
            try headquarters.connect("paris/gw1")
            try intrude(headquarters.controlPlane, try headquarters.connect("tokyo/gw1"))
            #expect(try await tool.run("verify").status == 0)

            // The reports are made anew, so that they are fresh; the route has been there before.
            offset.withLock { $0 = 16_000 }
            try headquarters.connect("paris/gw1")
            try intrude(headquarters.controlPlane, try headquarters.connect("tokyo/gw1"))
            let verify = try await tool.run("verify")
            #expect(verify.status == 3)
            #expect(verify.output.contains("192.0.2.66"), "\(verify.output)")
            #expect(verify.output.contains("imported (8 of 12), intruder"))
            #expect(try await tool.run("status").status == 3)
            let json = try await tool.run("verify", "-o", "json").output
            #expect(json.contains("VTEP 192.0.2.66, AS 64666: this VTEP belongs to no gateway of the federation"), "\(json)")
            #expect(json.contains("\"reason\" : \"unknown-vtep\"") && json.contains("\"originAS\" : 64666"))
            let routes = try await tool.run("routes", "--vpn", "blue", "--cloud", "tokyo")
            #expect(routes.output.contains("10.99.0.0/24  192.0.2.66") && routes.output.contains("INTRUDER"), "\(routes.output)")
            #expect(try await tool.run("graph").output.contains("tokyo (intruder)"))
        }
    }

    /// tokyo’s bgpd has one route more.
    private func intrude(_ controlPlane: ControlPlane, _ session: AgentSession) throws {
        let blue = try #require(controlPlane.current.intents[try gateway("tokyo/gw1")]?.vpns[vpn("blue")])
        let route = ReceivedRoute(
            prefix: try prefix("10.99.0.0/24"), routeDistinguisher: try RouteDistinguisher(parsing: "192.0.2.66:1"),
            nextHop: try address("192.0.2.66"), routeTargets: blue.importTargets, routerMAC: nil, asPath: [64_666], isValid: true,
            isBest: true)
        let paris = try #require(controlPlane.reports.all(at: controlPlane.clock())[try gateway("tokyo/gw1")]).report.received
        try controlPlane.receive(
            .report(ReportPart(sequence: 4, observedAt: 0, content: .received(paris + [route], isFirst: true, isLast: true))), in: session)
    }
}
