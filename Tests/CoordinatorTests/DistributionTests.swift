import Coordinator
import FederationAPI
import FederationModel
import Testing

@Suite("Distribution: what is said to an agent")
struct DistributionTests {
    private let paris = gateway("paris/gw1")

    /// Everything that is said now, as `welcome 1`, `base`, `vpn blue`, `-vpn blue`, `complete 1`.
    private func drain(_ distribution: inout Distribution) -> [String] {
        var said: [String] = []
        while let message = distribution.next() {
            switch message {
            case .welcome(let welcome): said.append("welcome \(welcome.revision)")
            case .base: said.append("base")
            case .vpn(let vpn): said.append("vpn \(vpn.name)")
            case .unreadableVPN(let name, _, let reason): said.append("unreadable vpn \(name): \(reason)")
            case .vpnRemoved(let name): said.append("-vpn \(name)")
            case .pins(let pins): said.append("pins \(pins.map(\.id).joined(separator: ","))")
            case .complete(let revision): said.append("complete \(revision)")
            }
        }
        return said
    }

    @Test("an agent that holds nothing gets all of its part: the base first, then the VPNs by name")
    func fresh() throws {
        let revision = try emptyRevision().applying(federationFile())
        var distribution = Distribution(gateway: paris, hello: Hello(software: "test"), current: revision)
        #expect(drain(&distribution) == ["welcome 1", "base", "vpn blue", "vpn red", "complete 1"])
        #expect(drain(&distribution).isEmpty)
    }

    @Test("an agent that holds everything gets nothing but the end")
    func upToDate() throws {
        let revision = try emptyRevision().applying(federationFile())
        let hello = Hello(software: "test", epoch: revision.epoch, revision: 1, held: revision.intents[paris]!.versions)
        var distribution = Distribution(gateway: paris, hello: hello, current: revision)
        #expect(drain(&distribution) == ["welcome 1", "complete 1"])
    }

    @Test("a new revision sends what changed and nothing else")
    func change() throws {
        let first = try emptyRevision().applying(federationFile())
        var distribution = Distribution(gateway: paris, hello: Hello(software: "test"), current: first)
        _ = drain(&distribution)
        let second = try first.applying(federationFile(vpns: ["blue", "green", "red"]))
        distribution.revise(second)
        #expect(drain(&distribution) == ["vpn green", "complete 2"])
        distribution.revise(try second.applying(federationFile(vpns: ["blue", "green", "red"]) + "# only a remark\n"))
        #expect(drain(&distribution) == ["complete 3"])
    }

    @Test("removals come before what may take their place")
    func removal() throws {
        let first = try emptyRevision().applying(federationFile())
        var distribution = Distribution(gateway: paris, hello: Hello(software: "test"), current: first)
        _ = drain(&distribution)
        distribution.revise(try first.applying(federationFile(vpns: ["azure", "red"])))
        #expect(drain(&distribution) == ["-vpn blue", "vpn azure", "complete 2"])
    }

    @Test("an agent that still holds a VPN of former days is told that it is gone")
    func leftover() throws {
        let revision = try emptyRevision().applying(federationFile())
        var held = revision.intents[paris]!.versions
        held[resource("vpn/old")] = "1234"
        var distribution = Distribution(gateway: paris, hello: Hello(software: "test", held: held), current: revision)
        #expect(drain(&distribution) == ["welcome 1", "-vpn old", "complete 1"])
    }

    @Test("a slow agent skips revisions: what it gets is made when it can be sent")
    func slow() throws {
        var revision = try emptyRevision().applying(federationFile())
        var distribution = Distribution(gateway: paris, hello: Hello(software: "test"), current: revision)
        _ = drain(&distribution)
        for round in 0..<100 {
            revision = try revision.applying(federationFile(router: "router-\(round)"))
            distribution.revise(revision)
        }
        guard case .vpn(let intent)? = distribution.next() else {
            Issue.record("no VPN")
            return
        }
        #expect(intent.attachments.map(\.selector.value) == ["blue-router-99"])
        #expect(drain(&distribution) == ["vpn red", "complete 101"])
    }

    @Test("a revision that comes while another is being sent is merged into it")
    func interleaved() throws {
        let first = try emptyRevision().applying(federationFile())
        var distribution = Distribution(gateway: paris, hello: Hello(software: "test"), current: first)
        #expect(distribution.next() != nil)
        #expect(distribution.next() != nil)
        distribution.revise(try first.applying(federationFile(vpns: ["red"])))
        // blue was never sent, so there is nothing to remove.
        #expect(drain(&distribution) == ["vpn red", "complete 2"])
    }

    @Test("an older revision changes nothing")
    func older() throws {
        let first = try emptyRevision().applying(federationFile())
        let second = try first.applying(federationFile(vpns: ["red"]))
        var distribution = Distribution(gateway: paris, hello: Hello(software: "test"), current: second)
        _ = drain(&distribution)
        distribution.revise(first)
        #expect(drain(&distribution).isEmpty)
    }

    @Test("a gateway that is not in the graph waits, welcomed, until it is; and loses its VPNs when it leaves")
    func outsider() throws {
        let stranger = gateway("lima/gw1")
        let first = try emptyRevision().applying(federationFile())
        var distribution = Distribution(gateway: stranger, hello: Hello(software: "test"), current: first)
        #expect(drain(&distribution) == ["welcome 1", "complete 1"])
        let second = try first.applying(federationFile(clouds: ["lima", "paris", "tokyo"]))
        distribution.revise(second)
        #expect(drain(&distribution) == ["base", "vpn blue", "vpn red", "complete 2"])
        distribution.revise(try second.applying(federationFile()))
        #expect(drain(&distribution) == ["-vpn blue", "-vpn red", "complete 3"])
    }

