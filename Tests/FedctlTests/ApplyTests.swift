import Federation
import FederationAPI
import FederationModel
import Terminal
import Testing

@testable import fedctl

@Suite("fedctl apply")
struct ApplyTests {
    private func plan() throws -> Plan {
        Plan(
            federation: FederationID("demo")!, base: 3,
            objects: [
                GraphChange(kind: .added, object: "VPN blue", gateways: try ["paris/gw1", "tokyo/gw1"].map(gateway)),
                GraphChange(kind: .removed, object: "gateway paris/gw2", gateways: []),
            ],
            gateways: [GatewayChange(gateway: try gateway("paris/gw1"), kind: .added, resource: .vpn(vpn("blue")), details: [])],
            gained: [Reach(vpn: vpn("blue"), from: cloud("paris"), to: cloud("tokyo"))],
            findings: [Finding(.warning, .oneCloudVPN, path: "vpns.red", reason: "red has one cloud", remedy: "attach another")])
    }

    @Test("an outcome is one line, and one more where it is on probation")
    func outcome() throws {
        func page(isNew: Bool, _ pending: PendingCommit? = nil) throws -> String {
            ChangeOutcome(revision: 4, isNew: isNew, plan: try plan(), pendingCommit: pending).page(now: 1000).rendered()
        }
        #expect(try page(isNew: true) == "revision 4 is in force: 2 changes, 1 gateway affected\n")
        #expect(try page(isNew: false) == "nothing to change; revision 4 stays in force\n")
        let pending = PendingCommit(revision: 4, fallback: 3, deadline: 61_000, author: Principal(.admin(AdminName("ada")!)))
        #expect(
            try page(isNew: true, pending).hasSuffix(
                "awaiting confirmation: rolls back to revision 3 in 60s unless you type: fedctl confirm\n"))
    }

    @Test("a plan's page has its changes and reaches; findings stand at their places in the file instead")
    func page() throws {
        let text = try plan().page(wide: false).rendered()
        for words in ["on revision 3 of demo", "+ VPN blue", "- gateway paris/gw2", "blue: paris → tokyo"] {
            #expect(text.contains(words), "\(words) in \(text)")
        }
        #expect(!text.contains("red has one cloud"))
    }

    @Test("times are read in seconds, minutes and hours, and nonsense is refused")
    func seconds() throws {
        #expect(try Seconds(parsing: "90").value == 90 && Seconds(parsing: "90s").value == 90)
        #expect(try Seconds(parsing: "5m").value == 300 && Seconds(parsing: "1h").value == 3600)
        for text in ["", "0", "m", "5 m", "-5", "5d", "99999999h"] { #expect(throws: (any Error).self) { try Seconds(parsing: text) } }
    }

    @Test("what the coordinator found is shown with the line of our file, and a caret below the value")
    func diagnostics() throws {
        let diagnostic = Diagnostic(
            severity: .error, file: "f.yaml", line: 2, column: 8, length: 10, path: "vpns.blue.vni", value: "10001",
            reason: "VPN red has 10001", remedy: "take another", source: "")
        let diagnostics = [diagnostic.quoting("first:\n  vni: 10001 # old\n")]
        #expect(
            diagnostics.page(refused: "nothing was applied").rendered() == """
                f.yaml:2:8: error: vpns.blue.vni: VPN red has 10001
                      vni: 10001 # old
                           ^~~~~~~~~~
                    remedy: take another
                1 error; nothing was applied

                """)
    }
}
