import Federation
import FederationFile
import FederationModel
import Testing

extension [Diagnostic] {
    /// Most files of these tests have bare names, for brevity: that they are warned of is told here.
    var withoutBareNames: [Diagnostic] { filter { !$0.reason.contains("selected by name only") } }
}

@Suite("What picks a router, network or port in a federation file")
struct SelectorTests {
    private static let project = "598e0a38b7e1411095797a01997baa85"

    private func read(_ attachments: String...) -> FederationYAML.Reading {
        FederationYAML.read(
            text: """
                federation: demo
                clouds: {paris: {gateways: {gw1: {vtep: 192.0.2.1}}}, tokyo: {gateways: {gw1: {vtep: 192.0.2.2}}}}
                vpns:
                  blue:
                    attachments:

                """ + attachments.map { "      - {cloud: \($0)}\n" }.joined(), fileName: "f")
    }

    private func complaints(_ attachments: String...) -> [String] {
        read(attachments[0], attachments.count > 1 ? attachments[1] : "tokyo, router: {id: 31817569-24a8-4129-8d89-2967d33748f6}")
            .diagnostics.map { "\($0.severity.rawValue) \($0.path): \($0.reason)" }
    }

    @Test("a name in its project is read and written, as are ids and labels")
    func forms() throws {
        let reading = read(
            "paris, router: {name: blue-router, project: \(Self.project)}",
            "paris, network: {project: \"00000000000000000000000000000007\", name: n}",
            "tokyo, port: {id: 31817569-24a8-4129-8d89-2967d33748f6}", "tokyo, router: {label: \"ovn-federation=blue\"}")
        #expect(reading.diagnostics == [])
        let graph = try #require(reading.graph)
        let selectors = graph.vpns.values.flatMap(\.attachments).map(\.selector)
        #expect(
            selectors.map(\.description) == [
                "router name=blue-router project=\(Self.project)", "network name=n project=00000000000000000000000000000007",
                "port id=31817569-24a8-4129-8d89-2967d33748f6", "router label=ovn-federation=blue",
            ])
        let text = FederationYAML.write(graph)
        #expect(text.contains("router: {name: blue-router, project: \(Self.project)}"))
        #expect(FederationYAML.read(text: text, fileName: "f").graph == graph)
    }

    @Test("a name alone is warned of, once for each VPN, with what to type")
    func bareNames() throws {
        let found = read("paris, router: \"bob's router\"", "tokyo, router: {name: blue-router}").diagnostics
        #expect(found.map(\.severity) == [.warning] && found.map(\.line) == [6])
        #expect(
            found.first?.reason
                == "the router “bob's router” of paris, and 1 more in VPN blue: selected by name only, and any tenant can give a router this name"
        )
        #expect(
            found.first?.remedy
                == "write router: {name: \"bob's router\", project: PROJECT_ID} or {id: ID}; as the admin of paris: `openstack router show 'bob'\\''s router' -c id -c project_id`"
        )
        #expect(complaints("paris, router: {name: r, project: \(Self.project)}") == [])
    }

    @Test("a project is an id, and goes with a name")
    func projects() {
        let path = "vpns.blue.attachments[0].router"
        #expect(
            complaints("paris, router: {id: 31817569-24a8-4129-8d89-2967d33748f6, project: \(Self.project)}") == [
                "error \(path).project: “project” is valid only with “name”, not with “id”"
            ])
        #expect(
            complaints("paris, router: {project: \(Self.project)}") == ["error \(path): the router needs an id, a name or a label"])
        for wrong in ["", "b l", String(repeating: "a", count: 65), "598e0a38-b7e1-4110-9579-7a01997baa85"] {
            #expect(
                complaints("paris, router: {name: r, project: \"\(wrong)\"}").first?.hasPrefix("error \(path).project: ") == true,
                "\(wrong)")
        }
        #expect(
            complaints("paris, router: {name: r, project: blue}") == [
                "warning \(path).project: “blue” is used as a project id but looks like a name"
            ])
        #expect(complaints("paris, router: {name: r, project: \(String(repeating: "0a", count: 32))}") == [], "of LDAP")
    }

    @Test("a label that tenants write is no identity", arguments: ["neutron:router_name=blue-router", "neutron:port_name=x", "name=x"])
    func labels(label: String) {
        let key = label.prefix { $0 != "=" }
        #expect(
            complaints("paris, router: {label: \"\(label)\"}") == [
                "error vpns.blue.attachments[0].router.label: invalid label key “\(key)”: Neutron owns it, and tenants can set it"
            ])
    }

    @Test("of each project the version is another")
    func versions() throws {
        var intent = VPNIntent(
            version: "", name: VPNName(unchecked: "blue"), encapsulation: .vxlan(try #require(.init(value: 7))),
            routeDistinguisher: try .init(parsing: "192.0.2.1:7"),
            importTargets: [], exportTargets: [], attachments: [.init(selector: .init(kind: .router, key: .name, value: "r"))])
        let bare = intent.contentVersion
        intent.attachments[0].selector.project = "a"
        let first = intent.contentVersion
        intent.attachments[0].selector.project = "b"
        #expect(Set([bare, first, intent.contentVersion]).count == 3)
    }
}
