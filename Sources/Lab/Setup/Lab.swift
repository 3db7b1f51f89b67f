import Foundation
import Glibc

/// A lab of a scenario on this machine (or in this guest): raises it, and takes it down.
package struct Lab: Sendable {
    package let scenario: Scenario
    package let layout: Layout
    package let journal: Journal
    package let daemons: Daemons
    package let plan: AddressPlan

    package init(_ scenario: Scenario, layout: Layout, journal: Journal, recordsAgents: Bool = false) {
        self.scenario = scenario
        self.layout = layout
        self.journal = journal
        daemons = Daemons(layout, recordsAgents: recordsAgents)
        plan = AddressPlan(scenario)
    }

    /// Raises all of it. Returns false if a stage failed; what stands then stays, to be looked at.
    package func up() async -> Bool {
        await down()
        let datapath: SwitchDatapath
        do {
            datapath = try SwitchDatapath.probe()
        } catch {
            return await journal.stage("Open vSwitch's datapath", log: layout.console, { throw error })
        }
        guard
            await journal.stage("network namespaces and links", log: layout.console, { "\(try await raiseNetwork(datapath)), \(datapath)" })
        else { return false }
        async let product = preparePKI()
        let clouds = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await journal.stage("spine", log: layout.log(.spine, "bgpd"), { try await raiseSpine() }) }
            for cloud in scenario.clouds {
                group.addTask {
                    await journal.stage(
                        "cloud \(cloud.name)", log: layout.log(.central(cloud.name), "ovn-northd"), { try await raise(cloud, datapath) })
                }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        guard await product, clouds else { return false }
        var inside = true
        // Where a Neutron is awaited, there is nothing inside yet.
        if scenario.clouds.contains(where: { $0.northbound == .lab }) {
            inside = await journal.stage(
                "inside each cloud: pings between its VMs, SNAT to the Internet", log: "\(layout.logs)/*/ovn-controller.log",
                { try await waitForClouds() })
        }
        let underlay = await journal.stage(
            "underlay: gateways reach each other's VTEP", log: layout.log(.spine, "bgpd"), { try await waitForUnderlay() })
        guard inside, underlay else { return false }
        guard ProductBinary.missing.isEmpty else {
            journal.line("note            no \(ProductBinary.missing.joined(separator: ", ")) next to fedlab: the clouds stay unfederated")
            return false
        }
        return await journal.stage(
            "coordinator, agents and the federation file", log: layout.log(.management, "coordinator"), { try await federate() })
    }

    /// Takes down what a lab of this name left behind, and nothing else.
    package func down() async {
        let namespaces = scenario.hosts.map(\.namespace)
        let inodes = Set(namespaces.compactMap(\.inode))
        for daemon in daemons.all() { await daemon.stop() }
        // Without names nobody enters any more; then the rest goes: commands of `exec`, and what an interrupted `up` was starting.
        for namespace in namespaces where namespace.inode != nil {
            _ = try? await Command(["ip", "netns", "delete", namespace.name]).run()
        }
        for _ in 0..<3 where !inodes.isEmpty {
            let rest = NetworkNamespace.processes(in: inodes)
            for process in rest { kill(process, SIGKILL) }
            if rest.isEmpty { break }
            try? await Task.sleep(for: .milliseconds(100))
        }
        if scenario.outside != nil, !Platform.isGuest { await outside.end() }
        try? FileManager.default.removeItem(atPath: layout.run)
    }

    private var outside: Outside { Outside(layout.name) }

    // MARK: Stages

    private func raiseNetwork(_ datapath: SwitchDatapath) async throws -> String {
        for host in scenario.hosts { try layout.prepare(host) }
        try layout.writeTools()
        async let templates: Void = daemons.makeTemplates()
        let inGuest = Platform.isGuest
        if scenario.outside != nil, !inGuest { try await outside.raise(forGuest: false) }
        let wiring = Wiring(scenario, inGuest: inGuest)
        try await batch(wiring.outer, in: nil)
        for host in scenario.hosts {
            let isRouter =
                host == .spine || scenario.clouds.contains { cloud in cloud.gateways.contains { Host.node(cloud.name, $0.name) == host } }
            // What ovs-vswitchd itself forwards has no checksum yet where the sender leaves that to its device.
            let interfaces = datapath == .userSpace ? machineInterfaces(host) : []
            try await host.namespace.perform { try configureKernel(isRouter: isRouter, withoutOffload: interfaces) }
            try await batch(wiring.inner[host] ?? [], in: host.namespace)
        }
        try await templates
        return "\(scenario.hosts.count) namespaces"
    }

    private func machineInterfaces(_ host: Host) -> [String] {
        let isMachine = scenario.clouds.contains { cloud in cloud.machines.contains { Host.node(cloud.name, $0.name) == host } }
        return isMachine ? ["eth0"] : []
    }

    private func batch(_ lines: [String], in namespace: NetworkNamespace?) async throws {
        try await Command(["ip", "-batch", "-"], in: namespace, input: lines.joined(separator: "\n") + "\n").succeed()
    }

    private func raiseSpine() async throws -> String {
        try await daemons.startRouting(.spine, configuration: RoutingConfiguration(scenario).spine)
        return ""
    }

    private func raise(_ cloud: Scenario.Cloud, _ datapath: SwitchDatapath) async throws -> String {
        try await daemons.startCentral(cloud)
        if datapath == .kernel { try await waitForUptime(SwitchDatapath.leastUptime) }
        for node in cloud.nodes {
            let host = Host.node(cloud.name, node)
            let configuration = SwitchConfiguration.operations(for: node, of: cloud, plan: plan, datapath: datapath)
            try await daemons.startSwitch(host, configuration: configuration)
            if cloud.nodes.count > 1 { try await connectFabric(host, address: plan.tunnel(cloud, node)) }
            try await daemons.startController(host)
            if let gateway = cloud.gateways.first(where: { $0.name == node }) {
                try await daemons.startRouting(host, configuration: RoutingConfiguration(scenario).gateway(cloud, gateway))
            }
        }
        return "\(cloud.nodes.count) node\(cloud.nodes.count == 1 ? "" : "s"), \(cloud.machines.count) VMs"
    }

    /// A user-mode kernel has just booted when it comes to this.
    private func waitForUptime(_ seconds: Int) async throws {
        try await eventually(within: .seconds(seconds + 5), "uptime of \(seconds) s") {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return time.tv_sec >= seconds
        }
    }

    /// The tunnel address goes onto the internal port of br-fabric, as soon as ovs-vswitchd has made it.
    func connectFabric(_ host: Host, address: String) async throws {
        try await eventually(within: .seconds(20), "br-fabric of \(host)") {
            try await host.namespace.perform { if_nametoindex("br-fabric") > 0 }
        }
        try await batch(
            ["address replace \(address)/24 dev br-fabric", "link set br-fabric mtu 1600", "link set br-fabric up"], in: host.namespace)
    }

    /// Certificates need no network: they are made while the clouds come up.
    private func preparePKI() async -> Bool {
        guard ProductBinary.missing.isEmpty else { return true }
        do {
            try? FileManager.default.removeItem(atPath: layout.certificates)
            let federation = try FederationFile.read(layout.federationFile).name
            try await daemons.fedctl(["pki", "init", "--federation", federation, "--certs", layout.certificates]).succeed()
            try await daemons.fedctl(
                [
                    "pki", "issue", "coordinator", "--address", AddressPlan.coordinator, "--address", "localhost", "--certs",
                    layout.certificates,
                ]
            ).succeed()
            try await daemons.fedctl(["pki", "issue", "admin", "--certs", layout.certificates]).succeed()
            for cloud in scenario.clouds where cloud.isFederated {
                for gateway in cloud.gateways {
                    try await daemons.fedctl(["pki", "issue", "gateway", "\(cloud.name)/\(gateway.name)", "--certs", layout.certificates])
                        .succeed()
                }
            }
            return true
        } catch {
            return await journal.stage("certificates", log: layout.certificates, { throw error })
        }
    }

    private func federate() async throws -> String {
        try await daemons.startCoordinator()
        for cloud in scenario.clouds where cloud.isFederated {
            guard let central = plan.management(.central(cloud.name)) else { continue }
            for gateway in cloud.gateways { try await daemons.startAgent(cloud, gateway, central: central) }
        }
        var said = ""
        do {
            try await eventually(within: .seconds(20), "answer of the coordinator") {
                let result = try await daemons.fedctl(["get", "clouds"]).run()
                said = result.text
                return result.succeeded
            }
        } catch {
            throw LabError("\(error): \(said)")
        }
        return try await daemons.fedctl(["apply", "-f", layout.federationFile]).succeed()
            .split(separator: "\n").last.map(String.init) ?? ""
    }
}

/// The sysctls of a namespace, for the thread that is in it.
private func configureKernel(isRouter: Bool, withoutOffload: [String]) throws {
    func set(_ path: String, _ value: String) throws {
        try value.write(toFile: "/proc/sys/net/\(path)", atomically: false, encoding: .utf8)
    }
    if isRouter {
        try set("ipv4/ip_forward", "1")
        try set("ipv6/conf/all/forwarding", "1")
    }
    for interfaces in ["all", "default"] {
        try set("ipv4/conf/\(interfaces)/rp_filter", "0")
        try set("ipv6/conf/\(interfaces)/accept_ra", "0")
    }
    try set("ipv6/conf/default/accept_dad", "0")
    for interface in withoutOffload { try turnOffTransmitChecksums(of: interface) }
}

/// Asks again and again until the answer is yes; an error where the time is over first.
package func eventually(
    within limit: Duration, every pause: Duration = .milliseconds(100), _ what: String, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while true {
        if try await condition() { return }
        guard ContinuousClock.now < end else { throw LabError("no \(what) within \(limit.components.seconds) s") }
        try await Task.sleep(for: pause)
    }
}
