import Foundation
import Glibc

/// Where a lab keeps its files.
package struct Layout: Sendable {
    /// Below it lie databases and sockets; never a disk, because hostfs has no sockets and a disk is slow.
    package static let root = "/run/fedlab"

    package let name: String
    /// The product's repository: `topologies/` and `out/` are there.
    package let repository: String

    package init(name: String, repository: String) {
        self.name = name
        self.repository = repository
    }

    package var topology: String { "\(repository)/topologies/\(name)" }
    package var scenarioFile: String { "\(topology)/lab.yaml" }
    package var federationFile: String { "\(topology)/federation.yaml" }
    /// What `fedlab faults` breaks.
    package var faultsFile: String { "\(topology)/faults.yaml" }

    /// What outlives the lab: logs, exit code, console, certificates.
    package var state: String { "\(repository)/out/lab/\(name)" }
    package var logs: String { "\(state)/logs" }
    package var certificates: String { "\(state)/certs" }
    package var progress: String { "\(state)/progress.log" }
    package var exitCode: String { "\(state)/rc" }
    package var console: String { "\(state)/console.log" }
    /// What the machine does beside a guest, for a benchmark in it.
    package var machineLoad: String { "\(state)/load.json" }
    /// What came of each fault.
    package var faultRows: String { "\(state)/faults.json" }
    package var spool: String { "\(state)/spool" }
    package var ready: String { "\(spool)/ready" }

    /// What lives as long as the lab.
    package var run: String { "\(Self.root)/\(name)" }
    package func run(_ host: Host) -> String { "\(run)/\(host.label)" }
    package func log(_ host: Host, _ daemon: String) -> String { "\(logs)/\(host.label)/\(daemon).log" }

    /// A host's Open vSwitch: run directory of ovs-vswitchd (`br-ex.mgmt` is there) and `db.sock`.
    package func ovs(_ host: Host) -> String { "\(run(host))/ovs" }
    package func ovn(_ host: Host) -> String { "\(run(host))/ovn" }
    package func frr(_ host: Host) -> String { "\(run(host))/frr" }

    package func switchDatabase(_ host: Host) -> Database { Database(socket: "\(ovs(host))/db.sock", name: "Open_vSwitch") }
    package func northbound(_ cloud: String) -> Database { Database(socket: "\(ovn(.central(cloud)))/nb.sock", name: "OVN_Northbound") }
    package func southbound(_ cloud: String) -> Database { Database(socket: "\(ovn(.central(cloud)))/sb.sock", name: "OVN_Southbound") }

    /// The environment in which the tools of OVS, OVN, FRR and the product find what belongs to a host, without options.
    package func environment(_ host: Host) -> [String: String] {
        let cloud = host.description.split(separator: "/").first.map(String.init) ?? ""
        let central = ovn(.central(cloud))
        return [
            "OVS_RUNDIR": ovs(host), "OVN_RUNDIR": ovn(host), "OVN_NB_DB": "unix:\(central)/nb.sock",
            "OVN_SB_DB": "unix:\(central)/sb.sock",
            "OVS_LOGDIR": "\(logs)/\(host.label)", "OVN_LOGDIR": "\(logs)/\(host.label)", "FEDLAB_VTY": frr(host),
            "FEDCTL_COORDINATOR": "\(AddressPlan.coordinator):\(AddressPlan.coordinatorPort)", "FEDCTL_CERTS": certificates,
            "FEDLAB_CONSOLE": "--runtime-directory \(run(host))/agent",
            "FEDLAB_NODE": [
                "--state-directory \(run(host))/agent", "--ovs unix:\(ovs(host))/db.sock", "--northbound unix:\(central)/nb.sock",
                "--southbound unix:\(central)/sb.sock", "--frr-directory \(frr(host))", "--ovs-run-directory \(ovs(host))",
            ].joined(separator: " "),
            "PATH": "\(run)/bin:\(ProductBinary.folder):\(Self.path)",
        ]
    }

    /// Where programs are looked for; FRR's daemons lie in a place of their own.
    package static let path = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr"

    /// A `vtysh` that speaks to the daemons of the host it is called in, and a `fed-agent` that asks the agent there.
    package func writeTools() throws {
        try FileManager.default.createDirectory(atPath: "\(run)/bin", withIntermediateDirectories: true)
        let script = "#!/bin/sh\nexec /usr/bin/vtysh --vty_socket \"$FEDLAB_VTY\" --config_dir \"$FEDLAB_VTY\" \"$@\"\n"
        try script.write(toFile: "\(run)/bin/vtysh", atomically: false, encoding: .utf8)
        chmod("\(run)/bin/vtysh", 0o755)
        let agent = """
            #!/bin/sh
            word=$1; shift
            case $word in
            status) set -- $FEDLAB_CONSOLE "$@";;
            check) set -- $FEDLAB_NODE "$@";;
            explain|cleanup) set -- $FEDLAB_NODE $FEDLAB_CONSOLE "$@";;
            esac
            exec \(ProductBinary.path("fed-agent")) "$word" "$@"

            """
        try agent.write(toFile: "\(run)/bin/fed-agent", atomically: false, encoding: .utf8)
        chmod("\(run)/bin/fed-agent", 0o755)
    }

    /// Makes the folders of a host; FRR's daemons give up root and must be able to write theirs.
    package func prepare(_ host: Host) throws {
        let files = FileManager.default
        for folder in [ovs(host), ovn(host), frr(host), "\(logs)/\(host.label)"] {
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        if let user = getpwnam("frr") { chown(frr(host), user.pointee.pw_uid, user.pointee.pw_gid) }
        for daemon in ["zebra", "staticd", "bgpd"] {
            // On hostfs a file that another user makes belongs to root all the same: it must exist and be open to all.
            let path = log(host, daemon)
            _ = files.createFile(atPath: path, contents: nil)
            chmod(path, 0o666)
        }
    }
}

/// Binaries of the product: beside fedlab's own.
package enum ProductBinary {
    /// fedlab's own file.
    package static var own: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    package static var folder: String { URL(fileURLWithPath: own).deletingLastPathComponent().path }
    package static func path(_ name: String) -> String { "\(folder)/\(name)" }

    package static var missing: [String] {
        ["fedctl", "fed-coordinator", "fed-agent"].filter { !FileManager.default.isExecutableFile(atPath: path($0)) }
    }
}
