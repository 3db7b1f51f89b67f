import Foundation

/// A process that we started and that we end. Not Foundation's: its children inherit the blocked signals of whatever thread
/// started them, so that a daemon never sees SIGTERM, and its `waitUntilExit` does not return on a thread of the concurrency pool.
struct ChildProcess {
    let pid: pid_t

    struct Failure: Error {
        let command: [String]
        let status: Int32
    }

    /// Runs a program of the search path, silently.
    init(_ command: [String]) throws {
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
        for descriptor: Int32 in [1, 2] { posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_WRONLY, 0) }
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, command[0], &files, &attributes, &arguments, environ)
        guard status == 0 else { throw Failure(command: command, status: status) }
        self.pid = pid
    }

    /// The exit status; the signal, negated, where one ended it.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
    }

    func end(with signal: Int32 = SIGTERM) {
        kill(pid, signal)
        wait()
    }
}
