import Foundation
import OVN

/// A node's Open vSwitch in a directory of its own: the database, and where wanted ovs-vswitchd with its dummy datapath,
/// which needs neither kernel module nor privileges, and ovn-controller.
final class NodeSwitch {
    let directory: String
    let database: Database
    private var daemons: [Daemon]

    static func with<T>(_ body: (NodeSwitch) throws -> T) throws -> T {
        let directory = "/tmp/ovn-tests-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let node = try NodeSwitch(directory)
        defer { for daemon in node.daemons.reversed() { daemon.stop() } }
        try node.vsctl("--no-wait", "init")
        return try body(node)
    }

    private init(_ directory: String) throws {
        self.directory = directory
        database = try Database(name: "Open_vSwitch", directory: directory, schema: "/usr/share/openvswitch/vswitch.ovsschema")
        daemons = [database.daemon]
    }

    private var environment: [String: String] { ["OVS_RUNDIR": directory, "OVN_RUNDIR": directory] }

    func startSwitch() throws {
        daemons.append(
            try Tool.start(
                ["ovs-vswitchd", database.remote, "--enable-dummy=system", "--disable-system", "--unixctl=\(directory)/vswitchd.ctl"],
                environment: environment, log: "\(directory)/vswitchd.log"))
    }

    func startController() throws {
        daemons.append(try Tool.start(["ovn-controller", database.remote], environment: environment, log: "\(directory)/controller.log"))
    }

    @discardableResult
    func vsctl(_ arguments: String...) throws -> String {
        try Tool.run(["ovs-vsctl", "--db=\(database.remote)", "--timeout=20"] + arguments, environment: environment)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func view() throws -> LocalSwitchView { LocalSwitchView(try database.replica(OVNMonitor.localSwitch)) }
}
