import Agent
import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

/// Whoever makes a router may call it like another tenant's.
@Suite("A name means what it was found to mean, whatever else gets the name")
struct NamesakeTests {
    private let node = LocalNode(chassis: "gw1", bridgeMappings: ["physnet1": "br-ex"])
    private let blue = VPNName(unchecked: "blue")
    private let bare = AttachmentSelector(kind: .router, key: .name, value: "blue-router")
    private let first = CloudBuilder.id(router: 1), second = CloudBuilder.id(router: 2)

    private func router(_ number: UInt8, of project: String?, _ change: (inout CloudBuilder.Router) -> Void = { _ in })
        -> CloudBuilder.Router
    {
        var router = CloudBuilder.Router(
            name: "blue-router", number: number, subnets: ["10.\(number).0.0/24"], hosts: ["10.\(number).0.11"])
        router.project = project
        change(&router)
        return router
    }

    private func select(_ selector: AttachmentSelector, _ routers: [CloudBuilder.Router], after before: Selection? = nil) -> Selection {
        var vpn = Samples.vpn("blue")
        vpn.attachments = [AttachmentIntent(selector: selector)]
        return Selection.select([blue: vpn], in: CloudBuilder(routers).view(), at: node, pins: before?.pins ?? Pins())
    }

    private var selectors: [AttachmentSelector] {
        [bare, AttachmentSelector(kind: .router, key: .name, value: "blue-router", project: "blue")]
    }

    private func codes(_ selection: Selection) -> [ProblemCode] { (selection.problems[blue] ?? []).compactMap(\.code) }

    @Test("a router that anybody names like a tenant's cuts nobody off, with a gateway port or without; it is said")
    func namesake() throws {
        for selector in selectors {
            for hasGateway in [false, true] {
                let before = select(selector, [router(1, of: "blue")])
                #expect(before.routers.map(\.id) == [first] && codes(before) == [])
                let empty = router(2, of: nil) { ($0.hasGateway, $0.hasInterface) = (hasGateway, false) }
                let after = select(selector, [router(1, of: "blue"), empty], after: before)
                #expect(after.routers == before.routers)
                #expect(codes(after) == [.attachmentNamesake])
                let problem = try #require(after.problems[blue]?.first)
                #expect(problem.message.contains(first) && problem.message.contains(second))
                #expect(problem.remedy.contains("“router: {id: \(first)}”") && problem.remedy.contains("openstack router show \(second)"))
                #expect(select(selector, [router(1, of: "blue")], after: after) == before, "it went, and nothing was ever different")
            }
        }
    }

    @Test("with its project a name is found beside others', and theirs are no matter; without, two are found to be none")
    func projects() {
        let both = [router(1, of: "blue"), router(2, of: "eve")]
        let found = select(selectors[1], both)
        #expect(found.routers.map(\.id) == [first] && codes(found) == [])
        let unknown = select(bare, both)
        #expect(unknown.routers == [] && codes(unknown) == [.attachmentAmbiguous])
        #expect(codes(select(bare, both, after: select(bare, [router(1, of: "blue")]))) == [.attachmentNamesake])
    }

    @Test("two of one project are one too many, unless one was meant before")
    func twins() {
        let twins = [router(1, of: "blue"), router(2, of: "blue")]
        for selector in selectors {
            #expect(select(selector, twins).routers == [])
            #expect(codes(select(selector, twins)) == [.attachmentAmbiguous])
            let after = select(selector, twins, after: select(selector, [router(2, of: "blue")]))
            #expect(after.routers.map(\.id) == [second] && codes(after) == [.attachmentNamesake])
        }
    }

    @Test("what has no gateway port does not count when a name is looked for")
    func withoutGateway() {
        let empty = router(1, of: nil) { ($0.hasGateway, $0.hasInterface) = (false, false) }
        let found = select(bare, [empty, router(2, of: "blue")])
        #expect(found.routers.map(\.id) == [second] && found.pins[bare]?.id == second)
        let alone = select(bare, [empty])
        #expect(codes(alone) == [.gatewayMissing] && alone.pins[bare] == nil, "nothing of it is served, and it is not held to")
        #expect(select(bare, [empty, router(2, of: "blue")], after: alone).routers.map(\.id) == [second])
    }

