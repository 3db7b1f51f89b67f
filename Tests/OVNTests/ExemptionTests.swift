import NetworkTypes
import OVN
import OVSDB
import Testing

@Suite("Federated traffic is exempted from NAT, in what Neutron wrote, by a real northd", .serialized, .timeLimit(.minutes(1)))
struct ExemptionTests {
    private static let subnets = prefixes("10.0.1.0/24", "10.0.2.0/24", "fd10:1::/64")
    private static let blueSet = "ovn_federation_91e6f297_b257_4900_a632_0d0389ad84fc_ip4"
    private static let blueSNAT = OVSDBUUID("134ea1c1-4340-49fb-bde6-2fd571a75646")
    private static let blueFloating = OVSDBUUID("481a2eb8-3d2a-4c22-ba63-c5c324f88cb2")

    private static func prefixes(_ texts: String...) -> Set<IPPrefix> { Set(texts.compactMap { IPPrefix($0) }) }

    private static func blue(_ texts: String...) -> [String: RouterExemption] {
        [blueID: RouterExemption(subnets: subnets, prefixes: Set(texts.compactMap { IPPrefix($0) }))]
    }

    private static func plan(_ desired: [String: RouterExemption], _ world: World, by chassis: String = "gw1") throws -> ExemptionPlan {
        ExemptionPlan(
            desired: desired, federated: Set(desired.keys), cloud: try world.view(), northbound: try world.northboundView(),
            chassis: chassis)
    }

    /// Plans, writes, and shows that nothing is left to do.
    private static func reconcile(_ desired: [String: RouterExemption], _ world: World, by chassis: String = "gw1") throws -> ExemptionPlan
    {
        let first = try plan(desired, world, by: chassis)
        try world.northbound.write(first)
        let second = try plan(desired, world, by: chassis)
        #expect(second.transactions.isEmpty)
        return first
    }

    private static func flows(_ world: World, _ router: String = blueID, stage: String = "lr_out_snat") throws -> [String] {
        try world.sync()
        return try world.sb("lflow-list neutron-\(router)").split(separator: "\n").map(String.init).filter { $0.contains(stage) }
    }

    @Test("the router's own rule and the floating IP's let federated destinations pass, and translate the others as before")
    func logicalFlows() throws {
        try World.with(.neutron, northd: true) { world in
            let before = try Self.flows(world)
            let red = try Self.flows(world, redID)
            let plan = try Self.reconcile(Self.blue("10.1.1.11/32", "10.1.2.0/24", "fd20:1::/64"), world)
            #expect(plan.problems.isEmpty)
            #expect(plan.transactions.map(\.router) == [blueID])
            let after = try Self.flows(world)
            let added = Set(after).subtracting(before)
            #expect(Set(before).isSubset(of: after))
            #expect(added.count == 2)
            for source in ["ip4.src == 0.0.0.0/0", "ip4.src == 10.0.1.95"] {
                let flow = try #require(added.first { $0.contains(source) })
                #expect(flow.contains("ip4.dst == $\(Self.blueSet)"))
                #expect(flow.contains("action=(next;)"))
            }
            #expect(try Self.flows(world, redID) == red)
            let addresses = try world.sb("--bare --columns=addresses find Address_Set name=\(Self.blueSet)")
            #expect(addresses == "10.1.1.11/32 10.1.2.0/24")

            #expect(try Self.reconcile([:], world).transactions.count == 1)
            #expect(try Self.flows(world) == before)
            #expect(try world.nb("--bare --columns=name find Address_Set") == "")
        }
    }

    @Test("each family has its own set, and one is made only where there is a rule of that family")
    func families() throws {
        try World.with(.neutron, northd: true) { world in
            try world.nb("lr-nat-add neutron-\(blueID) snat fd24::156 fd10:1::/64")
            let plan = try Self.reconcile(Self.blue("10.1.1.0/24", "fd20:1::/64"), world)
            let created = plan.transactions.flatMap(\.steps).compactMap { step -> [String]? in
                if case .createSet(let name, let router, _, let addresses) = step { [name, router] + addresses } else { nil }
            }
            let v6Set = Self.blueSet.replacing("_ip4", with: "_ip6")
            #expect(created == [[Self.blueSet, blueID, "10.1.1.0/24"], [v6Set, blueID, "fd20:1::/64"]])
            #expect(try Self.flows(world).contains { $0.contains("ip6.dst == $\(v6Set)") && $0.contains("ip6.src == fd10:1::/64") })
            try world.nb("lr-nat-del neutron-\(blueID) snat fd10:1::/64")
            _ = try Self.reconcile(Self.blue("10.1.1.0/24", "fd20:1::/64"), world)
            #expect(try world.nb("--bare --columns=name find Address_Set") == Self.blueSet)
        }
    }

