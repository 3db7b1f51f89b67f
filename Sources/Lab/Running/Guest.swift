import Foundation
import Glibc

/// A user-mode kernel that runs a lab: Debian's `linux.uml` or another, on this machine's own root file system (hostfs).
///
/// Only hostfs is shared. It has no inotify, and neither sockets nor FIFOs cross it; so the host follows a file, and asks
/// through files in a spool.
package struct Guest: Sendable {
    package let layout: Layout
    /// The path of a kernel that has all it needs built in; nil for Debian's, with its modules.
    private let kernel: String?
    /// See `Judge.patience`.
    private let patience: Int
    /// Further words of `fedlab guest`'s command line.
    private let options: [String]

    package init(_ layout: Layout, kernel: String? = nil, patience: Int = 1, options: [String] = []) {
        self.layout = layout
        self.kernel = kernel
        self.patience = patience
        self.options = options
    }

    /// What the guest does once its kernel is up; the rest of `fedlab guest`'s command line.
    package enum Task: String, Sendable, CaseIterable { case run, up, bench, churn, faults }

    private var initScript: String { "\(layout.state)/init" }
    package var process: Daemon { Daemon(pidFile: "\(layout.state)/uml.pid", mark: initScript) }
    package var isRunning: Bool { process.process != nil }

    private var outside: Outside { Outside(layout.name) }

    /// Boots it. A guest of the same name that was left over is ended first.
    /// - Parameter hasOutside: whether this machine has a place in the lab's management network.
    package func boot(_ task: Task, hasOutside: Bool = false) async throws {
        await kill()
        let files = FileManager.default
        try? files.removeItem(atPath: layout.spool)
        try? files.removeItem(atPath: layout.logs)
        for file in [layout.exitCode, layout.progress, layout.console, layout.machineLoad] { try? files.removeItem(atPath: file) }
        for folder in [layout.spool, layout.logs, "\(layout.state)/uml"] {
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let modules = kernel == nil ? try await prepareModules() : nil
        try script(task, modules: modules).write(toFile: initScript, atomically: true, encoding: .utf8)
        chmod(initScript, 0o755)
        var environment = ["TMPDIR": memoryFolder]
        // The kernel's process only: what runs in the guest has the environment that the guest's kernel makes.
        environment["LD_PRELOAD"] = try ExtendedState.ofThisMachine.preload(beside: ProductBinary.folder)
        if hasOutside { try await outside.raise(forGuest: true) }
        try await process.start(
            [
                kernel ?? "linux.uml", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "rw", "mem=\(Self.memory)M",
                "init=\(initScript)",
                "con=null",
                "con0=fd:0,fd:1", "quiet", "umid=fedlab", "uml_dir=\(layout.state)/uml/",
            ] + (hasOutside ? ["\(Outside.leg(inGuest: true))=tuntap,\(Outside.interface)"] : []),
            in: hasOutside ? outside.namespace : nil, environment: environment, log: layout.console)
    }

    /// MiB; pages are taken from the machine as the guest touches them.
    private static let memory = 2048

    /// Where the guest's memory lies: a file in memory where there is room for it, otherwise on disk.
    private var memoryFolder: String {
        var state = statvfs()
        guard statvfs("/dev/shm", &state) == 0, UInt64(state.f_bavail) * UInt64(state.f_frsize) > UInt64(Self.memory) << 20 else {
            return layout.state
        }
        return "/dev/shm"
    }

    /// Follows the lab's lines until the guest is done, or `isOver` says a code, and returns that or the guest's exit code.
    package func follow(print: (String) -> Void, until isOver: () -> Int32? = { nil }) async throws -> Int32 {
        var offset: UInt64 = 0
        var absences = 0
        func copy() {
            guard let file = FileHandle(forReadingAtPath: layout.progress) else { return }
            defer { try? file.close() }
            try? file.seek(toOffset: offset)
            guard let data = try? file.readToEnd(), let end = data.lastIndex(of: 0x0a) else { return }
            offset += UInt64(data.distance(from: data.startIndex, to: end) + 1)
            print(String(decoding: data[...end], as: UTF8.self))
        }
        while true {
            copy()
            if let code = exitCode {
                copy()
                return code
            }
            if let code = isOver() {
                copy()
                return code
            }
            // A kernel that ran on was seen as gone once, and a guest may leave its exit code and end between the looks above and
            // this one: only a guest that stays gone is gone.
            absences = isRunning ? 0 : absences + 1
            guard absences < 30 else { throw LabError(end) }
            try await Swift.Task.sleep(for: .milliseconds(100))
        }
    }

    /// How a guest ended that left no exit code.
    private var end: String {
        let panic = Console.panic(inFile: layout.console)
        guard !panic.isEmpty else { return "the guest is gone without an exit code; see \(layout.console)" }
        return "the guest's kernel panicked; its console (\(layout.console)) says:\n"
            + panic.map { "        \($0)" }.joined(separator: "\n")
    }

    /// Writes down what this machine does, again and again, for a benchmark in the guest; until cancelled.
    package func tellLoad() async {
        while !Swift.Task.isCancelled {
            if let group = process.process { MachineLoad.read(group: group)?.write(to: layout.machineLoad) }
            try? await Swift.Task.sleep(for: .milliseconds(50))
        }
    }

    /// What the guest left as its exit code; nil while it works.
    package var exitCode: Int32? { code(in: layout.exitCode) }

    /// How raising the lab ended; nil while that goes on.
    package var raisingCode: Int32? { code(in: layout.ready) }

    private func code(in path: String) -> Int32? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Ends it, with all its processes on this side: they are one process group.
    package func kill() async {
        await killKernel()
        await outside.end()
    }

    private func killKernel() async {
        guard let id = process.process else { return }
        Glibc.kill(-id, SIGKILL)
        while Daemon.isAlive(id) { try? await Swift.Task.sleep(for: .milliseconds(10)) }
        for path in [process.pidFile, layout.spool, "\(layout.state)/uml", initScript] { try? FileManager.default.removeItem(atPath: path) }
    }

    // MARK: Kernel

    private static let modules = [
        "ipv6", "tun", "bridge", "vxlan", "vrf", "dummy", "veth", "geneve", "8021q", "iptable_filter", "ip6table_filter",
        // What faults are made with.
        "iptable_raw", "ip6table_raw", "xt_tcpudp", "xt_length", "xt_statistic", "sch_netem", "sch_ingress", "cls_u32", "cls_matchall",
        "act_gact",
    ]

    /// Debian ships the modules without the lists that modprobe wants; they are made once, natively, in a copy.
    private func prepareModules() async throws -> String {
        let files = FileManager.default
        let source = "/usr/lib/uml/modules"
        let copy = "\(layout.repository)/out/lab/.kernel"
        for release in (try? files.contentsOfDirectory(atPath: source)) ?? [] {
            let target = "\(copy)/lib/modules/\(release)"
            guard !files.fileExists(atPath: "\(target)/modules.dep.bin") else { continue }
            try files.createDirectory(atPath: "\(copy)/lib/modules", withIntermediateDirectories: true)
            try? files.removeItem(atPath: target)
            try files.copyItem(atPath: "\(source)/\(release)", toPath: target)
            try await Command(["depmod", "-b", copy, release]).succeed()
        }
        return copy
    }

    private func script(_ task: Task, modules: String?) -> String {
        let load = modules.map { "modprobe -d '\($0)' -a \(Self.modules.joined(separator: " "))" } ?? ": # all is built in"
        return """
            #!/bin/sh
            # The first process of the lab's user-mode kernel; its root is this machine's own file system. Written by fedlab.
            export PATH=\(Layout.path) HOME=/root LC_ALL=C.UTF-8
            mount -t proc proc /proc
            mount -t sysfs sys /sys
            mount -t tmpfs -o mode=755 tmpfs /run
            mkdir -p /run/netns /run/lock
            mount -t devtmpfs dev /dev 2>/dev/null
            mkdir -p /dev/pts /dev/shm /dev/net
            mount -t devpts devpts /dev/pts
            mount -t tmpfs -o mode=1777 tmpfs /dev/shm
            \(load)
            [ -c /dev/net/tun ] || mknod /dev/net/tun c 10 200
            ip link set lo up
            echo fedlab > /proc/sys/kernel/hostname
            ulimit -n 65536
            cd '\(layout.repository)'
            '\(ProductBinary.own)' guest \(task.rawValue) \(layout.name) --patience \(patience) \(options.joined(separator: " "))
            status=$?
            echo $status > '\(layout.exitCode).new'
            mv '\(layout.exitCode).new' '\(layout.exitCode)'
            halt -f || echo o > /proc/sysrq-trigger
            sleep 5

            """
    }
}