    @Test("no gateway ever gets another’s part")
    func ownPart() throws {
        let revision = try emptyRevision().applying(federationFile(gateways: 2))
        for (gateway, intent) in revision.intents {
            var distribution = Distribution(gateway: gateway, hello: Hello(software: "test"), current: revision)
            while let message = distribution.next() {
                switch message {
                case .welcome(let welcome): #expect(welcome.gateway == gateway)
                case .base(let base): #expect(base == intent.base)
                case .vpn(let vpn): #expect(vpn == intent.vpns[vpn.name])
                case .unreadableVPN(let name, _, let reason): Issue.record("\(name): \(reason)")
                case .vpnRemoved, .pins, .complete: break
                }
            }
        }
    }
}

@Suite("Sessions: one per gateway")
struct SessionsTests {
    @Test("a second session of a gateway replaces the first, and the end of the first changes nothing then")
    func replacement() throws {
        let sessions = Sessions(ActiveRevision(InForce(revision: try emptyRevision().applying(federationFile()), pendingCommit: nil)))
        let first = sessions.begin(gateway("paris/gw1"), hello: Hello(software: "test"))
        let second = sessions.begin(gateway("paris/gw1"), hello: Hello(software: "test"))
        #expect(first.end == .replaced)
        #expect(second.end == nil)
        #expect(!sessions.end(first))
        #expect(sessions.connected == [gateway("paris/gw1")])
        #expect(sessions.end(second))
        #expect(sessions.connected.isEmpty)
    }

    @Test("a new revision rings every session once, however many revisions there were")
    func rings() async throws {
        let revision = try emptyRevision().applying(federationFile())
        let active = ActiveRevision(InForce(revision: revision, pendingCommit: nil))
        let sessions = Sessions(active)
        let session = sessions.begin(gateway("tokyo/gw1"), hello: Hello(software: "test"))
        var rings = session.rings.makeAsyncIterator()
        #expect(await rings.next() != nil)
        while session.next() != nil {}
        var next = revision
        for round in 0..<10 {
            next = try next.applying(federationFile(router: "r\(round)"))
            #expect(active.take(InForce(revision: next, pendingCommit: nil), at: 0))
            sessions.revise()
        }
        #expect(await rings.next() != nil)
        sessions.stop()
        #expect(await rings.next() == nil)
        #expect(session.end == .stopping)
        #expect(session.isBehind)
    }
}

@Suite("What is in force: one value, one owner")
struct ActiveRevisionTests {
    @Test("of two revisions that come in the wrong order the later one stays, with its own pending commit")
    func order() throws {
        let first = try emptyRevision().applying(federationFile())
        let second = try first.applying(federationFile(vpns: ["red"]))
        let active = ActiveRevision(InForce(revision: emptyRevision(), pendingCommit: nil))
        #expect(active.take(InForce(revision: second, pendingCommit: nil), at: 5))
        #expect(
            !active.take(
                InForce(revision: first, pendingCommit: PendingCommit(revision: 1, fallback: 0, deadline: 9, author: "ada")), at: 6))
        #expect(active.current.revision.number == 2 && active.current.pendingCommit == nil)
        #expect(active.intentChanges[vpn("red")] == 5)
    }

    @Test("a confirmation and an obstacle count for the revision that they are about, and for no other")
    func pendingCommit() throws {
        let first = try emptyRevision().applying(federationFile())
        let pending = PendingCommit(revision: 1, fallback: 0, deadline: 9, author: "ada")
        let active = ActiveRevision(InForce(revision: emptyRevision(), pendingCommit: nil))
        #expect(active.take(InForce(revision: first, pendingCommit: pending), at: 1))
        active.confirm(2)
        #expect(active.current.pendingCommit == pending)
        #expect(!active.obstruct(2, by: "a leak") && active.obstruct(1, by: "a leak") && !active.obstruct(1, by: "a leak"))
        #expect(active.current.pendingCommit?.obstacle == "a leak")
        active.confirm(1)
        #expect(active.current.pendingCommit == nil)
    }

    @Test("sessions that begin while revisions come are all told the last one")
    func race() async throws {
        let active = ActiveRevision(InForce(revision: emptyRevision(), pendingCommit: nil))
        let sessions = Sessions(active)
        var revisions: [Revision] = []
        for round in 0..<20 { revisions.append(try (revisions.last ?? emptyRevision()).applying(federationFile(router: "r\(round)"))) }
        let begun = await withTaskGroup(of: [AgentSession].self) { group in
            group.addTask { [revisions] in
                for revision in revisions {
                    if active.take(InForce(revision: revision, pendingCommit: nil), at: 0) { sessions.revise() }
                    await Task.yield()
                }
                return []
            }
            for node in 1...8 {
                group.addTask {
                    var all: [AgentSession] = []
                    for round in 0..<20 {
                        all.append(sessions.begin(gateway("c\(round)/gw\(node)"), hello: Hello(software: "test")))
                        await Task.yield()
                    }
                    return all
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(begun.count == 160)
        for session in begun {
            var last: CoordinatorMessage?
            while let message = session.next() { last = message }
            #expect(last == .complete(revision: 20))
        }
    }
}
