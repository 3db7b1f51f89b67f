import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("The policy says which pairs are judged")
struct PolicyTests {
    /// A hub and two spokes.
    private var star: World { World(clouds: ["hub", "lima", "paris"], roles: ["hub": .hub, "lima": .spoke, "paris": .spoke]) }

    @Test("spokes are judged with the hub, both ways, and not with each other")
    func hubAndSpoke() {
        #expect(star.pairs("blue") == ["hub → lima", "hub → paris", "lima → hub", "paris → hub"])
        #expect(star.verdicts().allSatisfy { $0.state == .ok })
    }

    @Test("clouds that are to import nothing of each other make no verdict, silent or not")
    func apart() {
        var world = World()
        world.intend("tokyo/gw1") { $0.vpns[vpn("blue")]!.importTargets = [target("64900:77")] }
        // What it still has from before is a breach until it is gone.
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .unjoinedRouteImported)
        world.blue("tokyo/gw1") { $0.imported = [] }
        #expect(world.pairs("blue") == ["tokyo → paris"])
        world.intend("paris/gw1") { $0.vpns[vpn("blue")]!.importTargets = [target("64900:78")] }
        world.observations = [:]
        #expect(world.pairs("blue").isEmpty)
        #expect(world.pairs("red").count == 2)
    }

    @Test("a tap learns from everybody, steering included, and nobody learns from it")
    func tap() {
        var world = World(clouds: ["lima", "paris", "tap"], roles: ["tap": .importOnly])
        #expect(world.pairs("blue") == ["lima → paris", "lima → tap", "paris → lima", "paris → tap"])
        // There is no way back, so that no probe could be answered.
        #expect(world.verdicts().allSatisfy { $0.state == ($0.viewer.text == "tap" ? .programmed : .ok) })
        world.blue("tap/gw1") { $0.steered = [] }
        #expect(world.verdict("blue", "lima", "tap")?.cause?.catalogued == .notSteered)
        #expect(world.verdict("blue", "lima", "paris")?.state == .ok)
    }

    @Test("who only exports is judged as an origin, though it steers nothing back")
    func source() {
        let world = World(roles: ["paris": .exportOnly])
        #expect(world.pairs("blue") == ["paris → tokyo"])
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .programmed)
        #expect(world.observations[gateway("paris/gw1")]?.report.vpns[vpn("blue")]?.steered == [])
    }

    @Test("a route between two spokes is found in the VRF and breaks the policy")
    func unjoined() throws {
        var world = star
        world.blue("lima/gw1") {
            $0.effective!.importTargets.append(target("64900:101"))
            $0.imported.append(ImportedRoute(prefix: prefix("10.3.0.11/32"), nextHop: IPAddress("10.255.3.1")!, isBest: true))
        }
        let verdict = try #require(world.verdict("blue", "paris", "lima"))
        #expect(verdict.state == .failed)
        #expect(verdict.cause?.catalogued == .unjoinedRouteImported)
        #expect(verdict.cause?.sentence.contains("does not connect") == true)
        #expect(world.verdicts().count { $0.state != .ok } == 1)
    }

    @Test("the hub's missing target of the spokes breaks the spokes' way to it, and no way between hubs")
    func onlyItsOwnTargets() {
        var world = World(clouds: ["east", "west", "lima"], roles: ["east": .hub, "west": .hub, "lima": .spoke])
        #expect(world.verdicts().allSatisfy { $0.state == .ok })
        world.blue("east/gw1") {
            $0.effective!.importTargets = [target("64900:1")]
            let lost = prefix("10.3.0.11/32")
            $0.imported.removeAll { $0.prefix == lost }
        }
        #expect(world.verdict("blue", "lima", "east")?.cause?.catalogued == .importTargetMissing)
        #expect(world.verdict("blue", "west", "east")?.state == .ok)
        #expect(world.verdict("blue", "east", "lima")?.state == .ok)
    }

    @Test("what a hub originates for its spokes is expected of it like the rest")
    func originated() {
        var world = star
        world.intend("hub/gw1") { $0.vpns[vpn("blue")]!.originated = [prefix("10.0.0.0/8")] }
        world.advertise("10.0.0.0/8", by: "hub/gw1", to: ["lima/gw1", "paris/gw1"])
        #expect(world.verdict("blue", "hub", "lima")?.counts.expected == 3)
        #expect(world.verdicts().allSatisfy { $0.state == .ok })
        world.blue("hub/gw1") { $0.advertised.removeAll { $0 == prefix("10.0.0.0/8") } }
        let cause = world.verdict("blue", "hub", "lima")?.cause
        #expect(cause?.catalogued == .notAdvertised)
        #expect(cause?.sentence.contains("should advertise 10.0.0.0/8") == true)
    }

    @Test("two hubs originate the same prefix: spokes use either, and the hubs none of each other's")
    func twoHubs() {
        var world = World(clouds: ["east", "west", "lima"], roles: ["east": .hub, "west": .hub, "lima": .spoke])
        for id in ["east/gw1", "west/gw1"] { world.intend(id) { $0.vpns[vpn("blue")]!.originated = [prefix("10.0.0.0/8")] } }
        world.advertise("10.0.0.0/8", by: "east/gw1", to: ["lima/gw1"])
        world.advertise("10.0.0.0/8", by: "east/gw1", to: ["west/gw1"], installed: false)
        world.advertise("10.0.0.0/8", by: "west/gw1", to: ["lima/gw1", "east/gw1"], installed: false)
        for verdict in world.verdicts() { #expect(verdict.state == .ok, "\(verdict)") }
    }

    @Test("a prefix that two clouds have is a fault, unless the VPN says that they may", arguments: ["anycast", "overlap"])
    func shared(_ how: String) {
        var world = World(clouds: ["lima", "paris", "tokyo"])
        world.advertise("10.53.0.53/32", by: "lima/gw1", to: ["tokyo/gw1"])
        world.advertise("10.53.0.53/32", by: "lima/gw1", to: ["paris/gw1"], installed: false)
        world.advertise("10.53.0.53/32", by: "paris/gw1", to: ["lima/gw1", "tokyo/gw1"], installed: false)
        for (origin, viewer) in [("paris", "tokyo"), ("lima", "paris"), ("paris", "lima")] {
            let cause = world.verdict("blue", origin, viewer)?.cause
            #expect(cause?.catalogued == .prefixClaimedTwice)
            #expect(cause?.remedy.contains("anycast") == true)
        }
        world.vpns[vpn("blue")] = how == "anycast" ? VPN(anycast: [prefix("10.53.0.0/24")]) : VPN(allowsOverlap: true)
        for verdict in world.verdicts() { #expect(verdict.state == .ok, "\(verdict)") }
        // Somebody has it, but nobody of the VPN.
        world.blue("tokyo/gw1") { for index in $0.installed.indices { $0.installed[index].nextHop = IPAddress("10.99.0.1")! } }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .wrongNextHop)
    }

    @Test("what the viewer's import filter denies is not expected there, and counted apart")
    func filtered() {
        var world = World()
        world.intend("tokyo/gw1") {
            $0.vpns[vpn("blue")]!.importFilter = [
                PrefixRule(.deny, prefix("10.0.0.0/8"), le: 32), PrefixRule(.permit, prefix("::/0"), le: 128),
            ]
        }
        world.blue("tokyo/gw1") { report in
            for lost in [prefix("10.1.0.11/32")] {
                report.installed.removeAll { $0.prefix == lost }
                report.steered.removeAll { $0 == lost }
            }
        }
        let verdict = world.verdict("blue", "paris", "tokyo")
        #expect(verdict?.state == .ok)
        #expect(verdict?.counts.expected == 1 && verdict?.counts.filtered == 1)
        #expect(verdict?.prefixes.map(\.prefix) == [prefix("fd10:1::11/128")])
        #expect(world.verdict("blue", "tokyo", "paris")?.counts.filtered == 0)
        world.intend("tokyo/gw1") { $0.vpns[vpn("blue")]!.importFilter = [PrefixRule(.permit, prefix("192.0.2.0/24"))] }
        world.blue("tokyo/gw1") { $0.installed = [] }
        #expect(world.verdict("blue", "paris", "tokyo")?.state == .empty)
    }

    @Test("a shared attachment is one like others: what it shares is expected, and its cloud is judged in the other VPN")
    func share() throws {
        var world = World(clouds: ["lima", "paris", "tokyo"])
        // lima takes part in blue with one prefix of red's router.
        world.withdraw(from: "lima/gw1")
        world.advertise("10.1.0.11/32", by: "lima/gw1", to: ["paris/gw1", "tokyo/gw1"])
        let selector = AttachmentSelector(kind: .router, key: .name, value: "red-router"), service = prefix("10.1.0.11/32")
        world.intend("lima/gw1") { $0.vpns[vpn("blue")]!.attachments = [AttachmentIntent(selector: selector, only: [service])] }
        world.blue("lima/gw1") {
            $0.attachments = [
                AttachmentReport(selector: selector, routers: ["id-of-red"], hosted: ["id-of-red"], chassis: "l", subnets: [service])
            ]
            $0.expected = [service]
            $0.advertised = [service]
        }
        #expect(world.verdict("blue", "lima", "tokyo")?.counts.expected == 1)
        #expect(world.verdicts().allSatisfy { $0.state == .ok })
        world.blue("lima/gw1") { $0.attachments[0].hosted = [] }
        #expect(world.verdict("blue", "lima", "tokyo")?.cause?.catalogued == .gatewayNotHosted)
        #expect(world.verdict("red", "lima", "tokyo")?.state == .ok)
    }
}
