import Agent
import Coordinator
import FederationAPI
import FederationFile
import Foundation
import GRPCCore
import Testing

@Suite("The systemd units, as they confine the real programs", .timeLimit(.minutes(2)), .serialized)
struct UnitTests {
    private static let root: Comment = "another user is taken on by root only"
    private static let nobody: UInt32 = 65534

    @Test(
        "fed-coordinator serves as another user without a capability, on a read-only system, with a root's 0600 key; and stops whole",
        .enabled(if: geteuid() == 0, root))
    func coordinator() async throws {
        try await withDirectory { directory in
            // The directory that stands for /etc/ovn-federation, as docs say that it is filled: all root's, the key 0600.
            let pki = try TestPKI(in: directory + "/certs")
            #expect(chmod(directory, 0o755) == 0)
            let etc = directory + "/etc", state = directory + "/state"
            try FileManager.default.createDirectory(atPath: etc, withIntermediateDirectories: false)
            for name in ["ca.pem", "crl.pem", "coordinator.pem", "coordinator.key"] {
                try FileManager.default.copyItem(atPath: "\(pki.directory)/\(name)", toPath: "\(etc)/\(name)")
            }
            let port = try freePort()
            let unit = try UnitSandbox("fed-coordinator.service")
            #expect(unit.one("CapabilityBoundingSet") == "" && unit.one("MemoryMax") == "2G")
            let process = try unit.start(
                at: UnitSandbox.Place(
                    configuration: etc, state: state, programs: Daemon.executable().deletingLastPathComponent().path,
                    environment: ["LISTEN": "127.0.0.1:\(port)"], user: Self.nobody), log: directory + "/log")
            defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
            @Sendable func log() -> String { (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? "" }
            #expect(try await eventually { log().contains("listening") || !process.isRunning }, "\(log())")
            try #require(process.isRunning, "\(log())")
            try await pki.withPatientAdmin(at: FederationAPI.Endpoint(host: "127.0.0.1", port: port)) { admin in
                #expect(try await admin.apply(ApplyOrder(text: federationFile())).revision == 1)
                // The list is read where it lies, as soon as it changes: no restart.
                _ = try pki.authority.issue(.gateway(gateway("paris/gw1")))
                _ = try pki.authority.revoke("\(pki.directory)/paris.gw1.pem")
                let list = try String(contentsOfFile: "\(pki.directory)/crl.pem", encoding: .utf8)
                try list.write(toFile: etc + "/crl.pem", atomically: true, encoding: .utf8)
                #expect(try await eventually { log().contains("credentials reloaded") })
                #expect(try await admin.backup { _ in }.size > 0)
            }
            let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
            for line in ["CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Uid:\t65534", "Umask:\t0077"] {
                #expect(status.contains(line), "\(line) in \(status)")
            }
            process.terminate()
            #expect(try await eventually { !process.isRunning })
            #expect(process.terminationStatus == 0, "\(log())")
            #expect(try Backup.contents(of: state + "/federation.db").revision == 1)
        }
    }

    /// A directory that stands for /etc/ovn-federation of a gateway.
    private func gatewayConfiguration(_ pki: TestPKI, in directory: String) throws -> String {
        let etc = directory + "/etc"
        _ = try pki.authority.issue(.gateway(gateway("paris/gw1")))
        try FileManager.default.createDirectory(atPath: etc, withIntermediateDirectories: false)
        for (name, file) in [
            ("ca.pem", "ca.pem"), ("crl.pem", "crl.pem"), ("paris.gw1.pem", "gateway.pem"), ("paris.gw1.key", "gateway.key"),
        ] {
            try FileManager.default.copyItem(atPath: "\(pki.directory)/\(name)", toPath: "\(etc)/\(file)")
        }
        return etc
    }

    @Test(
        "fed-agent runs without root, with CAP_NET_ADMIN and nothing else, and answers root on its socket",
        .enabled(if: geteuid() == 0, root))
    func agent() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            #expect(chmod(directory, 0o755) == 0)
            let etc = try gatewayConfiguration(pki, in: directory), state = directory + "/state"
            let unit = try UnitSandbox("fed-agent.service")
            let programs = try Daemon.executable().deletingLastPathComponent().path
            let process = try unit.start(
                at: UnitSandbox.Place(
                    configuration: etc, state: state, programs: programs, environment: ["COORDINATOR": "127.0.0.1:1"], user: Self.nobody,
                    options: [
                        "--state-directory", state, "--ovs", "unix:\(directory)/none.sock", "--frr-directory", directory,
                        "--runtime-directory", "\(state)-run",
                    ], hasOwnNetwork: true),
                log: directory + "/log")
            defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
            @Sendable func log() -> String { (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? "" }
            #expect(try await eventually { log().contains("started") || !process.isRunning }, "\(log())")
            try #require(process.isRunning, "\(log())")
            let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
            // From then on SIGTERM stops it, and does not kill it.
            #expect(
                try await eventually {
                    let now = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
                    let sets = now.split(separator: "\n").filter { $0.hasPrefix("SigIgn:") || $0.hasPrefix("SigCgt:") }
                    return sets.contains { (UInt64($0.split(separator: "\t")[1], radix: 16) ?? 0) & 1 << 14 != 0 }
                })
            // CAP_NET_ADMIN is number 12.
            for line in ["CapEff:\t0000000000001000", "CapBnd:\t0000000000001000", "NoNewPrivs:\t1", "Umask:\t0077", "Uid:\t65534"] {
                #expect(status.contains(line), "\(line) in \(status)")
            }
            let console = ConsoleClient(directory: "\(state)-run")
            #expect(try await eventually { await console.isAgentRunning }, "\(log())")
            #expect(try await console.status().gateway == nil)
            process.terminate()
            #expect(try await eventually { !process.isRunning })
            #expect(process.terminationStatus == 0, "\(log())")
        }
    }

    @Test(
        "so confined it makes devices, sysctls and tables of nftables, and reaches Open vSwitch’s sockets through its group; without either it does not",
        .enabled(if: geteuid() == 0, root))
    func hands() async throws {
        try await withDirectory { directory in
            #expect(chmod(directory, 0o755) == 0)
            let pki = try TestPKI(in: directory + "/certs")
            let etc = try gatewayConfiguration(pki, in: directory), state = directory + "/state"
            // As ovs-sockets.conf starts it: root’s, with the agent’s group and its umask.
            let dropIn = try UnitSandbox("ovs-sockets.conf")
            #expect(dropIn.one("Group") == "ovn-federation" && dropIn.one("UMask") == "0007" && dropIn.one("User") == nil)
            func startDatabase(_ name: String, umask: String) async throws -> Process {
                let process = Process()
                process.executableURL = URL(filePath: "/bin/sh")
                process.arguments = [
                    "-ec",
                    """
                    umask \(umask)
                    ovsdb-tool create \(directory)/\(name).db /usr/share/openvswitch/vswitch.ovsschema
                    exec setpriv --regid \(Self.nobody) --clear-groups ovsdb-server \(directory)/\(name).db \
                      --remote=punix:\(directory)/\(name).sock --unixctl=\(directory)/\(name).ctl --log-file=\(directory)/\(name).log
                    """,
                ]
                try process.run()
                #expect(try await eventually { FileManager.default.fileExists(atPath: "\(directory)/\(name).sock") })
                return process
            }
            let open = try await startDatabase("open", umask: "0007"), closed = try await startDatabase("closed", umask: "0022")
            defer { for process in [open, closed] where process.isRunning { process.terminate() } }
            func probe(_ unit: UnitSandbox, _ script: String) throws -> (Int32, String) {
                let place = UnitSandbox.Place(
                    configuration: etc, state: state, programs: "/usr/bin", environment: [:], user: Self.nobody,
                    probe: ["/bin/sh", "-ec", script], hasOwnNetwork: true)
                let process = try unit.start(at: place, log: directory + "/log")
                process.waitUntilExit()
                return (process.terminationStatus, try String(contentsOfFile: directory + "/log", encoding: .utf8))
            }
            let unit = try UnitSandbox("fed-agent.service")
            let hands = """
                ip link add fedbr1 type bridge; echo 1 > /proc/sys/net/ipv4/conf/fedbr1/forwarding
                echo 0 > /proc/sys/net/ipv4/conf/fedbr1/rp_filter; nft add table inet ovn_federation; ip route show table all >/dev/null
                """
            let (done, said) = try probe(unit, hands)
            #expect(done == 0, "\(said)")
            #expect(try probe(unit.without("AmbientCapabilities"), hands).0 != 0)
            let ask = { (name: String) in "ovs-vsctl --timeout=5 --db=unix:\(directory)/\(name).sock --no-wait init" }
            let (reached, why) = try probe(unit, ask("open"))
            #expect(reached == 0, "\(why)")
            let (refused, reason) = try probe(unit, ask("closed"))
            #expect(refused != 0 && reason.contains("Permission denied"), "\(reason)")
            #expect(try probe(unit, "cat /etc/shadow").0 != 0)
        }
    }

    @Test(
        "so confined it reaches a socket of FRR’s, which is for the group frrvty, on a read-only system; without that group it does not",
        .enabled(if: geteuid() == 0 && getgrnam("frrvty") != nil, root))
    func vty() async throws {
        try await withDirectory { directory in
            #expect(chmod(directory, 0o755) == 0)
            let pki = try TestPKI(in: directory + "/certs")
            let etc = try gatewayConfiguration(pki, in: directory), state = directory + "/state"
            let socketPath = directory + "/bgpd.vty"
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath.utf8) }
            let isListening = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 && listen(descriptor, 8) == 0
                }
            }
            try #require(isListening)
            // As FRR makes them.
            #expect(
                chown(socketPath, getpwnam("frr").pointee.pw_uid, getgrnam("frrvty").pointee.gr_gid) == 0 && chmod(socketPath, 0o770) == 0)
            let place = UnitSandbox.Place(
                configuration: etc, state: state, programs: "/usr/bin", environment: [:], user: Self.nobody,
                probe: [
                    "/usr/bin/perl", "-MIO::Socket::UNIX", "-e",
                    "IO::Socket::UNIX->new(Peer => \"\(socketPath)\") or die $!; open(F, \">\(directory)/x\") and die \"system is writable\"",
                ])
            let unit = try UnitSandbox("fed-agent.service")
            for (unit, reaches) in [(unit, true), (unit.without("SupplementaryGroups"), false)] {
                let process = try unit.start(at: place, log: directory + "/log")
                process.waitUntilExit()
                let log = try String(contentsOfFile: directory + "/log", encoding: .utf8)
                #expect((process.terminationStatus == 0) == reaches, "\(log)")
                #expect(reaches || log.contains("Permission denied"), "\(log)")
            }
        }
    }

    @Test(
        "without LoadCredential= the service's user could not read the key: the test would see it", .enabled(if: geteuid() == 0, root))
    func control() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            #expect(chmod(directory, 0o755) == 0)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/setpriv")
            process.arguments = [
                "--reuid", "\(Self.nobody)", "--regid", "\(Self.nobody)", "--clear-groups", "cat", "\(pki.directory)/coordinator.key",
            ]
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus != 0)
        }
    }

    @Test(
        "systemd takes every line, and finds the exposure low",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")))
    func analyze() async throws {
        try await withDirectory { directory in
            let programs = try Daemon.executable().deletingLastPathComponent().path
            for (name, most) in [("fed-coordinator.service", 1.3), ("fed-agent.service", 2.2)] {
                let text = try String(contentsOf: UnitSandbox.folder.appending(path: name), encoding: .utf8)
                try text.replacing("/usr/bin/fed-", with: programs + "/fed-").write(
                    toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
                // Of other units that it names, systemd's own say the same on their own.
                let verified = try Self.run(["verify", "--man=no", "--recursive-errors=no", "\(directory)/\(name)"])
                #expect(verified.status == 0, "\(verified.output)")
                let judged = try Self.run(["security", "--offline=yes", "--no-pager", "\(directory)/\(name)"])
                let exposure = judged.output.split(separator: "\n").last?.split(separator: " ").compactMap { Double($0) }.first
                #expect((exposure ?? 10) <= most, "\(judged.output.suffix(200))")
            }
        }
    }

    private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/systemd-analyze")
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
