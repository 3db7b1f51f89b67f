import Coordinator
import FederationAPI
import FederationModel
import Testing

@Suite("fedctl unpin, the binary", .timeLimit(.minutes(1)))
struct UnpinTests {
    @Test(
        "it says what a name means and where, asks or wants --yes, and is written down; a dry run and a name that is not pinned change nothing"
    )
    func unpin() async throws {
        try await Headquarters.open { headquarters in
            let tool = headquarters.tool
            #expect(try await tool.run("apply", "-f", "-", input: Headquarters.file).status == 0)
            let name = AttachmentSelector(kind: .router, key: .name, value: "blue-router")
            let unknown = try await tool.run("unpin", "paris", "router", "blue-router", "--yes")
            #expect(unknown.status == 1 && unknown.errors.contains("router name=blue-router of paris is not pinned"), "\(unknown.errors)")
            let session = try headquarters.connect("paris/gw1")
            let report = VPNReport(
                name: vpn("blue"),
                attachments: [AttachmentReport(selector: name, pin: AttachmentPin(selector: name, id: "r-1", project: "p"))])
            try headquarters.controlPlane.receive(
                .report(ReportPart(sequence: 4, observedAt: 0, content: .vpn(report))), in: session)
            await headquarters.controlPlane.storePins()
            let misspelt = try await tool.run("unpin", "paris", "router", "blue-ruoter", "--yes")
            #expect(misspelt.status == 1 && misspelt.errors.contains("router name=blue-router"), "\(misspelt.errors)")
            let dry = try await tool.run("unpin", "paris", "router", "blue-router", "--dry-run")
            #expect(
                dry.status == 2 && dry.output.contains("router name=blue-router of paris means r-1 of project p, in blue"), "\(dry.output)")
            let silent = try await tool.run("unpin", "paris", "router", "blue-router")
            #expect(silent.status == 1 && silent.errors.contains("--yes"), "\(silent.errors)")
            #expect(try await headquarters.controlPlane.store.pins().values.first?.map(\.id) == ["r-1"])
            let done = try await tool.run("unpin", "paris", "router", "blue-router", "--yes")
            #expect(done.status == 0 && done.output.contains("it is looked for anew"), "\(done.output)\(done.errors)")
            #expect(try await headquarters.controlPlane.store.pins().values.first?.map(\.isOpen) == [true])
            let again = try await tool.run("unpin", "paris", "router", "blue-router", "--yes")
            #expect(again.status == 0 && again.output.contains("is looked for already"))
            let audit = try await tool.run("history", "--audit").output
            #expect(audit.contains("unpin") && audit.contains("router name=blue-router of paris was r-1"), "\(audit)")
            #expect(try await tool.run("unpin", "paris", "rooter", "x").status == 64)
        }
    }
}