    @Test("a route that comes or goes moves one address and touches no NAT row; the first and the last one, too")
    func increments() throws {
        try World.with(.neutron) { world in
            _ = try Self.reconcile(Self.blue(), world)
            func steps(_ texts: Set<IPPrefix>) throws -> [ExemptionStep] {
                try Self.reconcile([blueID: RouterExemption(subnets: Self.subnets, prefixes: texts)], world).transactions.flatMap(\.steps)
            }
            let set = try #require(try world.northboundView().addressSets.first)
            #expect(set.name == Self.blueSet && set.federatedRouter == blueID && set.addresses.isEmpty)
            #expect(
                try steps(Self.prefixes("10.1.1.0/24", "10.1.2.0/24"))
                    == [.changeSet(set.uuid, name: set.name, insert: ["10.1.1.0/24", "10.1.2.0/24"], delete: [])])
            #expect(
                try steps(Self.prefixes("10.1.1.0/24", "10.1.3.7/32"))
                    == [.changeSet(set.uuid, name: set.name, insert: ["10.1.3.7/32"], delete: ["10.1.2.0/24"])])
            #expect(try steps([]).count == 1)
        }
    }

    @Test("only the rules of federated subnets are exempted, and only until the subnet is federated no more")
    func subnetsOnly() throws {
        try World.with(.neutron) { world in
            try world.nb("lr-nat-del neutron-\(blueID) snat", "lr-nat-add neutron-\(blueID) snat 172.24.4.57 10.0.2.0/24")
            let desired = RouterExemption(subnets: Self.prefixes("10.0.1.0/24"), prefixes: Self.prefixes("10.1.1.0/24"))
            _ = try Self.reconcile([blueID: desired], world)
            func exempted() throws -> Set<IPPrefix> {
                Set(try #require(try world.router(blueID)).natRules.filter { $0.exempted != nil }.map(\.logical))
            }
            #expect(try exempted() == Self.prefixes("10.0.1.95/32"))
            let other = RouterExemption(subnets: Self.prefixes("10.0.2.0/25"), prefixes: Self.prefixes("10.1.1.0/24"))
            _ = try Self.reconcile([blueID: other], world)
            #expect(try exempted() == Self.prefixes("10.0.2.0/24"))
        }
    }

    @Test("a floating IP that comes later is exempted too, and a rule that Neutron wrote anew")
    func rewrittenRules() throws {
        try World.with(.neutron) { world in
            _ = try Self.reconcile(Self.blue("10.1.1.0/24"), world)
            try world.nb("lr-nat-del neutron-\(blueID) snat")
            try world.nb(
                "lr-nat-add neutron-\(blueID) snat 172.24.4.58 0.0.0.0/0",
                "lr-nat-add neutron-\(blueID) dnat_and_snat 172.24.4.99 10.0.1.177")
            let plan = try Self.reconcile(Self.blue("10.1.1.0/24"), world)
            #expect(plan.transactions.flatMap(\.steps).count == 2)
            #expect(try world.router(blueID)?.natRules.allSatisfy { $0.exempted != nil } == true)
        }
    }

    @Test("other people's exemptions, restrictions and sets are left alone and reported")
    func foreign() throws {
        try World.with(.neutron) { world in
            let mine = try world.nb("create Address_Set name=operator addresses=203.0.113.0/24")
            try world.nb("set NAT \(try #require(Self.blueSNAT)) exempted_ext_ips=\(mine)")
            try world.nb("set NAT \(try #require(Self.blueFloating)) allowed_ext_ips=\(mine)")
            let set = try #require(OVSDBUUID(mine))
            let plan = try Self.reconcile(Self.blue("10.1.1.0/24"), world)
            #expect(plan.transactions.isEmpty)
            let rules = try #require(try world.router(blueID)).natRules
            let snat = try #require(rules.first { $0.uuid == Self.blueSNAT })
            let floating = try #require(rules.first { $0.uuid == Self.blueFloating })
            #expect(
                Set(plan.problems.map(\.cause)) == [.exemptedByOthers(snat, set: set), .restrictedByOthers(floating, set: set)])
            #expect(plan.problems.allSatisfy { $0.description.contains(blueID) })
            try world.nb("clear NAT \(snat.uuid) exempted_ext_ips", "clear NAT \(floating.uuid) allowed_ext_ips")

            try world.nb("create Address_Set name=\(Self.blueSet)")
            let taken = try Self.reconcile(Self.blue("10.1.1.0/24"), world)
            #expect(taken.transactions.isEmpty)
            #expect(taken.problems.map(\.cause) == [.nameTaken(set: Self.blueSet)])
        }
    }

    @Test("a restriction that somebody adds beside our exemption takes ours away: northd would drop the whole rule")
    func restrictedLater() throws {
        try World.with(.neutron) { world in
            _ = try Self.reconcile(Self.blue("10.1.1.0/24"), world)
            let mine = try world.nb("create Address_Set name=operator")
            try world.nb("set NAT \(try #require(Self.blueSNAT)) allowed_ext_ips=\(mine)")
            let plan = try Self.reconcile(Self.blue("10.1.1.0/24"), world)
            #expect(plan.problems.count == 1)
            let snat = try #require(try world.router(blueID)?.natRules.first { $0.uuid == Self.blueSNAT })
            #expect(snat.exempted == nil && snat.allowed != nil)
        }
    }

    @Test("a router hosted elsewhere, or nowhere, is not touched; after a failover the new node takes over what is there")
    func hosting() throws {
        try World.with(.neutron) { world in
            #expect(try Self.plan(Self.blue("10.1.1.0/24"), world, by: "gw2").transactions.isEmpty)
            _ = try Self.reconcile(Self.blue("10.1.1.0/24"), world, by: "gw1")
            #expect(try Self.plan([:], world, by: "gw2") == Self.plan([:], world, by: "cmp1"))
            #expect(try Self.plan([:], world, by: "gw2").transactions.isEmpty)
            try world.bind("cr-lrp-62f4085d-9bca-4bc1-9880-f5b19f88c5a1", to: "gw2")
            #expect(try Self.plan([:], world, by: "gw1").transactions.isEmpty)
            let taken = try Self.reconcile(Self.blue("10.1.1.0/24"), world, by: "gw2").transactions.flatMap(\.steps)
            let set = try #require(try world.northboundView().addressSets.first)
            #expect(taken == [.keepSet(set.uuid, name: set.name, keeper: "gw2")])
            #expect(try Self.reconcile(Self.blue("10.1.2.0/24"), world, by: "gw2").transactions.flatMap(\.steps).count == 1)
            try world.unbind("cr-lrp-62f4085d-9bca-4bc1-9880-f5b19f88c5a1")
            #expect(try Self.plan([:], world, by: "gw2").transactions.isEmpty)
        }
    }

    @Test("what belonged to a router that exists no more is removed by any node, unless somebody else uses it")
    func orphans() throws {
        try World.with(.neutron) { world in
            _ = try Self.reconcile(Self.blue("10.1.1.0/24"), world)
            let set = try #require(try world.northboundView().addressSets.first)
            let redRule = try #require(try world.router(redID)?.natRules.first)
            try world.nb("set NAT \(redRule.uuid) exempted_ext_ips=\(set.uuid)", "lr-del neutron-\(blueID)")
            let held = try Self.reconcile([:], world, by: "cmp1")
            #expect(held.problems.map(\.cause) == [.referredToByOthers(set: set.name, nat: redRule.uuid)])
            try world.nb("clear NAT \(redRule.uuid) exempted_ext_ips")
            #expect(try Self.reconcile([:], world, by: "cmp1").transactions.flatMap(\.steps) == [.deleteSet(set.uuid, name: set.name)])
        }
    }

    @Test("a learned default route exempts nothing, and a distributed floating IP is not exempted: its packets never come to the gateway")
    func warnings() throws {
        try World.with(.neutron, northd: true) { world in
            let floating = try #require(Self.blueFloating)
            _ = try Self.reconcile(Self.blue("10.1.1.0/24"), world)
            func exempted() throws -> OVSDBUUID? { try world.router(blueID)?.natRules.first { $0.uuid == floating }?.exempted }
            #expect(try exempted() != nil)
            // It becomes a distributed one: what was exempted is restored.
            try world.nb("set NAT \(floating) external_mac='\"fa:16:3e:1d:28:18\"'")
            let plan = try Self.reconcile(Self.blue("0.0.0.0/0", "10.1.1.0/24"), world)
            #expect(try world.northboundView().addressSets.map(\.addresses) == [["10.1.1.0/24"]])
            #expect(try exempted() == nil)
            let everything = IPPrefix(containing: .v4(IPv4Address(bits: 0)), length: 0)
            #expect(plan.problems.map(\.cause) == [.exemptsEverything(everything)])
            // Why: OVN's redirection to the gateway knows no exemption.
            let redirect = try Self.flows(world, stage: "lr_in_gw_redirect")
            #expect(redirect.contains { $0.contains("ip4.src == 10.0.1.95") && !$0.contains("$") })
        }
    }

    @Test("sets say whose agent keeps them; where the gateway port is with nobody who does, another empties or removes them")
    func deputy() throws {
        try World.with(.neutron, northd: true) { world in
            let desired = Self.blue("10.1.1.0/24")
            _ = try Self.reconcile(desired, world)
            #expect(try world.northboundView().addressSets.map(\.keeper) == ["gw1"])
            #expect(try Self.plan([:], world, by: "gw2").deputed.isEmpty, "its keeper has the gateway port")
            let port = try #require(try world.router(blueID)?.gateways.first?.logicalPort)
            try world.bind("cr-\(port)", to: "cmp1")
            func plan(_ desired: [String: RouterExemption], federated: Set<String>, by chassis: String) throws -> ExemptionPlan {
                ExemptionPlan(
                    desired: desired, federated: federated, cloud: try world.view(), northbound: try world.northboundView(),
                    chassis: chassis)
            }
            let set = try #require(try world.northboundView().addressSets.first)
            let emptied = try plan([:], federated: [blueID], by: "gw1")
            #expect(emptied.transactions.isEmpty && emptied.ownDeputed == [blueID])
            #expect(emptied.deputed.flatMap(\.steps) == [.changeSet(set.uuid, name: set.name, insert: [], delete: ["10.1.1.0/24"])])
            let other = try plan([:], federated: [blueID], by: "gw2")
            #expect(other.deputed == emptied.deputed && other.ownDeputed.isEmpty)
            let removed = try plan([:], federated: [], by: "gw2")
            for transaction in removed.deputed { try world.northbound.write([transaction]) }
            #expect(try world.northboundView().addressSets.isEmpty)
            #expect(try world.router(blueID)?.natRules.allSatisfy { $0.exempted == nil } == true)
            // Who has the port and an agent takes over.
            _ = try Self.reconcile(desired, world, by: "cmp1")
            #expect(try world.northboundView().addressSets.map(\.keeper) == ["cmp1"])
            try world.bind("cr-\(port)", to: "gw1")
            #expect(try Self.reconcile(desired, world).transactions.flatMap(\.steps).count == 1)
            #expect(try world.northboundView().addressSets.map(\.keeper) == ["gw1"])
        }
    }

    @Test("what is left alone is read from the rows, by any node")
    func untranslated() throws {
        try World.with(.neutron, northd: true) { world in
            let desired = Self.blue("10.1.1.0/24", "10.1.2.0/24", "fd10:2::/64")
            #expect(try Self.plan(desired, world, by: "gw2").untranslated[blueID] == Self.prefixes("fd10:2::/64"))
            _ = try Self.reconcile(desired, world)
            #expect(try Self.plan(desired, world, by: "gw2").untranslated[blueID] == desired[blueID]?.prefixes)
            let set = try #require(try world.northboundView().addressSets.first { $0.name == Self.blueSet })
            try world.nb("remove Address_Set \(set.uuid) addresses 10.1.2.0/24")
            #expect(try Self.plan(desired, world, by: "gw2").untranslated[blueID] == Self.prefixes("10.1.1.0/24", "fd10:2::/64"))
            try world.nb("clear NAT \(try #require(Self.blueFloating)) exempted_ext_ips")
            #expect(try Self.plan(desired, world, by: "gw2").untranslated[blueID] == Self.prefixes("fd10:2::/64"))
        }
    }

    @Test("names of sets are names that OVN takes")
    func setNames() {
        #expect(ExemptionPlan.setName(router: "lr-0 é.x", family: .ipv6) == "ovn_federation_lr_0__.x_ip6")
    }
}
