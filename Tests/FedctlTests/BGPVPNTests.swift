import Coordinator
import FederationAPI
import FederationModel
import Testing

@Suite("fedctl bgpvpn, the binary", .timeLimit(.minutes(1)))
struct BGPVPNCommandTests {
    private static let project = "598e0a38b7e1411095797a01997baa85"
    private static let (blue, free) = ("0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7")
    private static let file = """
        federation: demo
        clouds:
          paris: {gateways: {gw1: {vtep: 10.255.1.1}}}
          tokyo: {gateways: {gw1: {vtep: 10.255.2.1}}}
        vpns:
          blue: {tenants: self-service, projects: {paris: \(project), tokyo: \(project)}}

        """

    @Test("each is shown with the VPN that it is for, or the line to paste, and with what is associated; a name that nobody sees is said")
    func bgpvpns() async throws {
        try await Headquarters.open { headquarters in
            let tool = headquarters.tool
            #expect(try await tool.run("apply", "-f", "-", input: Self.file).status == 0)
            let session = try headquarters.connect("paris/gw1")
            let none = try await tool.run("bgpvpn", "list")
            #expect(none.status == 0 && none.output.contains("no agent sees a BGPVPN"), "\(none.output)\(none.errors)")
            #expect(none.output.contains("no driver lists BGPVPNs in paris"), "\(none.output)")
            let reports = BGPVPNReports(
                [
                    BGPVPNReport(
                        id: Self.blue, name: "blue", project: Self.project, vni: 99, importTargets: ["64900:99"], routers: ["r-1", "r-2"],
                        ports: ["p-1"]),
                    BGPVPNReport(id: Self.free, name: "gold", project: "another"),
                    BGPVPNReport(id: nil, project: "another", vni: 20_007, networks: ["n-1"], omitted: 3),
                ], omitted: 2, areListed: true)
            try headquarters.controlPlane.receive(
                .report(ReportPart(sequence: 4, observedAt: 0, content: .bgpvpns(reports))), in: session)
            let list = try await tool.run("bgpvpn", "list", "-o", "wide").output
            #expect(list.contains(/paris +blue +598e0a38b7e1411095797a01997baa85 +blue +2 routers, 1 port/), "\(list)")
            #expect(list.contains(/paris +gold +another +nobody’s +nothing/), "\(list)")
            #expect(list.contains(/paris +VNI 20007 +another +nobody’s +1 network, 3 more/), "\(list)")
            #expect(list.contains("- {cloud: paris, bgpvpn: {id: \(Self.free)}}   # gold"), "\(list)")
            #expect(list.contains("- {cloud: paris, bgpvpn: {vni: 20007}}"), "\(list)")
            #expect(list.contains("paris has 2 more than its agents report") && !list.contains("no driver lists"), "\(list)")
            let shown = try await tool.run("bgpvpn", "show", "paris", "blue").output
            for text in [Self.blue, "r-2", "p-1", "VNI 99", "import targets 64900:99", "paris/gw1"] {
                #expect(shown.contains(text), "\(shown)")
            }
            let byID = try await tool.run("bgpvpn", "show", "paris", Self.free, "-o", "json").output
            #expect(byID.contains("\"line\"") && byID.contains("gold"), "\(byID)")
            let unknown = try await tool.run("bgpvpn", "show", "paris", "silver")
            #expect(unknown.status == 1 && unknown.errors.contains("no agent of paris sees a BGPVPN “silver”"), "\(unknown.errors)")
            #expect(try await tool.run("bgpvpn", "list", "--cloud", "pariss").status == 1)
            // What the agent found a name to mean goes before what it is called.
            let name = AttachmentSelector(kind: .bgpvpn, key: .name, value: "blue", project: Self.project)
            let report = VPNReport(
                name: vpn("blue"),
                attachments: [AttachmentReport(selector: name, association: .associated, bgpvpns: [Self.free])],
                problems: [Problem(code: .bgpvpnVNIDiffers, message: "BGPVPN \(Self.free) claims VNI 7", remedy: "nothing")])
            try headquarters.controlPlane.receive(.report(ReportPart(sequence: 5, observedAt: 0, content: .vpn(report))), in: session)
            let meant = try await tool.run("bgpvpn", "list").output
            #expect(
                meant.contains(/paris +gold +another +blue/) && meant.contains(/paris +blue +598e0a38b7e1411095797a01997baa85 +nobody’s/),
                "\(meant)")
            #expect(try await tool.run("bgpvpn", "show", "paris", "gold").output.contains("bgpvpn-vni-differs"))
        }
    }
}
