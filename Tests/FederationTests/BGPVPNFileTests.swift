import Federation
import FederationFile
import FederationModel
import Testing

@Suite("BGPVPNs in a federation file")
struct BGPVPNFileTests {
    private static let project = "598e0a38b7e1411095797a01997baa85", other = "00000000000000000000000000000007"
    private static let id = "31817569-24a8-4129-8d89-2967d33748f6"

    private func read(_ vpn: String) -> FederationYAML.Reading {
        FederationYAML.read(
            text: """
                federation: demo
                clouds: {paris: {gateways: {gw1: {vtep: 192.0.2.1}}}, tokyo: {gateways: {gw1: {vtep: 192.0.2.2}}}}
                vpns:
                  blue:
                    \(vpn)

                """, fileName: "f")
    }

    private func complaints(_ vpn: String) -> [String] {
        read(vpn).diagnostics.map { "\($0.line):\($0.column) \($0.path): \($0.reason)" }
    }

    private func attachments(_ selector: String) -> String {
        "attachments: [{cloud: paris, bgpvpn: \(selector)}, {cloud: tokyo, router: {id: \(Self.id)}}]"
    }

    @Test("are selected by id, by name in a project, and by VNI, and written as they were read")
    func forms() throws {
        for (text, description) in [
            ("{id: \(Self.id.uppercased())}", "BGPVPN id=\(Self.id)"),
            ("{name: blue, project: \(Self.project)}", "BGPVPN name=blue project=\(Self.project)"), ("{vni: 10001}", "BGPVPN vni=10001"),
        ] {
            let reading = read(attachments(text))
            #expect(reading.diagnostics == [])
            let graph = try #require(reading.graph)
            #expect(graph.vpns.values.flatMap(\.attachments).map(\.selector.description).contains(description))
            let written = FederationYAML.write(graph)
            #expect(written.contains("bgpvpn: \(text.lowercased())"))
            #expect(FederationYAML.read(text: written, fileName: "f").graph == graph)
        }
    }

    @Test("are never selected by a name alone, nor by two things, nor by a label")
    func refused() {
        let head = "vpns.blue.attachments[0].bgpvpn"
        for (text, reason) in [
            ("blue", "5:42 \(head): a BGPVPN is not selected by a name alone: any project's owner of a BGPVPN may give it this name"),
            ("{name: blue}", "5:42 \(head): missing key “project”"),
            ("{project: \(Self.project)}", "5:42 \(head): missing key “name”"),
            ("{}", "5:42 \(head): a BGPVPN must have exactly one of “name” with “project”, “id” and “vni”, has none"),
            (
                "{id: \(Self.id), vni: 7}",
                "5:85 \(head).vni: a BGPVPN must have exactly one of “name” with “project”, “id” and “vni”, already has “id”"
            ),
            ("{label: \"a=b\"}", "5:43 \(head).label: unknown key “label” in a BGPVPN"),
            ("{vni: 0}", "5:48 \(head).vni: invalid VNI 0: must be 1–16777215"),
            ("{id: blue}", "5:47 \(head).id: invalid id “blue”: must be a UUID"),
        ] {
            let found = complaints(attachments(text))
            #expect(found.contains(reason), "\(found)")
            #expect(read(attachments(text)).graph == nil)
        }
    }

    @Test("self-service is one BGPVPN of the VPN’s name for each project, beside what is attached otherwise")
    func selfService() throws {
        let reading = read("{tenants: self-service, projects: {paris: \(Self.project), tokyo: \"\(Self.other)\"}}")
        #expect(reading.diagnostics == [])
        let graph = try #require(reading.graph)
        let vpn = try #require(graph.vpns.values.first)
        #expect(
            vpn.attachments.map(\.description) == [
                "paris: BGPVPN name=blue project=\(Self.project)", "tokyo: BGPVPN name=blue project=\(Self.other)",
            ])
        #expect(FederationYAML.read(text: FederationYAML.write(graph), fileName: "f").graph == graph)
        let beside = read(
            "{tenants: self-service, projects: {paris: \(Self.project)}, attachments: [{cloud: tokyo, router: {id: \(Self.id)}}]}")
        #expect(beside.diagnostics == [] && beside.graph?.vpns.values.first?.attachments.count == 2)
    }

    @Test("self-service without projects, with unknown clouds or with names for projects is refused or warned of, at its place")
    func selfServiceRefused() {
        for (text, reason) in [
            ("{tenants: self-service}", "5:6 vpns.blue.tenants: “tenants: self-service” needs the projects of the tenants"),
            ("{tenants: everybody, projects: {paris: \(Self.project)}}", "5:15 vpns.blue.tenants: unknown kind of tenants “everybody”"),
            ("{projects: {paris: \(Self.project)}}", "5:6 vpns.blue.projects: “projects” is valid only with “tenants: self-service”"),
            ("{tenants: self-service, projects: {}}", "5:29 vpns.blue.projects: “projects” is empty"),
            ("{tenants: self-service, projects: {pari: \(Self.project)}}", "5:40 vpns.blue.projects.pari: unknown cloud “pari”"),
            (
                "{tenants: self-service, projects: {paris: blue, tokyo: \"\(Self.other)\"}}",
                "5:47 vpns.blue.projects.paris: “blue” is used as a project id but looks like a name"
            ),
            (
                "{tenants: self-service, projects: {paris: \(Self.project)}, attachments: [{cloud: paris, bgpvpn: {name: blue, project: \(Self.project)}}]}",
                "5:96 vpns.blue.attachments[0]: the BGPVPN “blue” of paris appears twice, first on line 5"
            ),
        ] {
            #expect(complaints(text).contains(reason), "\(complaints(text))")
        }
    }
}
