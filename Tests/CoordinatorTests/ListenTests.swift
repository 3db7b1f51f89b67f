import Coordinator
import Foundation
import Testing

@Suite("The coordinator's program", .timeLimit(.minutes(1)))
struct ListenTests {
    private func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "fed-coordinator")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    @Test("says its version")
    func version() throws {
        let (status, text) = try run(["--version"])
        #expect(status == 0 && text.hasPrefix("fed-coordinator "), "\(text)")
    }
}
