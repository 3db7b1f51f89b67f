import Coordinator
import FederationModel
import NetworkTypes
import Testing

@Suite("What a file makes of a revision")
struct ProposalTests {
    @Test("the first file adds everything, and what is proposed is what was compiled")
    func first() throws {
        let proposal = emptyRevision().proposal(federationFile(vpns: ["blue"]))
        let change = try #require(proposal.change)
        #expect(change.plan == proposal.plan && change.plan.base == 0)
        #expect(change.compilation.revision == 1 && change.compilation.ledger == change.ledger)
        #expect(change.plan.objects.map(\.object).contains("VPN blue"))
        #expect(change.plan.objects.allSatisfy { $0.kind == .added || $0.object == "federation" })
        #expect(change.plan.gained.count == 2)
    }

    @Test("one more VPN concerns its gateways, and nothing else")
    func oneMore() throws {
        let revision = try emptyRevision().applying(federationFile(vpns: ["blue"]))
        let plan = try #require(revision.proposal(federationFile(vpns: ["blue", "red"])).plan)
        #expect(plan.objects.allSatisfy { $0.object.contains("red") } && !plan.objects.isEmpty)
        #expect(plan.affected == [gateway("paris/gw1"), gateway("tokyo/gw1")])
        #expect(plan.gateways.allSatisfy { $0.resource == .vpn(vpn("red")) })
    }

    @Test("the same file again is nothing, and a remark alone a change without objects")
    func same() throws {
        let revision = try emptyRevision().applying(federationFile())
        #expect(revision.proposal(federationFile()).isNothing(on: revision))
        let remark = revision.proposal(federationFile() + "# remark\n")
        #expect(!remark.isNothing(on: revision) && remark.plan?.isEmpty == true && remark.change != nil)
    }

    @Test("allocations stay as they are when names come and go")
    func allocations() throws {
        let first = try emptyRevision().applying(federationFile(vpns: ["blue"]))
        let second = try first.applying(federationFile(clouds: ["lima", "paris", "tokyo"], vpns: ["azure", "blue"]))
        func values(_ revision: Revision) -> Set<String> { Set(revision.record.held.map { "\($0.kind) \($0.owner ?? "") \($0.value)" }) }
        // A gateway's VTEP comes from the file, by the order of its clouds.
        #expect(values(first).filter { !$0.hasPrefix("vtep") }.isSubset(of: values(second)))
        #expect(Set(second.record.held.map { "\($0.kind) \($0.value)" }).count == second.record.held.count)
    }

    @Test("a file of another federation is refused")
    func foreign() throws {
        let proposal = emptyRevision().proposal(federationFile(federation: "other"))
        #expect(proposal.change == nil && proposal.plan?.findings.map(\.code) == [.wrongFederation])
    }

    @Test("every error of a file is told at once")
    func errors() throws {
        let text = federationFile().replacing("10.255.1.1", with: "10.255.1.999").replacing("router: red-router", with: "ruoter: red")
        let proposal = emptyRevision().proposal(text)
        #expect(proposal.change == nil && proposal.plan == nil && proposal.diagnostics.count >= 2)
    }

    @Test("what would let one VPN's routes into another is a leak, and is never proposed")
    func leak() throws {
        let revision = try emptyRevision().applying(federationFile())
        let target = try #require(revision.ledger.routeTarget(of: vpn("red")))
        let text = federationFile().replacing("  blue:\n", with: "  blue:\n    importTargets: [\"\(target)\"]\n")
        let proposal = revision.proposal(text, yesRemove: .max)
        #expect(proposal.change == nil && proposal.plan?.findings.contains { $0.code == .leak && $0.severity == .error } == true)
    }

    @Test("a change that takes away much is refused until its number is granted")
    func massWithdrawal() throws {
        let clouds = (1...5).map { "c\($0)" }
        let revision = try emptyRevision().applying(federationFile(clouds: clouds))
        let less = federationFile(clouds: clouds, vpns: ["blue"])
        let refused = revision.proposal(less)
        #expect(refused.plan?.lost.count == 20 && refused.change == nil)
        #expect(refused.plan?.findings.contains { $0.code == .massWithdrawal } == true)
        #expect(revision.proposal(less, yesRemove: 19).change == nil)
        #expect(revision.proposal(less, yesRemove: 20).change != nil)
    }

    @Test("what goes back gets every value that it had, though others came and went meanwhile")
    func restoring() throws {
        let first = try emptyRevision().applying(federationFile(vpns: ["blue", "red"]), at: 1000)
        let second = try first.applying(federationFile(vpns: ["green"]), at: 2000)
        let third = try second.applying(federationFile(vpns: ["amber", "green"]), at: 3000)
        let back = Proposal(restoring: first.record, on: third, .init(now: 4000, yesRemove: .max))
        let change = try #require(back.change)
        #expect(back.text == first.text && back.graph == first.graph)
        for (gateway, intent) in first.intents {
            #expect(change.compilation.intents[gateway]?.base == intent.base && change.compilation.intents[gateway]?.vpns == intent.vpns)
        }
    }
}
