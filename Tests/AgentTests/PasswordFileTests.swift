import FRR
import Foundation
import NetworkTypes
import Testing

@testable import Agent

@Suite("The file with the passwords of BGP sessions")
struct PasswordFileTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("passwords-\(UUID().uuidString)").path

    private func write(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test("is read, and read again when it changes")
    func changes() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write("192.0.2.1 Correct-Horse\n")
        var file = PasswordFile(path: path)
        file.refresh()
        #expect(file.known == .peers([IPAddress("192.0.2.1")!], everybody: false))
        try write("* Correct-Horse\n")
        file.refresh()
        #expect(file.known == .peers([], everybody: true))
    }

    @Test(
        "that others may read is refused, and so is one that is not there or that nobody understands; none is told",
        arguments: [0o644, 0o604, 0o640])
    func refused(mode: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        var file = PasswordFile(path: path)
        file.refresh()
        guard case .unreadable(let absent) = file.known else { return #expect(Bool(false)) }
        #expect(absent.contains("No such file"))
        try write("* Correct-Horse\n", mode: mode)
        file.refresh()
        // A group that is root's alone is what systemd's credentials have.
        if mode == 0o640, getgid() == 0 {
            #expect(file.known == .peers([], everybody: true))
        } else {
            #expect(file.known == .unreadable("\(path) can be read by others than root"))
        }
        var other = PasswordFile(path: path)
        try write("192.0.2.1 Correct Horse\n")
        other.refresh()
        guard case .unreadable(let reason) = other.known else { return #expect(Bool(false)) }
        #expect(reason.contains("number 1") && !reason.contains("Horse"))
    }

    @Test("what was read before stands while the file is away or wrong")
    func standing() throws {
        try write("* Correct-Horse\n")
        var file = PasswordFile(path: path)
        file.refresh()
        try FileManager.default.removeItem(atPath: path)
        file.refresh()
        #expect(file.known == .peers([], everybody: true))
    }
}
