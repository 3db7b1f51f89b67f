import Foundation
import Glibc

/// Requests from the host to a lab in a guest, as files: `ID.request` (JSON), then `ID.output`, `ID.errors`, and last `ID.status`.
/// A command whose streams are passed on while it runs has a folder `ID.live` instead (see `RecordWriter`).
package struct Spool: Sendable {
    package let folder: String

    package init(_ folder: String) { self.folder = folder }

    /// A command in a host of the lab; without a host, `check`, `restart` or `status`.
    package struct Request: Codable, Sendable {
        package var host: String?
        package var command: [String]
        /// Where a command's streams are passed on while it runs: what it is to know of the terminal.
        var live: Live?

        package init(host: String?, command: [String]) {
            self.host = host
            self.command = command
        }
    }

    /// The terminal of the one who asks.
    struct Live: Codable, Sendable {
        /// Nil if there is none.
        var size: WindowSize?
        /// TERM.
        var kind: String?
    }

    /// The host's side: runs a command with its streams passed on, and returns its exit status.
    package func run(
        _ request: Request, files: (input: Int32, output: Int32, errors: Int32) = (0, 1, 2), alive: @escaping @Sendable () -> Bool
    ) async throws -> Int32 {
        let path = "\(folder)/\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: "\(path).live", withIntermediateDirectories: false)
        let client = LiveClient("\(path).live", files: files)
        var request = request
        request.live = Live(size: client.terminal, kind: ProcessInfo.processInfo.environment["TERM"])
        try JSONEncoder().encode(request).write(to: URL(fileURLWithPath: "\(path).new"))
        guard rename("\(path).new", "\(path).request") == 0 else { throw LabError("cannot send a request to the guest: \(errnoText)") }
        defer { unlink("\(path).request") }
        return try await client.run(alive: alive)
    }

    /// The host's side: asks and waits for the answer.
    package func ask(_ request: Request, limit: Duration, alive: () -> Bool) async throws -> CommandResult {
        let id = "\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let path = "\(folder)/\(id)"
        try JSONEncoder().encode(request).write(to: URL(fileURLWithPath: "\(path).new"))
        guard rename("\(path).new", "\(path).request") == 0 else { throw LabError("cannot send a request to the guest: \(errnoText)") }
        defer { for suffix in ["request", "output", "errors", "status"] { unlink("\(path).\(suffix)") } }
        let end = ContinuousClock.now + limit
        while true {
            if let text = try? String(contentsOfFile: "\(path).status", encoding: .utf8), let status = Int32(text) {
                func read(_ suffix: String) -> String {
                    (FileManager.default.contents(atPath: "\(path).\(suffix)")).map { String(decoding: $0, as: UTF8.self) } ?? ""
                }
                return CommandResult(status: status, output: read("output"), errors: read("errors"))
            }
            guard alive() else { throw LabError("the guest is gone") }
            guard ContinuousClock.now < end else { throw LabError("no answer from the guest") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The guest's side: answers requests until the task is cancelled. There is no inotify on hostfs, so it looks.
    /// `run` runs a command with its streams passed on through a folder.
    package func serve(
        _ answer: @escaping @Sendable (Request) async -> CommandResult, run: @escaping @Sendable (Request, String) async -> Void
    ) async {
        var taken: Set<String> = []
        await withTaskGroup(of: Void.self) { group in
            while !Task.isCancelled {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                for name in names where name.hasSuffix(".request") && taken.insert(name).inserted {
                    group.addTask { await handle(String(name.dropLast(8)), answer, run) }
                }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func handle(
        _ id: String, _ answer: @Sendable (Request) async -> CommandResult, _ run: @Sendable (Request, String) async -> Void
    ) async {
        let path = "\(folder)/\(id)"
        guard let data = FileManager.default.contents(atPath: "\(path).request"),
            let request = try? JSONDecoder().decode(Request.self, from: data)
        else { return }
        guard request.live == nil else { return await run(request, "\(path).live") }
        let result = await answer(request)
        try? result.output.write(toFile: "\(path).output", atomically: false, encoding: .utf8)
        try? result.errors.write(toFile: "\(path).errors", atomically: false, encoding: .utf8)
        try? "\(result.status)".write(toFile: "\(path).status.new", atomically: false, encoding: .utf8)
        rename("\(path).status.new", "\(path).status")
    }
}
