import Coordinator
import Federation
import NetworkTypes
import Testing

@Suite("What a file makes of a revision")
struct FilePlanTests {
    private func plan(_ text: String, on revision: Revision) throws -> FilePlan {
        try FilePlan(text: text, fileName: "federation.yaml", author: "tester", on: revision, at: 1000)
    }

    private func changes(_ text: String, on revision: Revision) throws -> [String] {
        guard case .change(_, let changes, _) = try plan(text, on: revision) else { return ["no change"] }
        return changes.map { "\($0.kind) \($0.object) → \($0.gateways.map(\.description).joined(separator: " "))" }
    }

    @Test("the first file adds everything")
    func first() throws {
        let list = try changes(federationFile(vpns: ["blue"]), on: emptyRevision())
        #expect(
            list == [
                "added cloud paris → paris/gw1", "added cloud tokyo → tokyo/gw1", "added gateway paris/gw1 → paris/gw1 tokyo/gw1",
                "added gateway tokyo/gw1 → paris/gw1 tokyo/gw1", "added VPN blue → paris/gw1 tokyo/gw1",
                "added attachment of VPN blue: paris: router name=blue-router → paris/gw1",
                "added attachment of VPN blue: tokyo: router name=blue-router → tokyo/gw1",
            ])
    }

    @Test("one more VPN concerns its gateways, and nothing else")
    func oneMore() throws {
        let revision = try emptyRevision().applying(federationFile(vpns: ["blue"]))
        let list = try changes(federationFile(vpns: ["blue", "red"]), on: revision)
        #expect(list.allSatisfy { $0.contains("red") })
        #expect(list.first == "added VPN red → paris/gw1 tokyo/gw1")
    }

    @Test("a cloud more gives every gateway a new peer, and a VPN less is named with who loses it")
    func cloudAndLess() throws {
        let revision = try emptyRevision().applying(federationFile())
        let more = try changes(federationFile(clouds: ["paris", "tokyo", "lima"]), on: revision)
        #expect(more.contains("added gateway lima/gw1 → lima/gw1 paris/gw1 tokyo/gw1"))
        let less = try changes(federationFile(vpns: ["blue"]), on: revision)
        #expect(less.first == "removed VPN red → paris/gw1 tokyo/gw1")
    }

    @Test("the same file again is no change, and a remark alone a change without objects")
    func same() throws {
        let revision = try emptyRevision().applying(federationFile())
        guard case .unchanged = try plan(federationFile(), on: revision) else {
            Issue.record("changed")
            return
        }
        #expect(try changes(federationFile() + "# remark\n", on: revision).isEmpty)
    }

    @Test("allocations stay as they are when names come and go")
    func allocations() throws {
        let first = try emptyRevision().applying(federationFile(vpns: ["blue"]))
        let second = try first.applying(federationFile(clouds: ["lima", "paris", "tokyo"], vpns: ["azure", "blue"]))
        for allocation in first.allocations { #expect(second.allocations.contains(allocation)) }
        #expect(Set(second.allocations.map { "\($0.kind) \($0.value)" }).count == second.allocations.count)
    }

    @Test("a file of another federation is refused at the line that says so")
    func foreign() throws {
        guard case .refused(let diagnostics) = try plan(federationFile(federation: "other"), on: emptyRevision()) else {
            Issue.record("accepted")
            return
        }
        #expect(diagnostics.map(\.line) == [1])
        #expect(diagnostics[0].reason.contains("demo") && diagnostics[0].reason.contains("other"))
    }

    @Test("every error of a file is told at once")
    func errors() throws {
        let text = federationFile().replacing("10.255.1.1", with: "10.255.1.999").replacing("router: red-router", with: "ruoter: red")
        guard case .refused(let diagnostics) = try plan(text, on: emptyRevision()) else {
            Issue.record("accepted")
            return
        }
        #expect(diagnostics.count >= 2)
        #expect(diagnostics.allSatisfy { $0.line > 0 && !$0.remedy.isEmpty })
    }
}
