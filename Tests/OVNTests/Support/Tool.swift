import Foundation

/// Runs command-line tools of OVN and Open vSwitch.
///
/// By posix_spawn and with files for output: a daemon that inherits the pipe of a tool which another test has just started
/// would keep that test waiting for the pipe's end. And with an empty signal mask: threads of Dispatch block all signals,
/// a child inherits that, and would never see SIGTERM.
enum Tool {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs to the end and gives what was printed; throws where the status is not 0.
    @discardableResult
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
        let log = "/tmp/ovn-tests-\(getpid())-\(UInt64.random(in: 0 ... .max)).out"
        defer { unlink(log) }
        let daemon = try start(arguments, environment: environment, log: log)
        let status = daemon.waitForExit()
        let output = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        guard status == 0 else {
            throw Failure(description: "\(arguments.joined(separator: " ")): status \(status): \(output)")
        }
        return output
    }

    /// Starts a program whose output goes to a file.
    static func start(_ arguments: [String], environment: [String: String] = [:], log: String) throws -> Daemon {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = variables.map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, arguments[0], &actions, &attributes, &argv, &envp)
        guard error == 0 else { throw Failure(description: "\(arguments[0]): \(String(cString: strerror(error)))") }
        return Daemon(pid: pid)
    }

    static func wait(_ what: String, seconds: Double = 20, until condition: () throws -> Bool) throws {
        let deadline = Date().addingTimeInterval(seconds)
        while try !condition() {
            guard Date() < deadline else { throw Failure(description: "waited \(seconds) s for \(what)") }
            usleep(10_000)
        }
    }
}

/// A process that a test started and ends.
struct Daemon {
    let pid: pid_t

    /// The exit status, or 128 and the signal's number.
    func waitForExit() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    func stop() {
        kill(pid, SIGTERM)
        _ = waitForExit()
    }
}
