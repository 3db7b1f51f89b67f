import Foundation
import NetworkTypes
import Testing

@testable import Lab

@Suite("Scenario files")
struct ScenarioParserTests {
    /// The repository's own scenarios, found from this file.
    static func shipped(_ name: String) throws -> Scenario {
        let topologies = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("topologies/\(name)")
        let text = try String(contentsOf: topologies.appendingPathComponent("lab.yaml"), encoding: .utf8)
        let scenario = try ScenarioParser.parse(text, name: name, file: "lab.yaml")
        let federation = try FederationFile.read(topologies.appendingPathComponent("federation.yaml").path)
        #expect(federation.contradictions(to: scenario) == [])
        return scenario
    }

    static let small = """
        spine: {as: 4200009999, address: 10.255.0.254}
        clouds:
          paris:
            number: 1
            as: 65001
            gateways:
              gw1: {vtep: 10.255.1.1}
            routers:
              r: {project: blue}
            networks:
              n: {router: r, subnets: [10.1.0.0/24]}
            machines:
              vm: {network: n, on: gw1, addresses: [10.1.0.11]}
        stages:
          - stage: all is well
            verify: {expect: ok, within: 5s}

        """

    static func problems(_ text: String) -> [String] {
        do {
            _ = try ScenarioParser.parse(text, name: "x", file: "lab.yaml")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("the shipped scenarios are read, and agree with their federation files", arguments: ["two-clouds", "two-clouds-ha"])
    func shippedScenarios(name: String) throws {
        let scenario = try Self.shipped(name)
        #expect(scenario.clouds.map(\.name) == ["paris", "tokyo"])
        #expect(!scenario.stages.isEmpty)
        #expect(scenario.clouds.allSatisfy { cloud in cloud.routers.allSatisfy(\.snat) })
    }

    @Test(
        "so are those of the policies, with the federation files that their stages apply",
        arguments: ["three-clouds", "hub-and-spoke", "extranet", "overlapping-tenants", "brownfield", "static-underlay"])
    func policyScenarios(name: String) throws {
        let scenario = try Self.shipped(name)
        #expect(!scenario.stages.isEmpty)
        for case .fedctl(let step) in scenario.stages.flatMap(\.steps) {
            for path in step.arguments where path.hasSuffix(".yaml") {
                let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../\(path)").standardizedFileURL
                #expect(try FederationFile.read(file.path).contradictions(to: scenario) == [])
            }
        }
    }

    @Test("groups of machines: a tenant, a tenant in one cloud, one machine; pairs are of different routers")
    func groups() throws {
        let scenario = try Self.shipped("extranet")
        func group(_ text: String) throws -> MachineGroup { try #require(MachineGroup(text, in: scenario)) }
        #expect(try scenario.machines(in: group("red")).map { "\($0.cloud.name)/\($0.machine.name)" } == ["paris/red-1", "tokyo/red-1"])
        #expect(try scenario.machines(in: group("red@tokyo")).map(\.cloud.name) == ["tokyo"])
        #expect(try scenario.machines(in: group("paris/dns-1")).map(\.machine.name) == ["dns-1"])
        #expect(MachineGroup("nobody", in: scenario) == nil && MachineGroup("red@mars", in: scenario) == nil)
        #expect(try scenario.pairs(from: group("paris/dns-1"), to: [group("services@paris")]).isEmpty)
        #expect(try scenario.pairs(from: group("paris/red-1"), to: [group("paris/dns-1"), group("services@paris")]).count == 6)
    }

    @Test("a stage about machines that are not there, or behind one router, is refused with what may be written")
    func badGroups() {
        func problems(_ stage: String) -> [String] { Self.problems(Self.small + "  - stage: s\n    \(stage)\n") }
        #expect(problems("reaches: {from: green, to: [blue]}").contains { $0.contains("PROJECT@CLOUD") })
        #expect(problems("unreachable: {from: blue, to: [paris/vm]}").contains { $0.contains("different routers") })
    }

    @Test("two-clouds has two tenants with the same addresses inside each cloud")
    func overlap() throws {
        let scenario = try Self.shipped("two-clouds")
        for cloud in scenario.clouds {
            let blue = cloud.machines.filter { cloud.project(of: $0) == "blue" }.flatMap(\.addresses)
            let red = cloud.machines.filter { cloud.project(of: $0) == "red" }.flatMap(\.addresses)
            #expect(!Set(blue).isDisjoint(with: red))
            #expect(Set(red).subtracting(blue).count == 2)
        }
    }

    @Test("defaults: SNAT on, all gateways may host a router, 20 pings every 100 ms")
    func defaults() throws {
        let text =
            Self.small + "  - stage: p\n    pings: {among: blue}\n  - stage: s\n    verify: {expect: failed, within: 9s, settled: 3s}\n"
        let scenario = try ScenarioParser.parse(text, name: "x", file: "lab.yaml")
        #expect(scenario.clouds[0].routers == [.init(name: "r", project: "blue", snat: true, gateways: ["gw1"])])
        #expect(scenario.stages[1].steps == [.pings(.init(among: "blue", count: 20, interval: 100))])
        #expect(scenario.stages[0].steps == [.verify(.init(expect: .ok, within: 5, mentions: [], show: false))])
        #expect(scenario.stages[2].steps == [.verify(.init(expect: .failed, within: 9, mentions: [], settled: 3, show: false))])
    }

    @Test("a cloud whose northbound a Neutron fills needs somebody outside who raises it")
    func outside() throws {
        let waiting = Self.small.replacing("as: 65001", with: "as: 65001\n    northbound: neutron")
        #expect(
            Self.problems(waiting) == [
                "lab.yaml:3:3: cloud paris waits for a Neutron, and nothing is outside; also write “outside: COMMAND”"
            ])
        let scenario = try ScenarioParser.parse("outside: make openstack\n" + waiting, name: "x", file: "lab.yaml")
        #expect(scenario.outside == "make openstack")
        #expect(scenario.clouds.map(\.northbound) == [.neutron])
        #expect(try Self.shipped("two-clouds").clouds.map(\.northbound) == [.lab, .lab])
        #expect(
            Self.problems(waiting.replacing("neutron", with: "nova")).first?.contains(
                "unknown writer of the northbound “nova”: write lab or neutron")
                == true)
    }

    @Test("openstack is read; its tenants use the same addresses, and both clouds wait for their Neutron")
    func openstack() throws {
        let scenario = try Self.shipped("openstack")
        #expect(scenario.outside == "make openstack")
        #expect(scenario.clouds.allSatisfy { $0.northbound == .neutron })
    }

    @Test("a problem names file, line and column")
    func positions() {
        #expect(
            Self.problems(Self.small.replacing("vtep: 10.255.1.1", with: "vtep: 10.255.1.256")).first?.hasPrefix(
                "lab.yaml:7:19: invalid IPv4 address 10.255.1.256") == true)
    }

