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
        #expect(file.known == .peers([IPAddress("192.0.2.1")!], everybody: false), "it may be half-written until it is the same twice")
        file.refresh()
        #expect(file.known == .peers([], everybody: true))
    }

    @Test("that is being written is not taken up: neither empty nor half")
    func halfWritten() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let whole = "192.0.2.1 Correct-Horse\n192.0.2.2 Battery-Staple\n"
        let both = KnownPasswords.peers([IPAddress("192.0.2.1")!, IPAddress("192.0.2.2")!], everybody: false)
        try write(whole)
        var file = PasswordFile(path: path)
        file.refresh()
        #expect(file.known == both)
        for text in ["", "192.0.2.1 Correct-Ho"] {
            try write(text)
            file.refresh()
            #expect(file.known == both, "after one look")
            try write(whole)
            file.refresh()
            file.refresh()
            #expect(file.known == both)
        }
        // It stays empty: that is said, and what was read stays for the sessions.
        for text in ["", "# peers\n\n"] {
            try write(text)
            for _ in 0..<3 { file.refresh() }
            guard case .unreadable(let reason) = file.known else {
                Issue.record("\(file.known)")
                continue
            }
            #expect(reason.contains("no passwords in it"), "\(reason)")
            #expect(file.passwords?.known == both)
        }
        var fresh = PasswordFile(path: path)
        fresh.refresh()
        guard case .unreadable = fresh.known else { return #expect(Bool(false)) }
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

    @Test("what was read before stays for the sessions while the file is away or wrong, and each look says so until it is right again")
    func standing() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = "* Correct-Horse\n"
        try write(text)
        var file = PasswordFile(path: path)
        func isReported() -> Bool { if case .unreadable = file.known { true } else { false } }
        file.refresh()
        #expect(!isReported())
        try FileManager.default.removeItem(atPath: path)
        file.refresh()
        #expect(isReported() && file.passwords?.known == .peers([], everybody: true))
        for (wrong, mode) in [("* Correct Horse\n", 0o600), (text, 0o604)] {
            try write(wrong, mode: mode)
            file.refresh()
            for _ in 0..<3 {
                file.refresh()
                #expect(isReported() && file.passwords?.known == .peers([], everybody: true))
            }
        }
        try write(text)
        for _ in 0..<2 { file.refresh() }
        #expect(file.known == .peers([], everybody: true))
    }
}
