import Foundation
import Testing

@testable import Lab

@Suite("A guest's console", .timeLimit(.minutes(1)))
struct ConsoleTests {
    @Test("the panic is found in a recorded console, with the line before it, which says why")
    func recorded() throws {
        let path = try #require(Bundle.module.path(forResource: "console-panic", ofType: "log", inDirectory: "Fixtures"))
        let lines = [
            "userspace - ptrace set fp regs failed, errno = 14",
            "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b",
        ]
        #expect(Console.panic(inFile: path) == lines)
        #expect(Console.panic(inFile: path + ".nowhere") == [])
    }

    @Test("no panic, no lines; the first of several counts; long lines are cut, and control characters left out")
    func lines() {
        #expect(Console.panic(in: "") == [] && Console.panic(in: "all is well\n") == [])
        #expect(Console.panic(in: "Kernel panic - not syncing: a\n") == ["Kernel panic - not syncing: a"])
        #expect(
            Console.panic(in: "x\u{1b}[2J\r\nKernel panic - not syncing: a\ny\nKernel panic - not syncing: b") == [
                "x[2J", "Kernel panic - not syncing: a",
            ])
        #expect(Console.panic(in: String(repeating: "z", count: 5000) + "\nKernel panic - not syncing: a").map(\.count) == [200, 29])
    }

    @Test("a kernel that panics ends the run at once, with what its console says")
    func real() async throws {
        try #require(FileManager.default.isExecutableFile(atPath: "/usr/bin/linux.uml"), "the Debian package user-mode-linux")
        let folder = NSTemporaryDirectory() + "panic-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Its last word counts: an init that ends at once.
        let kernel = "\(folder)/kernel"
        // Written by another process: a file that this one has open for writing cannot be run where a child that is just made has it too.
        let script = #"printf '#!/bin/sh\nexec /usr/bin/linux.uml "$@" init=/bin/false\n' >"$0" && chmod 755 "$0""#
        _ = try await Command(["sh", "-c", script, kernel]).run()
        let guest = Guest(Layout(name: "panic", repository: folder), kernel: kernel)
        try await guest.boot(.run)
        let error = await #expect(throws: LabError.self) { try await guest.follow(print: { _ in }) }
        await guest.kill()
        #expect(
            error?.description.hasPrefix("the guest's kernel panicked; its console (\(folder)/out/lab/panic/console.log) says:\n") == true)
        #expect(error?.description.hasSuffix("Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100") == true)
    }
}