    @Test("all problems are named at once")
    func allAtOnce() {
        let text = Self.small.replacing("number: 1", with: "number: 100").replacing("router: r,", with: "router: q,")
            .replacing("on: gw1", with: "on: gw9").replacing("10.1.0.11", with: "10.2.0.11")
        let problems = Self.problems(text)
        #expect(problems.count == 4)
        #expect(problems.map { Int($0.split(separator: ":")[1]) } == [4, 11, 13, 13])
    }

    @Test(
        "what is not known or not possible is refused",
        arguments: [
            ("project: blue", "project: blue, nat: true", "a router has no key `nat`"),
            ("within: 5s", "within: 5", "invalid time “5”: write it like 5s or 200ms"),
            ("expect: ok", "expect: fine", "write ok, failed, unknown or leaking"),
            ("verify: {expect: ok, within: 5s}", "isolated: {from: blue, to: red}", "unknown project “red”"),
            ("verify: {expect: ok, within: 5s}", "run: {on: berlin/gw1, command: ls}", "unknown host “berlin/gw1”"),
            ("verify: {expect: ok, within: 5s}", "kill: {victims: [sshd], pinging: blue}", "unknown process “sshd”"),
            ("verify: {expect: ok, within: 5s}", "stop: {victims: [bgpd], pinging: blue}", "unknown process “bgpd”"),
            (
                "verify: {expect: ok, within: 5s}", "freeze: {victims: [coordinator], restart-after: 2s, pinging: blue}",
                "no key `restart-after`"
            ),
            (
                "verify: {expect: ok, within: 5s}",
                "database: {cloud: paris, database: northbound, becomes: half-filled, pinging: blue}", "cannot become “half-filled”"
            ),
            ("verify: {expect: ok, within: 5s}", "save-database: {cloud: paris, database: local}", "unknown database “local”"),
            ("    as: 65001", "    as: 65001\n    provider-vlan: 4095", "must be 1–4094"),
            ("    verify: {expect: ok, within: 5s}\n", "", "needs one of verify"),
            ("  paris:", "  Paris:", "invalid name “Paris”"),
            ("spine: {", "spin: {", "a lab has no key `spin`"),
            ("vm: {", "central: {", "name central appears twice"),
            ("addresses: [10.1.0.11]", "addresses: 10.1.0.11", "addresses must be a list"),
            ("    as: 65001", "    as: 65001\n    underlay: ospf", "unknown underlay “ospf”: write bgp or static"),
            ("stages:", "stages: [", "invalid YAML"),
        ])
    func refusals(old: String, new: String, expected: String) {
        let problems = Self.problems(Self.small.replacing(old, with: new))
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }

