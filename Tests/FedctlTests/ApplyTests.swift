import Federation
import FederationAPI
import Terminal
import Testing

@testable import fedctl

@Suite("fedctl apply")
struct ApplyTests {
    private func changes(dryRun: Bool, _ list: [(AppliedChanges.Change.Kind, String, [String])]) throws -> AppliedChanges {
        AppliedChanges(
            revision: 4, dryRun: dryRun,
            changes: try list.map { AppliedChanges.Change(kind: $0.0, object: AppliedChanges.path($0.1), gateways: try $0.2.map(gateway)) })
    }

    @Test("every change is a line with the gateways that it concerns, then comes the revision")
    func page() throws {
        let changes = try changes(
            dryRun: false,
            [
                (.added, "VPN blue", ["paris/gw1", "tokyo/gw1"]), (.changed, "cloud paris", ["paris/gw1"]),
                (.removed, "gateway paris/gw2", []),
                (.added, "attachment of VPN blue: paris: router name=blue-router", ["paris/gw1"]),
            ])
        #expect(
            changes.page.rendered() == """
                + vpn/blue                                            → paris/gw1, tokyo/gw1
                ~ cloud/paris                                         → paris/gw1
                - gateway/paris/gw2
                + vpn/blue attachment paris: router name=blue-router  → paris/gw1
                revision 4 is in force: 4 changes, 2 gateways affected

                """)
        #expect(changes.exitStatus == .ok)
    }

    @Test("a dry run with changes ends with 2, one without with 0")
    func dryRun() throws {
        let some = try changes(dryRun: true, [(.added, "VPN blue", ["paris/gw1"])])
        #expect(some.exitStatus == .changesPending)
        #expect(some.page.rendered() == "+ vpn/blue  → paris/gw1\n1 change would be made, 1 gateway affected; revision 4 stays in force\n")
        let none = try changes(dryRun: true, [])
        #expect(none.exitStatus == .ok)
        #expect(none.page.rendered() == "nothing to change; revision 4 stays in force\n")
    }

    @Test("what the coordinator found is shown with the line of our file, and a caret below the value")
    func diagnostics() throws {
        var wire = WireDiagnostic()
        wire.file = "f.yaml"
        wire.line = 2
        wire.column = 8
        wire.severity = .error
        wire.message = "vpns.blue.vni: VPN red has 10001"
        wire.value = "10001"
        wire.remedy = "take another"
        let diagnostics = [Diagnostic(wire, in: "first:\n  vni: 10001\n")]
        #expect(
            diagnostics.page.rendered() == """
                f.yaml:2:8: error: vpns.blue.vni: VPN red has 10001
                      vni: 10001
                           ^~~~~
                    remedy: take another
                1 error; nothing was applied

                """)
    }

    @Test("--wait: refused is an error, late is pending, and silent agents are named")
    func settling() throws {
        let done = Settling(status: status([try agent("paris/gw1")]))
        #expect(done.isDone && done.exitStatus == .ok && done.page.rendered() == "applied by every agent (1)\n")
        let late = Settling(status: status([try agent("tokyo/gw1", connected: false, resources: [pending("vpn/blue")])]))
        #expect(!late.isDone && late.exitStatus == .changesPending)
        #expect(late.progress == "1 resource not applied yet at tokyo/gw1 (not connected)")
        #expect(late.page.rendered() == "tokyo/gw1 is not connected; vpn/blue waits for it\n")
        let bad = Settling(status: status([try agent("tokyo/gw1", resources: [refused("vpn/blue")])]))
        #expect(bad.isDone && bad.exitStatus == .error)
        #expect(bad.page.rendered() == "tokyo/gw1 refused vpn/blue: port 4789 is in use by vxlan7\n")
    }
}
