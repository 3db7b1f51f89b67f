import Foundation
import Logging

/// Writes what the agent sees and decides to a file, readable for its owner only. When the file is full, the one before it goes:
/// two files at most, FILE and FILE.1, each of which replays by itself.
///
/// There are no secrets in it: keys and certificates are no events. Names and addresses of tenants are in it.
final class Recorder {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Bytes of one file.
    static let limit = 32 << 20

    private let path: String
    private let limit: Int
    private let log: Logger
    private var transcript = Transcript()
    /// Nil: the recording has stopped.
    private var file: FileHandle?
    private var size = 0
    /// Of the newest file's header, which has all that the core holds: a file has room for as much of events at least.
    private var headerSize = 0

    /// What is recorded at `path` already becomes the file before.
    init(path: String, limit: Int = Recorder.limit, core: AgentCore, log: Logger) throws {
        (self.path, self.limit, self.log) = (path, limit, log)
        try begin(core)
    }

    /// - Parameter core: as it is after the event.
    func add(_ event: Event, at time: Int64, _ actions: [Action], core: AgentCore) {
        guard file != nil else { return }
        do {
            try write(try transcript.line(event, at: time, actions))
            if size >= max(limit, 2 * headerSize) { try begin(core) }
        } catch {
            // The agent's work does not depend on its recording.
            file = nil
            log.error("the recording stops here", metadata: ["file": "\(path)", "reason": "\(error)"])
        }
    }

    private func begin(_ core: AgentCore) throws {
        file = nil
        if rename(path, path + ".1") != 0, errno != ENOENT { throw failure("replace \(path).1") }
        // Whatever somebody puts there meanwhile, nothing of his is written to.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("make \(path)") }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        (transcript, size) = (Transcript(), 0)
        try write(try transcript.header(core))
        headerSize = size
    }

    private func write(_ line: String) throws {
        let data = Data((line + "\n").utf8)
        try file?.write(contentsOf: data)
        size += data.count
    }

    private func failure(_ what: String) -> Failure { Failure(description: "cannot \(what): \(String(cString: strerror(errno)))") }
}
