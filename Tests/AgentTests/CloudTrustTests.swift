import OVN
import Testing

@testable import Agent

/// What databases say after one another, and what is believed. `gw1` is this node.
@Suite("How far the cloud's databases are believed", .timeLimit(.minutes(3)))
struct CloudTrustTests {
    /// One change of the databases.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        /// What the node still serves of blue afterwards.
        var serves: Bool
        /// How many VMs of blue are still there; two before.
        var hosts: Int
        /// Why something is held; nil: nothing is.
        var reason: Hold.Reason?
        var change: @Sendable (inout CloudBuilder) -> Void

        init(
            _ text: String, serves: Bool, hosts: Int, _ reason: Hold.Reason?, change: @escaping @Sendable (inout CloudBuilder) -> Void
        ) {
            (testDescription, self.serves, self.hosts, self.reason, self.change) = (text, serves, hosts, reason, change)
        }
    }

    /// Blue and red, a VM of each on this node, three other routers.
    private static let sound = CloudBuilder([
        .init(name: "blue-router", hosts: ["10.1.0.11", "10.1.0.12"], isTranslated: true), .init(name: "red-router", number: 2),
        .init(name: "third", chassis: "gw2", number: 3, hosts: ["10.1.0.11"], hostChassis: "gw2"),
        .init(name: "fourth", chassis: "gw2", number: 4, hosts: ["10.1.0.11"], hostChassis: "gw2"),
        .init(name: "fifth", chassis: "gw2", number: 5, hosts: [], hostChassis: "gw2"),
    ])

    private static let honest: [Case] = [
        Case("nothing changes", serves: true, hosts: 2, nil) { _ in },
        Case("a VM is deleted", serves: true, hosts: 1, nil) { $0.routers[0].hosts.removeLast() },
        Case("all VMs of the router are deleted", serves: true, hosts: 0, nil) { $0.routers[0].hosts = [] },
        Case("the gateway port moves", serves: false, hosts: 2, nil) { $0.routers[0].chassis = "gw2" },
        Case("the gateway port is bound nowhere", serves: false, hosts: 2, nil) { $0.routers[0].chassis = nil },
        Case("the gateway is taken from the router", serves: false, hosts: 2, nil) { $0.routers[0].hasGateway = false },
        Case("the router is deleted, and its VMs", serves: false, hosts: 0, nil) { $0.routers.remove(at: 0) },
        Case("two routers of five are deleted at once", serves: false, hosts: 0, nil) { $0.routers.removeSubrange(0...1) },
        Case("another chassis leaves", serves: true, hosts: 2, nil) { $0.chassis = ["gw1"] },
        Case("this chassis is registered anew, and all is bound", serves: true, hosts: 2, nil) { $0.registration = 1 },
        Case("the southbound database is made anew, and all is bound", serves: true, hosts: 2, nil) { $0.generation = 1 },
    ]

    private static let doubtful: [Case] = [
        Case("ovn-controller leaves, and no other node takes the port", serves: true, hosts: 2, .chassisMissing) { $0.chassis = ["gw2"] },
        Case("ovn-controller leaves, and another node takes the port", serves: false, hosts: 2, .chassisMissing) {
            $0.chassis = ["gw2"]
            $0.routers[0].chassis = "gw2"
        },
        Case("ovn-controller is back, and has bound nothing yet", serves: true, hosts: 2, .chassisMissing) {
            $0.registration = 1
            for index in $0.routers.indices { ($0.routers[index].chassis, $0.routers[index].hostChassis) = (nil, "") }
        },
        Case("the southbound database is empty", serves: true, hosts: 2, .southboundLacks) {
            for index in $0.routers.indices { $0.routers[index].isInSouthbound = false }
            $0.chassis = []
        },
        Case("the southbound database has the chassis again and nothing else", serves: true, hosts: 2, .southboundLacks) {
            for index in $0.routers.indices { $0.routers[index].isInSouthbound = false }
            $0.generation = 1
        },
        Case("the southbound database has half of the routers", serves: true, hosts: 2, .southboundLacks) {
            for index in [0, 3] { $0.routers[index].isInSouthbound = false }
        },
        Case("the southbound database has routers without ports", serves: true, hosts: 2, .southboundLacks) {
            for index in $0.routers.indices { $0.routers[index].hasPorts = false }
        },
        Case("the southbound database is made anew, and nothing is bound", serves: true, hosts: 2, .southboundRemade) {
            $0.generation = 1
            for index in $0.routers.indices { ($0.routers[index].chassis, $0.routers[index].hostChassis) = (nil, "") }
        },
        Case("the southbound database is made anew, and the port is bound elsewhere", serves: false, hosts: 2, nil) {
            $0.generation = 1
            $0.routers[0].chassis = "gw2"
        },
        Case("the northbound database lacks the router", serves: true, hosts: 2, .northboundLacks) { $0.routers[0].isInNorthbound = false },
        Case("both databases are empty", serves: true, hosts: 2, .bothLack) {
            $0.routers = []
            $0.hasProvider = false
            $0.chassis = []
        },
        Case("both have lost most routers at once, and have networks", serves: true, hosts: 2, .bothLack) {
            $0.routers.removeSubrange(0...3)
        },
        Case("the northbound database cannot be read any more", serves: true, hosts: 2, nil) { $0.hasNorthbound = false },
        Case("it cannot be read, and the southbound one is empty", serves: true, hosts: 2, .southboundLacks) {
            $0.hasNorthbound = false
            for index in $0.routers.indices { $0.routers[index].isInSouthbound = false }
        },
    ]

    private func serves(_ view: CloudView?) -> Bool { view?.routers(id: CloudBuilder.id(router: 1)).first?.isHosted(by: "gw1") ?? false }

    private func hosts(_ view: CloudView?) -> Int {
        Set(view?.routers(id: CloudBuilder.id(router: 1)).first?.interfaces.flatMap { $0.hosts.map(\.logicalPort) } ?? []).count
    }

    /// At 0 ms.
    private func trust(in cloud: CloudBuilder) -> CloudTrust {
        var trust = CloudTrust()
        trust.see(cloud.view(), at: 0)
        trust.judge(at: "gw1", 0)
        return trust
    }

    /// That of an agent that starts, and finds what one stored at that time.
    private func restarted(_ trust: CloudTrust, at now: Int64) -> CloudTrust {
        CloudTrust(remembered: trust.memory(of: Set(trust.believed?.routers.map(\.id) ?? []), heardAt: now))
    }

    /// - Parameter isStart: the agent starts when all has happened, and has the state of one before it.
    private func trust(after change: (inout CloudBuilder) -> Void, isStart: Bool) -> CloudTrust {
        var trust = trust(in: Self.sound)
        #expect(trust.isSound)
        if isStart {
            trust = restarted(trust, at: 0)
            #expect(trust.believed == nil)
        }
        var builder = Self.sound
        change(&builder)
        trust.see(builder.view(), at: 1_000)
        trust.judge(at: "gw1", 1_000)
        return trust
    }

    @Test("object by object, also by an agent that starts in the middle of it", arguments: honest + doubtful, [false, true])
    func believed(_ sample: Case, isStart: Bool) {
        let trust = trust(after: sample.change, isStart: isStart)
        #expect(serves(trust.believed) == sample.serves)
        #expect(hosts(trust.believed) == sample.hosts)
        #expect(trust.holds.values.contains { $0.reason == sample.reason } || sample.reason == nil && trust.holds.isEmpty, "\(trust.holds)")
        #expect(trust.isSound == trust.holds.isEmpty)
    }

    @Test("the same once more changes nothing", arguments: honest + doubtful)
    func twice(_ sample: Case) {
        var trust = trust(after: sample.change, isStart: false)
        let before = trust
        trust.judge(at: "gw1", 60_000)
        #expect(trust == before)
    }

    @Test("what comes back in time was never away, and nothing is held any more", arguments: doubtful)
    func back(_ sample: Case) {
        var trust = trust(after: sample.change, isStart: false)
        trust.see(Self.sound.view(), at: 30_000)
        trust.judge(at: "gw1", 30_000)
        #expect(trust.isSound && trust.believed == Self.sound.view())
    }

    @Test("when the time is over, the databases are believed", arguments: doubtful)
    func over(_ sample: Case) {
        var trust = trust(after: sample.change, isStart: false)
        let limit = Hold.Reason.allCases.map(\.limit).max() ?? 0
        trust.judge(at: "gw1", 1_000 + limit)
        #expect(trust.holds.isEmpty)
        var builder = Self.sound
        sample.change(&builder)
        guard builder.hasNorthbound else { return }
        #expect(trust.believed == builder.view())
    }

    @Test("what comes back in parts has no more time than what is gone as a whole")
    func parts() {
        var builder = Self.sound
        for index in builder.routers.indices {
            (builder.routers[index].isInSouthbound, builder.routers[index].chassis, builder.routers[index].hostChassis) = (false, nil, "")
        }
        var trust = trust(after: { $0 = builder }, isStart: false)
        builder.generation = 1
        for index in builder.routers.indices { builder.routers[index].isInSouthbound = true }
        trust.see(builder.view(), at: 200_000)
        trust.judge(at: "gw1", 200_000)
        #expect(serves(trust.believed) && hosts(trust.believed) == 2)
        trust.judge(at: "gw1", 302_000)
        #expect(trust.believed == builder.view())
    }

    @Test("during a hold, a router that is deleted is gone at once, and one that moves has moved")
    func within() {
        var builder = Self.sound
        for index in builder.routers.indices { builder.routers[index].isInSouthbound = false }
        var trust = trust(after: { $0 = builder }, isStart: false)
        builder.routers.remove(at: 0)
        builder.routers[0].isInSouthbound = true
        builder.routers[0].chassis = "gw2"
        trust.see(builder.view(), at: 3_000)
        trust.judge(at: "gw1", 3_000)
        #expect(trust.believed?.routers(id: CloudBuilder.id(router: 1)) == [])
        #expect(trust.believed?.routers(id: CloudBuilder.id(router: 2)).first?.gateways.first?.chassis == "gw2")
    }

    /// Six VMs of one router, on another chassis than the gateway.
    private static let many = CloudBuilder([
        .init(name: "blue-router", hosts: (11...16).map { "10.1.0.\($0)" }, hostChassis: "gw2"), .init(name: "red-router", number: 2),
    ])

    @Test("a port that is deleted during a hold is gone at once, and its address is the next port's")
    func deleted() {
        var trust = trust(in: Self.many)
        var builder = Self.many
        builder.routers[0].unbound = Set(0..<6)
        trust.see(builder.view(), at: 1_000)
        trust.judge(at: "gw1", 1_000)
        #expect(hosts(trust.believed) == 6 && trust.holds.count == 6)
        builder.routers[0].hosts.removeLast()
        builder.routers[0].unbound = Set(0..<5)
        trust.see(builder.view(), at: 2_000)
        trust.judge(at: "gw1", 2_000)
        #expect(hosts(trust.believed) == 5 && trust.holds.count == 5)
        // Another port has the address of one that is held.
        builder.routers[0].hosts.append("10.1.0.11")
        trust.see(builder.view(), at: 3_000)
        trust.judge(at: "gw1", 3_000)
        let owners = trust.believed?.routers(id: CloudBuilder.id(router: 1)).first?.interfaces.flatMap(\.hosts)
            .filter { $0.addresses.map(\.description).contains("10.1.0.11") }.map(\.logicalPort)
        #expect(owners == ["vm-1-5"])
    }

    @Test("all VMs of a big router deleted at once are no lost bindings")
    func allDeleted() {
        var trust = trust(in: Self.many)
        var builder = Self.many
        builder.routers[0].hosts = []
        trust.see(builder.view(), at: 1_000)
        trust.judge(at: "gw1", 1_000)
        #expect(hosts(trust.believed) == 0 && trust.isSound)
    }

    @Test("what is lost later joins a loss for half a minute, and has no more time than that", arguments: [20_000, 40_000] as [Int64])
    func later(at time: Int64) {
        var builder = Self.many
        builder.routers[0].hosts.append("10.1.0.17")
        var trust = trust(in: builder)
        builder.routers[0].unbound = Set(0..<6)
        trust.see(builder.view(), at: 1_000)
        trust.judge(at: "gw1", 1_000)
        builder.routers[0].unbound = Set(0..<7)
        trust.see(builder.view(), at: time)
        trust.judge(at: "gw1", time)
        #expect(hosts(trust.believed) == (time < 31_000 ? 7 : 6))
        #expect(Set(trust.holds.values.map(\.since)) == [1_000])
    }

    @Test("a router that is deleted long after most were lost is gone at once")
    func laterRouter() {
        var builder = Self.sound
        builder.routers.removeSubrange(1...3)
        var trust = trust(after: { $0 = builder }, isStart: false)
        #expect(trust.holds.count == 3)
        builder.routers.remove(at: 0)
        trust.see(builder.view(), at: 100_000)
        trust.judge(at: "gw1", 100_000)
        #expect(!serves(trust.believed) && Set(trust.holds.values.map(\.since)) == [1_000])
    }

    @Test("a clock that is set back makes no hold longer")
    func clock() {
        var trust = trust(after: { $0.chassis = ["gw2"] }, isStart: false)
        trust.judge(at: "gw1", -1_000_000)
        trust.judge(at: "gw1", -1_000_000 + Hold.Reason.chassisMissing.limit)
        #expect(trust.holds.isEmpty)
    }

    @Test("without any word of the northbound database, an agent that starts waits a while")
    func alone() {
        var builder = Self.sound
        builder.hasNorthbound = false
        var trust = CloudTrust()
        trust.see(builder.view(), at: 0)
        trust.judge(at: "gw1", 5_000)
        #expect(trust.believed == nil)
        trust.judge(at: "gw1", CloudTrust.patience)
        #expect(trust.believed == builder.view())
    }

    @Test("labels, names and NAT rules stand while the northbound database says nothing of them")
    func northboundPart() throws {
        var builder = Self.sound
        builder.routers[0].labels = ["tier": "one"]
        builder.routers[0].networkLabels = ["net": "one"]
        builder.routers[0].isTranslated = true
        var trust = trust(in: builder)
        let sound = try #require(trust.believed?.routers(id: CloudBuilder.id(router: 1)).first)
        #expect(sound.labels == ["tier": "one"] && sound.natRules.count == 1)
        for change in [{ $0.hasNorthbound = false }, { $0.routers[0].isInNorthbound = false }] as [(inout CloudBuilder) -> Void] {
            var now = builder
            change(&now)
            var trust = trust
            trust.see(now.view(), at: 1_000)
            trust.judge(at: "gw1", 1_000)
            #expect(trust.believed?.routers(id: CloudBuilder.id(router: 1)).first == sound)
        }
        var silent = builder
        silent.hasNorthbound = false
        trust.see(silent.view(), at: 1_000)
        trust.judge(at: "gw1", 1_000)
        #expect(trust.believed?.networks(id: CloudBuilder.id(network: 1)).first?.labels == ["net": "one"])
    }

    @Test("what was believed ten minutes before an agent starts says nothing any more", arguments: [599_999, 600_000] as [Int64])
    func old(at time: Int64) {
        var builder = Self.sound
        for index in builder.routers.indices { builder.routers[index].isInSouthbound = false }
        var trust = restarted(trust(in: Self.sound), at: 0)
        trust.see(builder.view(), at: time)
        trust.judge(at: "gw1", time)
        #expect(serves(trust.believed) == (time < 600_000))
        #expect(trust.believed == builder.view() || time < 600_000)
    }

    @Test("a hold that goes on over restarts has no more time than one that does not", arguments: doubtful)
    func restarts(_ sample: Case) {
        var trust = trust(after: sample.change, isStart: false)
        let holds = trust.holds
        var builder = Self.sound
        sample.change(&builder)
        for time in stride(from: 50_000, to: 600_000, by: 50_000) as StrideTo<Int64> {
            trust = restarted(trust, at: time)
            trust.see(builder.view(), at: time)
            trust.judge(at: "gw1", time)
            #expect(trust.holds == holds.filter { !$0.value.isOver(at: time) }, "\(time)")
        }
    }

    @Test("an agent that starts while the northbound is silent knows balancers' addresses, and ports that an admin took down")
    func northboundMemory() throws {
        var builder = Self.sound
        builder.routers[0].hosts.append("10.1.0.13")
        (builder.routers[0].balanced, builder.routers[0].disabled) = (["10.1.0.99"], [1])
        let before = trust(in: builder)
        let known = try #require(before.believed?.routers(id: CloudBuilder.id(router: 1)).first)
        #expect(known.balanced.map(\.description) == ["10.1.0.99"])
        #expect(known.interfaces.first?.unbound.map(\.logicalPort) == ["vm-1-1"])
        for isLacking in [false, true] {
            var trust = restarted(before, at: 0)
            var now = builder
            // A machine is started meanwhile.
            now.routers[0].hosts.append("10.1.0.14")
            if isLacking { now.routers[0].isInNorthbound = false } else { now.hasNorthbound = false }
            trust.see(now.view(), at: 1_000)
            trust.judge(at: "gw1", 1_000)
            let router = try #require(trust.believed?.routers(id: CloudBuilder.id(router: 1)).first)
            #expect(router.balanced == known.balanced)
            #expect(router.interfaces.first?.unbound.map(\.logicalPort) == ["vm-1-1"])
            #expect(router.interfaces.first?.hosts.map(\.logicalPort) == ["vm-1-0", "vm-1-2", "vm-1-3"])
            trust.see(builder.view(), at: 2_000)
            trust.judge(at: "gw1", 2_000)
            #expect(trust.isSound && trust.believed == builder.view())
        }
    }

    @Test("ports that an admin takes down, most of a router at once, are no lost bindings")
    func disabled() {
        var builder = Self.many
        var trust = trust(in: builder)
        builder.routers[0].disabled = Set(0..<6)
        trust.see(builder.view(), at: 1_000)
        trust.judge(at: "gw1", 1_000)
        #expect(hosts(trust.believed) == 0 && trust.isSound)
    }

    @Test("a router that loses all its ports at once is held where the northbound database has them still", arguments: [true, false])
    func hollow(isHonest: Bool) {
        let trust = trust(
            after: {
                $0.routers[0].hasPorts = false
                if isHonest { ($0.routers[0].hasGateway, $0.routers[0].hasInterface) = (false, false) }
            }, isStart: false)
        #expect(serves(trust.believed) == !isHonest && trust.isSound == isHonest)
    }

    @Test(
        "of a router that is held as a whole, ports that are gone from its network go, and so do addresses that others there have",
        arguments: [["10.1.0.11"], ["10.1.0.11", "10.1.0.13", "10.1.0.12"], ["10.1.0.11", "10.1.0.12"]])
    func network(hosts now: [String]) {
        var builder = CloudBuilder([
            .init(name: "owner", number: 2, hosts: ["10.1.0.11", "10.1.0.12"]),
            .init(name: "blue-router", hosts: [], inNetworkOf: 2), .init(name: "third", number: 3), .init(name: "fourth", number: 4),
        ])
        var trust = trust(in: builder)
        #expect(hosts(trust.believed) == 2)
        builder.routers[1].isInSouthbound = false
        builder.routers[0].hosts = now
        trust.see(builder.view(), at: 1_000)
        trust.judge(at: "gw1", 1_000)
        #expect(serves(trust.believed) && trust.holds.values.map(\.reason) == [.southboundLacks])
        #expect(hosts(trust.believed) == (now == ["10.1.0.11", "10.1.0.12"] ? 2 : 1))
    }
}

extension CloudTrust {
    /// Whether all that the databases say is believed.
    fileprivate var isSound: Bool { believed != nil && holds.isEmpty }
}
