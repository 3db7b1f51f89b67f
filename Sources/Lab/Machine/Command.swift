import Foundation
import Glibc
import Synchronization

/// What a program left behind.
package struct CommandResult: Sendable {
    /// Exit status, 128 + signal where a signal ended it, 124 where its time was over.
    package var status: Int32
    package var output: String
    package var errors: String

    package var succeeded: Bool { status == 0 }
    /// Both streams, trimmed: for messages.
    package var text: String { (output + errors).trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// A program to run to its end.
package struct Command: Sendable {
    package var arguments: [String]
    package var namespace: NetworkNamespace?
    /// Added to fedlab's own environment.
    package var environment: [String: String]
    package var input: String
    package var limit: Duration

    package init(
        _ arguments: [String], in namespace: NetworkNamespace? = nil, environment: [String: String] = [:], input: String = "",
        limit: Duration = .seconds(60)
    ) {
        self.arguments = arguments
        self.namespace = namespace
        self.environment = environment
        self.input = input
        self.limit = limit
    }

    /// Runs it; throws only where it cannot be started.
    package func run() async throws -> CommandResult {
        try await onThread {
            try namespace?.enter()
            return try runHere()
        }
    }

    /// Runs it and returns what it printed; a status other than 0 is an error that quotes it.
    @discardableResult
    package func succeed() async throws -> String {
        let result = try await run()
        guard result.succeeded else {
            let place = namespace.map { " in \($0)" } ?? ""
            throw LabError("“\(arguments.joined(separator: " "))”\(place) ended with \(result.status): \(result.text)")
        }
        return result.output
    }

    /// Runs it on the calling thread.
    func runHere() throws -> CommandResult {
        let (process, input, output, errors) = try start()
        write(input)
        var streams = [(output, [UInt8]()), (errors, [UInt8]())]
        defer { for (file, _) in streams { close(file) } }
        let end = ContinuousClock.now + limit
        var status: Int32 = 0
        var open = [true, true]
        var ended = false
        var late = false
        // A daemon that the program leaves behind may keep a pipe open, so the end of the program counts, not that of the stream.
        while open.contains(true) {
            var polled = (0..<2).map { pollfd(fd: open[$0] ? streams[$0].0 : -1, events: Int16(POLLIN), revents: 0) }
            let ready = poll(&polled, 2, ended ? 0 : 100)
            if ready == 0 {
                if ended { break }
                ended = waitpid(process, &status, WNOHANG) == process
                if !ended, !late, ContinuousClock.now > end {
                    late = true
                    kill(-process, SIGKILL)
                }
                continue
            }
            for index in 0..<2 where polled[index].revents != 0 {
                var buffer = [UInt8](repeating: 0, count: 65536)
                let count = read(streams[index].0, &buffer, buffer.count)
                if count > 0 { streams[index].1 += buffer[..<count] } else { open[index] = false }
            }
        }
        if !ended { ended = waitpid(process, &status, 0) == process }
        let code = late ? 124 : (status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f)
        return CommandResult(
            status: code, output: String(decoding: streams[0].1, as: UTF8.self), errors: String(decoding: streams[1].1, as: UTF8.self))
    }

    private func write(_ file: Int32) {
        defer { close(file) }
        var rest = Array(input.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    /// One at a time: between pipe() and FD_CLOEXEC another start would inherit the pipe.
    private static let starting = Mutex(())

    /// Starts it on the calling thread, with its three streams on pipes that are the caller's to close.
    func start() throws -> (process: pid_t, input: Int32, output: Int32, errors: Int32) {
        try Self.starting.withLock { _ in
            var pipes: [[Int32]] = []
            for _ in 0..<3 {
                var ends: [Int32] = [-1, -1]
                guard pipe(&ends) == 0 else { throw LabError("cannot create a pipe: \(errnoText)") }
                for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
                pipes.append(ends)
            }
            let process = try spawn(
                arguments, environment: environment, newSession: false,
                files: [(pipes[0][0], 0), (pipes[1][1], 1), (pipes[2][1], 2)])
            close(pipes[0][0])
            close(pipes[1][1])
            close(pipes[2][1])
            return (process, pipes[0][1], pipes[1][0], pipes[2][0])
        }
    }
}

/// Starts a program with the given files as its descriptors, in the calling thread's namespace, and in a process group
/// (or session) of its own, so that Ctrl-C at the terminal reaches fedlab only.
///
/// `terminal`: the path of a terminal that becomes the session's own, and all three streams of the program.
func spawn(
    _ arguments: [String], environment: [String: String], newSession: Bool, files: [(Int32, Int32)], terminal: String? = nil
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (from, to) in files { posix_spawn_file_actions_adddup2(&actions, from, to) }
    if let terminal {
        // The first terminal that a session's leader opens becomes the session's (tty_ioctl(4)).
        posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
        for stream: Int32 in [1, 2] { posix_spawn_file_actions_adddup2(&actions, 0, stream) }
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // fedlab ignores some signals to hear of them by other means; children must not inherit that.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setpgroup(&attributes, 0)
    let session: Int32 = 0x80  // POSIX_SPAWN_SETSID, which needs _GNU_SOURCE
    posix_spawnattr_setflags(
        &attributes,
        Int16(Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | (newSession ? session : Int32(POSIX_SPAWN_SETPGROUP))))

    let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }.map { "\($0)=\($1)" }
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer { for pointer in words + settings { free(pointer) } }
    var process = pid_t()
    let error = posix_spawnp(&process, arguments[0], &actions, &attributes, &words, &settings)
    guard error == 0 else { throw LabError("cannot start \(arguments[0]): \(String(cString: strerror(error)))") }
    return process
}