    @Test("what is gone is taken again where the same project makes it again")
    func madeAgain() {
        for selector in selectors {
            let before = select(selector, [router(1, of: "blue")])
            let gone = select(selector, [router(9, of: "red") { $0.name = "red-router" }], after: before)
            #expect(codes(gone) == [.attachmentNotFound])
            let after = select(selector, [router(2, of: "blue")], after: gone)
            #expect(after.routers.map(\.id) == [second] && codes(after) == [])
            #expect(after.pins[selector] == AttachmentPin(selector: selector, id: second, project: "blue", replaces: first))
        }
    }

    @Test("another project's, or one of no project that is known, never takes the place of what is gone", arguments: ["eve", nil])
    func usurper(project: String?) throws {
        for selector in selectors {
            let before = select(selector, [router(1, of: "blue")])
            let after = select(selector, [router(2, of: project)], after: before)
            #expect(after.routers == [] && codes(after) == [.attachmentGone])
            let problem = try #require(after.problems[blue]?.first)
            #expect(problem.remedy.contains("“router: {id: \(second)}”"))
            #expect(select(selector, [router(2, of: project), router(1, of: "blue")], after: after).routers.map(\.id) == [first])
            // What the remedy says works.
            #expect(
                select(AttachmentSelector(kind: .router, key: .id, value: second), [router(2, of: project)], after: after).routers.count
                    == 1)
        }
    }

    @Test("where its project was not known, nothing takes the place of what is gone; it is learnt as soon as a port tells")
    func projectLater() {
        let before = select(bare, [router(1, of: nil)])
        #expect(before.pins[bare]?.project == nil)
        #expect(codes(select(bare, [router(2, of: "blue")], after: before)) == [.attachmentGone])
        let known = select(bare, [router(1, of: "blue")], after: before)
        #expect(known.pins[bare] == AttachmentPin(selector: bare, id: first, project: "blue"))
        #expect(select(bare, [router(2, of: "blue")], after: known).routers.map(\.id) == [second])
    }

    @Test("a name that an admin has looked for anew means what has it then, and says what it took the place of")
    func unpinned() {
        for selector in selectors {
            let open = AttachmentPin.open(selector, mark: "1")
            var before = select(selector, [router(1, of: "blue")])
            let isNews = before.pins.adopt([open])
            #expect(isNews && before.pins[selector] == open)
            let none = select(selector, [router(9, of: "red") { $0.name = "red-router" }], after: before)
            #expect(codes(none) == [.attachmentNotFound] && none.pins[selector] == open, "it is still looked for")
            // The usurper of above, when an admin says so.
            let other = select(selector, [router(2, of: selector.project ?? "eve")], after: none)
            #expect(other.routers.map(\.id) == [second] && codes(other) == [])
            #expect(other.pins[selector]?.id == second && other.pins[selector]?.replaces == open.id)
            // The coordinator says it again until it has heard of what was found.
            var told = other
            let isOld = !told.pins.adopt([open])
            #expect(isOld && told == other)
            // The same one may be found again.
            let same = select(selector, [router(1, of: "blue")], after: before)
            #expect(same.pins[selector] == AttachmentPin(selector: selector, id: first, project: "blue", replaces: open.id))
            let two = select(selector, [router(1, of: "blue"), router(2, of: "blue")], after: before)
            #expect(two.routers == [] && codes(two) == [.attachmentAmbiguous] && two.pins[selector] == open)
            // The right one has no gateway port yet: a stranger's is not taken for it.
            let early = select(
                selector, [router(1, of: "blue") { $0.hasGateway = false }, router(2, of: selector.project ?? "eve")], after: before)
            #expect(early.routers == [] && codes(early) == [.attachmentAmbiguous] && early.pins[selector] == open)
            // Who does not hear the cloud may serve what it finds, and does not say what the name means.
            var deaf = same
            deaf.leaveOpen(of: before.pins)
            #expect(deaf.routers == same.routers && deaf.pins[selector] == open)
            #expect(deaf.attachments.values.joined().allSatisfy { $0.pin == open })
        }
    }

    @Test("what was found stays when its owner renames it")
    func renamed() {
        let before = select(bare, [router(1, of: "blue")])
        let after = select(bare, [router(1, of: "blue") { $0.name = "old" }], after: before)
        #expect(after.routers == before.routers && codes(after) == [])
    }

    @Test("a network by name: another of that name changes nothing, nor does a tenant's router in a network that is shared with him")
    func networks() {
        let network = AttachmentSelector(kind: .network, key: .name, value: "blue-router-net")
        let before = select(network, [router(1, of: "blue") { $0.networkProject = "blue" }])
        #expect(before.routers.map(\.id) == [first] && before.pins[network]?.project == "blue")
        let twin = select(network, [router(1, of: "blue") { $0.networkProject = "blue" }, router(2, of: "eve")], after: before)
        #expect(twin.routers == before.routers && codes(twin) == [.attachmentNamesake])
        for selector in [network, AttachmentSelector(kind: .network, key: .id, value: CloudBuilder.id(network: 1))] {
            let guest = router(2, of: "eve") { ($0.name, $0.inNetworkOf) = ("eves", 1) }
            let shared = select(selector, [router(1, of: "blue") { $0.networkProject = "blue" }, guest], after: before)
            #expect(shared.routers.map(\.id) == [first] && codes(shared) == [])
        }
    }

    @Test("a port by name: another of that name changes nothing")
    func ports() {
        let port = AttachmentSelector(kind: .port, key: .name, value: "db")
        func named(_ number: UInt8, of project: String) -> CloudBuilder.Router {
            router(number, of: project) { $0.portLabels = ["vm-\(number)-0": ["neutron:port_name": "db"]] }
        }
        let before = select(port, [named(1, of: "blue")])
        #expect(before.routers.first?.subnets == Samples.prefixes("10.1.0.11/32"))
        let after = select(port, [named(1, of: "blue"), named(2, of: "eve")], after: before)
        #expect(after.routers == before.routers && codes(after) == [.attachmentNamesake])
        let gone = select(port, [named(2, of: "eve")], after: after)
        #expect(gone.routers == [] && codes(gone) == [.attachmentGone])
    }
}

