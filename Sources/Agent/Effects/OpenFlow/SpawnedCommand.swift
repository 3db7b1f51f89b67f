import Dispatch
import Glibc

/// Runs a program to its end, by posix_spawn(3).
///
/// Not swift-subprocess: it forks, which copies the page tables of an agent that holds tens of megabytes; posix_spawn borrows the memory.
/// In the user-mode lab a run of `ovs-ofctl` takes 0.3 to 1.6 seconds all the same: the process is not all of its cost, and the rest is not explained yet.
/// What goes in and comes out lies in memory files, so that nobody waits for a full pipe.
struct SpawnedCommand {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Result: Sendable {
        /// The exit status; the signal, negated, where one ended it.
        var status: Int32
        var output: String
        var errors: String
    }

    private static let queue = DispatchQueue(label: "spawned commands", attributes: .concurrent)

    /// - Parameter command: the program, looked up in PATH, and its arguments.
    static func run(_ command: [String], input: String) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Swift.Result { try runHere(command, input: input) })
            }
        }
    }

    private static func runHere(_ command: [String], input: String) throws -> Result {
        let files = try (0..<3).map { _ in try memoryFile() }
        defer { for file in files { close(file) } }
        try write(input, to: files[0])
        let pid = try spawn(command, files)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
        return Result(status: code, output: try read(files[1]), errors: try read(files[2]))
    }

    private static func spawn(_ command: [String], _ files: [Int32]) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of Dispatch block signals, and a child inherits that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in files.enumerated() { posix_spawn_file_actions_adddup2(&actions, file, Int32(number)) }
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, environ)
        guard error == 0 else { throw Failure(description: "cannot run \(command[0]): \(String(cString: strerror(error)))") }
        return pid
    }

    /// A file without a name, in memory (shm_overview(7)).
    private static func memoryFile() throws -> Int32 {
        var template = Array("/dev/shm/fed-agent.XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw Failure(description: "cannot make a file in /dev/shm: \(String(cString: strerror(errno)))") }
        unlink(template)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        return file
    }

    private static func write(_ text: String, to file: Int32) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure(description: "cannot write to a memory file: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
        lseek(file, 0, SEEK_SET)
    }

    private static func read(_ file: Int32) throws -> String {
        let size = Int(lseek(file, 0, SEEK_END))
        lseek(file, 0, SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: max(0, size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress! + filled, $0.count - filled) }
            guard count > 0 else { throw Failure(description: "cannot read a memory file: \(String(cString: strerror(errno)))") }
            filled += count
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
