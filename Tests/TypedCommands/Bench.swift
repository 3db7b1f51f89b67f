import Foundation

/// A machine to type a remedy's commands on: a network namespace with a real zebra and bgpd, and where wanted real databases of OVN and a real
/// Open vSwitch, behind the programs that an operator types.
///
/// The programs are the installed ones. Small scripts of the same names, first in the search path, tell them where this machine's sockets are.
/// Two are not executed, because there is nothing here for them to speak to: `systemctl` and `journalctl` check that the unit is one that a
/// gateway has, and `openstack` that its words are those of python-openstackclient 6. `fedctl` is the real one, whose parser must take the line;
/// that no coordinator answers is no fault of the line.
package final class Bench {
    package let namespace: String
    package let directory: String
    private var processes: [pid_t] = []

    /// What went wrong when a line was typed.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter label: unlike those of other benches of this process.
    package init(_ label: String) throws {
        namespace = "cmd\(getpid())\(label)"
        // Paths of unix sockets have 107 characters at most.
        directory = "/tmp/typed-\(getpid())-\(label)"
        try FileManager.default.createDirectory(atPath: "\(directory)/bin", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: "\(directory)/frr", withIntermediateDirectories: true)
        _ = try must(["ip", "netns", "add", namespace])
        _ = try must(["ip", "-n", namespace, "link", "set", "lo", "up"])
        for (name, text) in Self.programs(directory) {
            let file = "\(directory)/bin/\(name)"
            try ("#!/bin/sh\n" + text + "\n").write(toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }
        try "federation: demo\nclouds: {}\n".write(toFile: "\(directory)/FILE", atomically: true, encoding: .utf8)
    }

    deinit {
        for pid in processes.reversed() {
            kill(pid, SIGTERM)
            _ = Self.wait(pid)
        }
        _ = try? must(["ip", "netns", "del", namespace])
        try? FileManager.default.removeItem(atPath: directory)
    }

    // MARK: Preparing

    /// Runs in the namespace; throws where the status is not 0.
    @discardableResult
    package func must(_ words: [String], inside: Bool = false) throws -> String {
        let (status, output) = try run(inside ? ["ip", "netns", "exec", namespace] + words : words)
        guard status == 0 else { throw Failure(description: "\(words.joined(separator: " ")): status \(status): \(output)") }
        return output
    }

    package func ip(_ line: String) throws { try must(["ip", "-n", namespace] + line.split(separator: " ").map(String.init)) }

    /// Starts zebra and bgpd, and gives bgpd these lines of configuration.
    package func startRouting(_ lines: [String]) throws {
        let frr = "\(directory)/frr"
        try must(["chown", "frr:frr", frr])
        try "".write(toFile: "\(frr)/empty.conf", atomically: true, encoding: .utf8)
        for (daemon, more) in [("zebra", ["-s", "90000000"]), ("bgpd", [])] {
            try start(
                [
                    "ip", "netns", "exec", namespace, "/usr/lib/frr/\(daemon)", "-F", "traditional", "-f", "\(frr)/empty.conf",
                    "--vty_socket", frr,
                ]
                    + [
                        "-z", "\(frr)/zserv", "-i", "\(frr)/\(daemon).pid", "-A", "127.0.0.1", "-P", "0", "--log",
                        "file:\(frr)/\(daemon).log",
                    ]
                    + more)
            try appears("\(frr)/\(daemon).vty")
        }
        try lines.joined(separator: "\n").write(toFile: "\(frr)/lines", atomically: true, encoding: .utf8)
        try must(["vtysh", "--vty_socket", frr, "-f", "\(frr)/lines"])
    }

    /// Starts both databases of OVN, and runs these lines of ovn-nbctl.
    package func startOVN(_ lines: [[String]] = []) throws {
        for (name, schema) in [("nb", "ovn-nb"), ("sb", "ovn-sb")] {
            try must(["ovsdb-tool", "create", "\(directory)/\(name).db", "/usr/share/ovn/\(schema).ovsschema"])
            try start([
                "ovsdb-server", "\(directory)/\(name).db", "--remote=punix:\(directory)/\(name).sock", "--unixctl=\(directory)/\(name).ctl",
                "--log-file=\(directory)/\(name).log",
            ])
            try appears("\(directory)/\(name).sock")
        }
        for line in lines { try must(["ovn-nbctl", "--db=unix:\(directory)/nb.sock"] + line) }
    }

    /// Starts Open vSwitch with its dummy datapath, which needs no kernel module.
    package func startSwitch(bridges: [String]) throws {
        try must(["ovsdb-tool", "create", "\(directory)/ovs.db", "/usr/share/openvswitch/vswitch.ovsschema"])
        try start([
            "ovsdb-server", "\(directory)/ovs.db", "--remote=punix:\(directory)/ovs.sock", "--unixctl=\(directory)/ovs.ctl",
            "--log-file=\(directory)/ovs.log",
        ])
        try appears("\(directory)/ovs.sock")
        try must(["ovs-vsctl", "--db=unix:\(directory)/ovs.sock", "--no-wait", "init"])
        try start([
            "env", "OVS_RUNDIR=\(directory)", "ovs-vswitchd", "unix:\(directory)/ovs.sock", "--enable-dummy=system", "--disable-system",
            "--unixctl=\(directory)/vswitchd.ctl", "--log-file=\(directory)/vswitchd.log",
        ])
        for bridge in bridges { try must(["ovs-vsctl", "--db=unix:\(directory)/ovs.sock", "--timeout=20", "add-br", bridge]) }
    }

    // MARK: Typing

    /// What programs say where they were asked for something that is not there, or not understood; vtysh says so with status 0.
    private static let refusals = [
        "Unknown command", "Command incomplete", "Ambiguous command", "No such neighbor", "Unknown neighbor", "not found", "No such",
        "Malformed", "% Can't", "is invalid", "No BGP",
    ]

    /// Types a line as it is printed. Throws where it is refused.
    @discardableResult
    package func type(_ line: String) throws -> String {
        let path = "\(directory)/bin:\(Self.products):/usr/sbin:/usr/bin:/sbin:/bin"
        let (status, output) = try run([
            "ip", "netns", "exec", namespace, "env", "PATH=\(path)", "OVS_RUNDIR=\(directory)", "TMPDIR=\(directory)", "timeout", "20",
            "sh", "-c",
            "cd \(directory) && \(line)",
        ])
        let refusal = Self.refusals.first { output.contains($0) }
        // grep: nothing of what was asked for is there (yet).
        let isGood = status == 0 || status == 1 && line.contains("| grep ")
        guard isGood, refusal == nil else { throw Failure(description: "\(line): status \(status): \(output.prefix(600))") }
        return output
    }

    // MARK: Processes

    private static var products: String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().path(percentEncoded: false)
    }

    private func start(_ words: [String]) throws { processes.append(try spawn(words, output: "/dev/null")) }

    private func appears(_ file: String) throws {
        for _ in 0..<1000 {
            if FileManager.default.fileExists(atPath: file) { return }
            usleep(20_000)
        }
        throw Failure(description: "\(file) does not appear")
    }

    private func run(_ words: [String]) throws -> (status: Int32, output: String) {
        let file = "\(directory)/\(UInt64.random(in: 0 ... .max)).out"
        defer { unlink(file) }
        let status = Self.wait(try spawn(words, output: file))
        return (status, (try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
    }

    private static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    /// Not Foundation's: its children inherit blocked signals, so that a daemon never sees SIGTERM.
    private func spawn(_ words: [String], output: String) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&files, 1, 2)
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, words[0], &files, &attributes, &arguments, environ)
        guard status == 0 else { throw Failure(description: "\(words[0]): \(String(cString: strerror(status)))") }
        return pid
    }
}