@Suite("What names mean, on the node")
struct PinsTests {
    private let name = AttachmentSelector(kind: .router, key: .name, value: "blue-router")

    private func pin(_ id: String, replaces: String? = nil) -> AttachmentPin {
        AttachmentPin(selector: name, id: id, project: "blue", replaces: replaces)
    }

    @Test("the coordinator decides between two nodes; what it does not know stays, and what it does not know to be gone too")
    func adopting() {
        var pins = Pins([pin("b")])
        let known = pins.adopt([])
        #expect(!known && pins[name]?.id == "b")
        let other = pins.adopt([pin("a")])
        #expect(other && pins[name]?.id == "a")
        pins[name] = pin("c", replaces: "a")
        let late = pins.adopt([pin("a")])
        #expect(!late && pins[name]?.id == "c")
    }

    @Test("an agent that starts again while the namesake is there, alone, holds to what it held to; what its intent drops is forgotten")
    func restart() throws {
        var world = World()
        world.run()
        let pins = world.core.pins
        #expect(pins.all.map(\.id) == [CloudBuilder.id(router: 1), CloudBuilder.id(router: 2)])
        var again = World()
        again.core = AgentCore(stored: World.both, indexes: world.core.indexes, pins: pins)
        again.host = world.host
        again.routers.append(.init(name: "blue-router", number: 3))
        again.run()
        #expect(again.steps.isEmpty)
        #expect(again.core.problems[VPNName(unchecked: "blue")]?.compactMap(\.code) == [.attachmentNamesake])
        #expect(again.core.acknowledgements[.vpn(VPNName(unchecked: "blue"))] == .applied("v1"))
        try again.receive(.vpnRemoved(VPNName(unchecked: "red")))
        again.run()
        #expect(again.core.pins.all.map(\.selector.value) == ["blue-router"])
    }

    @Test("a new node begins with what the coordinator has: though it sees two, it takes the one that is meant")
    func newNode() throws {
        var world = World(stored: World.both)
        world.routers.append(.init(name: "blue-router", number: 3))
        let changed = try world.receive(.pins([pin(CloudBuilder.id(router: 1))]))
        world.run()
        #expect(changed)
        #expect(world.host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.1.0.11/32", "fd10:1::11/128"))
    }
}
