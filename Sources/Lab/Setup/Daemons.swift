import Foundation
import Glibc

/// Starts the programs of OVS, OVN, FRR and the product in the lab's hosts.
package struct Daemons: Sendable {
    package let layout: Layout
    /// Agents write down what they see and decide.
    package let recordsAgents: Bool

    package init(_ layout: Layout, recordsAgents: Bool = false) {
        self.layout = layout
        self.recordsAgents = recordsAgents
    }

    // MARK: OVSDB, OVS, OVN

    /// Empty databases are made once and copied: copying is a fraction of starting ovsdb-tool.
    package func makeTemplates() async throws {
        try FileManager.default.createDirectory(atPath: layout.run, withIntermediateDirectories: true)
        for (name, schema) in [
            ("conf", "/usr/share/openvswitch/vswitch.ovsschema"), ("nb", "/usr/share/ovn/ovn-nb.ovsschema"),
            ("sb", "/usr/share/ovn/ovn-sb.ovsschema"),
        ] {
            try await Command(["ovsdb-tool", "create", "\(layout.run)/\(name).db", schema]).succeed()
        }
    }

    private func common(_ host: Host, _ folder: String, _ name: String) -> [String] {
        [
            "--pidfile=\(folder)/\(name).pid", "--unixctl=\(folder)/\(name).ctl", "--log-file=\(layout.log(host, name))", "-vconsole:off",
            "--detach",
            "--no-chdir",
        ]
    }

    /// Starts a database server; the database is made from its template where there is none yet.
    private func serve(_ host: Host, _ template: String, in folder: String, socket: String, name: String, remotes: [String]) async throws {
        let file = "\(folder)/\(template).db"
        if !FileManager.default.fileExists(atPath: file) {
            try FileManager.default.copyItem(atPath: "\(layout.run)/\(template).db", toPath: file)
        }
        try await Command(
            ["ovsdb-server", file, "--remote=punix:\(folder)/\(socket)"] + remotes.map { "--remote=\($0)" }
                + common(host, folder, name), in: host.namespace, environment: layout.environment(host)
        ).succeed()
    }

    /// NB and SB with ovn-northd, on Unix sockets and TCP ports 6641 and 6642.
    package func startCentral(_ cloud: Scenario.Cloud) async throws {
        let host = Host.central(cloud.name)
        try await startNorthbound(host)
        // Else ovn-northd makes the one row that there must be.
        if cloud.northbound == .lab { _ = try await layout.northbound(cloud.name).transact(NorthboundContents.operations(for: cloud)) }
        try await startSouthbound(host)
        try await startNorthd(host)
    }

    func startNorthbound(_ host: Host) async throws {
        try await serve(host, "nb", in: layout.ovn(host), socket: "nb.sock", name: "ovsdb-nb", remotes: ["ptcp:6641"])
    }

    func startSouthbound(_ host: Host) async throws {
        try await serve(host, "sb", in: layout.ovn(host), socket: "sb.sock", name: "ovsdb-sb", remotes: ["ptcp:6642"])
    }

    func startNorthd(_ host: Host) async throws {
        let folder = layout.ovn(host)
        try await Command(
            ["ovn-northd", "--ovnnb-db=unix:\(folder)/nb.sock", "--ovnsb-db=unix:\(folder)/sb.sock"] + common(host, folder, "ovn-northd"),
            in: host.namespace, environment: layout.environment(host)
        ).succeed()
    }

    /// ovsdb-server with the node's configuration, then ovs-vswitchd.
    package func startSwitch(_ host: Host, configuration: [JSON]) async throws {
        try await startSwitchDatabase(host)
        _ = try await layout.switchDatabase(host).transact(configuration)
        try await startVSwitchd(host)
    }

    func startSwitchDatabase(_ host: Host) async throws {
        try await serve(host, "conf", in: layout.ovs(host), socket: "db.sock", name: "ovsdb-server", remotes: [])
    }

    func startVSwitchd(_ host: Host) async throws {
        let folder = layout.ovs(host)
        // Its control socket is where ovs-appctl looks for it.
        let options = common(host, folder, "ovs-vswitchd").filter { !$0.hasPrefix("--unixctl") }
        try await Command(
            ["ovs-vswitchd", "unix:\(folder)/db.sock"] + options, in: host.namespace,
            environment: layout.environment(host)
        ).succeed()
    }

    package func startController(_ host: Host) async throws {
        // ovn-controller of 23.03 has no --unixctl of its own choice.
        let options = common(host, layout.ovn(host), "ovn-controller").filter { !$0.hasPrefix("--unixctl") }
        try await Command(
            ["ovn-controller", "unix:\(layout.ovs(host))/db.sock"] + options, in: host.namespace, environment: layout.environment(host)
        ).succeed()
    }

    // MARK: FRR

    /// zebra, staticd and bgpd with sockets in the host's own directory; configuration is bgpd's alone.
    package func startRouting(_ host: Host, configuration: String) async throws {
        let folder = layout.frr(host)
        try configuration.write(toFile: "\(folder)/bgpd.conf", atomically: false, encoding: .utf8)
        for daemon in ["zebra", "staticd", "vtysh"] where !FileManager.default.fileExists(atPath: "\(folder)/\(daemon).conf") {
            try "hostname \(host.label)\n".write(toFile: "\(folder)/\(daemon).conf", atomically: false, encoding: .utf8)
        }
        for daemon in ["zebra", "staticd", "bgpd"] { try await startRoutingDaemon(daemon, host) }
    }

    package func startRoutingDaemon(_ daemon: String, _ host: Host) async throws {
        let folder = layout.frr(host)
        var command = [
            "/usr/lib/frr/\(daemon)", "-d", "-f", "\(folder)/\(daemon).conf", "-i", "\(folder)/\(daemon).pid", "-z", "\(folder)/zserv.api",
            "--vty_socket", folder, "-A", "127.0.0.1", "-P", "0", "--log", "file:\(layout.log(host, daemon))", "--log-level",
            "informational",
        ]
        if daemon == "zebra" { command += ["-s", "90000000"] }
        try await Command(command, in: host.namespace).succeed()
    }

    // MARK: The product

    package var coordinator: Daemon { Daemon(pidFile: "\(layout.run)/coordinator.pid") }
    /// Where an agent records, if it does.
    package func recording(_ host: Host) -> String { "\(layout.logs)/\(host.label)/agent.recording" }
    package func agent(_ host: Host) -> Daemon { Daemon(pidFile: "\(layout.run(host))/agent.pid") }

    package func startCoordinator() async throws {
        let certificates = layout.certificates
        try FileManager.default.createDirectory(atPath: "\(layout.run)/coordinator", withIntermediateDirectories: true)
        var command = [
            ProductBinary.path("fed-coordinator"), "--listen", "\(AddressPlan.coordinator):\(AddressPlan.coordinatorPort)", "--database",
            "\(layout.run)/coordinator/coordinator.db", "--certificate", "\(certificates)/coordinator.pem", "--key",
            "\(certificates)/coordinator.key", "--trust-roots", "\(certificates)/ca.pem",
        ]
        if FileManager.default.fileExists(atPath: "\(certificates)/crl.pem") {
            command += ["--revocation-list", "\(certificates)/crl.pem"]
        }
        try await coordinator.start(command, in: Host.management.namespace, log: layout.log(.management, "coordinator"))
    }

    package func startAgent(_ cloud: Scenario.Cloud, _ gateway: Scenario.Gateway, central: String) async throws {
        let host = Host.node(cloud.name, gateway.name)
        let identity = "\(layout.certificates)/\(cloud.name).\(gateway.name)"
        var command = [
            ProductBinary.path("fed-agent"), "--coordinator", "\(AddressPlan.coordinator):\(AddressPlan.coordinatorPort)", "--certificate",
            "\(identity).pem", "--key", "\(identity).key", "--trust-roots", "\(layout.certificates)/ca.pem", "--state-directory",
            "\(layout.run(host))/agent", "--ovs", "unix:\(layout.ovs(host))/db.sock", "--northbound", "tcp:\(central):6641", "--southbound",
            "tcp:\(central):6642", "--frr-directory", layout.frr(host), "--ovs-run-directory", layout.ovs(host), "--runtime-directory",
            "\(layout.run(host))/agent",
        ]
        if FileManager.default.fileExists(atPath: "\(layout.certificates)/crl.pem") {
            command += ["--revocation-list", "\(layout.certificates)/crl.pem"]
        }
        if recordsAgents { command += ["--record", recording(host)] }
        // Written by a stage; there at the next start.
        let passwords = "\(layout.run(host))/bgp-passwords"
        if FileManager.default.fileExists(atPath: passwords) { command += ["--bgp-passwords", passwords] }
        try FileManager.default.createDirectory(atPath: "\(layout.run(host))/agent", withIntermediateDirectories: true)
        try await agent(host).start(command, in: host.namespace, environment: layout.environment(host), log: layout.log(host, "agent"))
    }

    /// A fedctl command, run where an admin of the federation would: in the management network.
    package func fedctl(_ arguments: [String], limit: Duration = .seconds(30)) -> Command {
        Command(
            [ProductBinary.path("fedctl")] + arguments, in: Host.management.namespace, environment: layout.environment(.management),
            limit: limit)
    }

    // MARK: All

    /// A daemon of a host, running or not.
    package func process(_ kind: DaemonKind, _ host: Host) -> Daemon {
        switch kind {
        case .coordinator: coordinator
        case .agent: agent(host)
        case .zebra, .staticd, .bgpd: Daemon(pidFile: "\(layout.frr(host))/\(kind.rawValue).pid")
        case .database, .vswitchd: Daemon(pidFile: "\(layout.ovs(host))/\(kind.rawValue).pid")
        case .controller, .northbound, .southbound, .northd: Daemon(pidFile: "\(layout.ovn(host))/\(kind.rawValue).pid")
        }
    }

    /// Everything that the lab has running, what depends on others first.
    package func all() -> [Daemon] {
        let files = FileManager.default.enumerator(atPath: layout.run)?.compactMap { $0 as? String }.filter { $0.hasSuffix(".pid") } ?? []
        func rank(_ path: String) -> Int {
            let order = [
                "agent.pid", "coordinator.pid", "ovn-controller.pid", "bgpd.pid", "staticd.pid", "zebra.pid", "ovn-northd.pid",
                "ovs-vswitchd.pid",
            ]
            return order.firstIndex { path.hasSuffix($0) } ?? order.count
        }
        return files.sorted { (rank($0), $0) < (rank($1), $1) }.map { Daemon(pidFile: "\(layout.run)/\($0)") }
    }
}
