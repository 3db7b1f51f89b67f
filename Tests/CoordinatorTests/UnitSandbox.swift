import Foundation
import Testing

/// A unit file of packaging/systemd, and its service run as systemd would run it, as far as that goes without systemd: user, groups,
/// capabilities, no new privileges, umask, a read-only file system, private /tmp, /proc and homes, credentials. Of its system call filter
/// and its limits nothing is done here.
struct UnitSandbox {
    let name: String
    private var settings: [(key: String, value: String)]

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../packaging/systemd").standardized

    init(_ name: String) throws {
        self.name = name
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8).replacing("\\\n", with: "")
        settings = text.split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#"), !line.hasPrefix("["), let equals = line.firstIndex(of: "=") else { return nil }
            return (String(line[..<equals]), String(line[line.index(after: equals)...]))
        }
    }

    /// The same without a setting.
    func without(_ key: String) -> UnitSandbox {
        var copy = self
        copy.settings.removeAll { $0.key == key }
        return copy
    }

    func all(_ key: String) -> [String] { settings.filter { $0.key == key }.map(\.value) }
    func one(_ key: String) -> String? { all(key).last }
    func isOn(_ key: String) -> Bool { one(key) == "yes" || one(key) == "strict" || one(key) == "invisible" }

    /// Where things are that the unit names, and what stands for them here.
    struct Place {
        var configuration: String
        var state: String
        /// Of the executables.
        var programs: String
        var environment: [String: String]
        /// Of `User=`; that name is known where the product is installed only.
        var user: UInt32
        var options: [String] = []
        /// Instead of the unit's program, a question to its confinement.
        var probe: [String]?
        /// What else may be written to.
        var writable: [String] = []
        /// In a network namespace of its own.
        var hasOwnNetwork = false
    }

    /// Starts it with standard error in `log`. It is ended by its own id.
    func start(at place: Place, log: String) throws -> Process {
        let script = try script(at: place)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = (place.hasOwnNetwork ? ["--net"] : []) + ["--mount", "--propagation", "private", "/bin/bash", "-c", script]
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let handle = try #require(FileHandle(forWritingAtPath: log))
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        return process
    }

    private func script(at place: Place) throws -> String {
        let credentials = place.state + "-credentials"
        var lines = ["set -e", "umask \(one("UMask") ?? "0022")"]
        // Each credential is read as root, and is the user's in a directory that nobody else enters.
        lines.append("install -d -m 0500 -o \(place.user) \(credentials)")
        for credential in all("LoadCredential") {
            let parts = credential.split(separator: ":", maxSplits: 1).map(String.init)
            lines.append("install -m 0400 -o \(place.user) \(map(parts[1], place)) \(credentials)/\(parts[0])")
        }
        lines.append("install -d -m \(one("StateDirectoryMode") ?? "0755") -o \(place.user) \(place.state)")
        var writable = place.writable
        if let runtime = one("RuntimeDirectory") {
            lines.append("install -d -m \(one("RuntimeDirectoryMode") ?? "0755") -o \(place.user) \(place.state)-run")
            lines.append("export RUNTIME_DIRECTORY=\(place.state)-run # \(runtime)")
            writable.append("\(place.state)-run")
        }
        for path in [place.state] + writable { lines.append("mount --bind \(path) \(path)") }
        if isOn("PrivateTmp"), !place.state.hasPrefix("/tmp/") { lines.append("mount -t tmpfs none /tmp") }
        if isOn("ProtectHome") { lines.append("mount -t tmpfs -o mode=000,ro none /home; mount -t tmpfs -o mode=000,ro none /root") }
        if isOn("ProtectSystem") {
            // Everything but the API file systems and what the unit may write to.
            let kept = ([place.state] + (place.state.hasPrefix("/tmp/") ? [] : ["/tmp"]) + writable).map { "\"$m\" != \($0)" }.joined(
                separator: " -a ")
            lines.append(
                """
                while read -r _ _ _ _ m _; do case "$m" in /proc*|/sys*|/dev*) ;; *) if [ \(kept) ]; then \
                mount -o remount,bind,ro "$m" 2>/dev/null || true; fi;; esac; done < <(cat /proc/self/mountinfo)
                """)
        }
        if one("ProtectProc") != nil || one("ProcSubset") != nil {
            let subset = one("ProcSubset") == "pid" ? ",subset=pid" : ""
            lines.append("mount -t proc -o hidepid=\(one("ProtectProc") ?? "default")\(subset) none /proc")
        }
        for variable in all("Environment") { lines.append("export \(variable)") }
        for (name, value) in place.environment.sorted(by: { $0.key < $1.key }) { lines.append("export \(name)=\(value)") }
        lines.append("export CREDENTIALS_DIRECTORY=\(credentials)")
        let capabilities = (one("CapabilityBoundingSet") ?? "all").split(separator: " ").map {
            $0.lowercased().replacing("cap_", with: "+")
        }
        let ambient = (one("AmbientCapabilities") ?? "").split(separator: " ").map { $0.lowercased().replacing("cap_", with: "+") }
        func list(_ names: [String]) -> String { (["-all"] + names).joined(separator: ",") }
        var command = [
            "exec", "setpriv", "--reuid", "\(place.user)", "--regid", "\(place.user)", "--bounding-set", list(capabilities), "--inh-caps",
            list(ambient), "--ambient-caps", list(ambient),
        ]
        let groups = all("SupplementaryGroups").flatMap { $0.split(separator: " ").map(String.init) }
        command += groups.isEmpty ? ["--clear-groups"] : ["--groups", groups.joined(separator: ",")]
        if isOn("NoNewPrivileges") { command.append("--no-new-privs") }
        if let probe = place.probe {
            lines.append((command + probe.map { "'\($0)'" }).joined(separator: " "))
        } else {
            lines.append((command + [map(try #require(one("ExecStart")), place)] + place.options).joined(separator: " "))
        }
        return lines.joined(separator: "\n")
    }

    private func map(_ text: String, _ place: Place) -> String {
        text.replacing("/etc/ovn-federation", with: place.configuration).replacing("/usr/bin/", with: place.programs + "/")
            .replacing("/var/lib/\(one("StateDirectory") ?? "?")", with: place.state)
    }
}