    @Test("what breaks is a process of a host, all of FRR, a database or a command; steps may be done meanwhile")
    func outages() throws {
        func fault(_ text: String) throws -> Step.Outage {
            let file = Self.small.replacing("verify: {expect: ok, within: 5s}", with: text)
            let scenario = try ScenarioParser.parse(file, name: "x", file: "lab.yaml")
            guard case .outage(let outage)? = scenario.stages.first?.steps.first else { throw LabError("no outage") }
            return outage
        }
        let gateway = Host.node("paris", "gw1")
        #expect(
            try fault("stop: {victims: [ovn-controller paris/gw1, frr paris/gw1], pinging: blue}").fault
                == .stopped([.init(kinds: [.controller], host: gateway), .init(kinds: [.zebra, .staticd, .bgpd], host: gateway)]))
        #expect(
            try fault("kill: {victims: [coordinator], pinging: blue}").fault == .killed([.init(kinds: [.coordinator], host: .management)]))
        let wiped = try fault(
            "database: {cloud: paris, database: southbound, becomes: wiped, for: 7s, gap: 500ms, pinging: blue, meanwhile: [idle: {for: 3s}]}"
        )
        #expect(wiped.fault == .database(.init(cloud: "paris", name: .southbound), .wiped))
        #expect(wiped.after == 7 && wiped.gap == 500 && wiped.meanwhile == [.idle(seconds: 3)])
        #expect(
            try fault("harm: {on: paris/gw1, command: a, undo: b, pinging: blue}").fault == .command(on: "paris/gw1", "a", undo: "b"))
    }

    @Test("a federation file that contradicts the scenario is noticed")
    func contradictions() throws {
        let scenario = try ScenarioParser.parse(Self.small, name: "x", file: "lab.yaml")
        let file = try FederationFile(
            "federation: demo\nclouds:\n  paris:\n    as: 65002\n    gateways:\n      gw1: {vtep: 10.255.1.2}\n", path: "f.yaml")
        #expect(
            file.contradictions(to: scenario) == [
                "cloud paris has AS 65002 in federation.yaml, but 65001 in lab.yaml",
                "gateway paris/gw1 has VTEP 10.255.1.2 in federation.yaml, but 10.255.1.1 in lab.yaml",
            ])
    }
}
