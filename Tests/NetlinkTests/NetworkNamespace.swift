import Foundation
import Glibc
import Netlink
import NetworkTypes
import Synchronization
import Testing

/// A network namespace of this test process, deleted with the value.
final class NetworkNamespace: Sendable {
    let name: String

    private static let count = Atomic(0)

    init() throws {
        name = "fednl-\(getpid())-\(Self.count.add(1, ordering: .relaxed).newValue)"
        try run("ip", "netns", "add", name)
        try ip("link", "set", "lo", "up")
    }

    deinit { _ = try? run("ip", "netns", "del", name) }

    /// Runs `body` on this thread with this namespace as the network. A socket that it opens stays here.
    func inside<T>(_ body: () throws -> T) throws -> T {
        let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        let here = open("/run/netns/\(name)", O_RDONLY | O_CLOEXEC)
        defer {
            close(home)
            close(here)
        }
        guard enterNamespace(here) == 0 else { throw CommandFailure(command: "setns \(name)", output: "errno \(errno)") }
        defer { precondition(enterNamespace(home) == 0, "the thread is stuck in \(name)") }
        return try body()
    }

    func netlink() throws -> Netlink { try inside { try Netlink() } }

    func events(
        tables: ClosedRange<UInt32> = 0...UInt32.max, prefix: String = "", receiveBuffer: Int = 4 << 20, capacity: Int = 65_536
    ) throws -> KernelEvents {
        try inside {
            try KernelEvents(
                scope: EventScope(tables: tables, neighbourInterfacePrefix: prefix), receiveBuffer: receiveBuffer, capacity: capacity)
        }
    }

    @discardableResult
    func ip(_ arguments: String...) throws -> String { try run(["ip", "-n", name] + arguments) }

    @discardableResult
    func bridge(_ arguments: String...) throws -> String { try run(["bridge", "-n", name] + arguments) }

    /// What `ip -j …` prints, one dictionary per object.
    func json(_ arguments: String...) throws -> [[String: any Sendable]] {
        try parse(run(["ip", "-n", name, "-j"] + arguments))
    }

    func bridgeJSON(_ arguments: String...) throws -> [[String: any Sendable]] {
        try parse(run(["bridge", "-n", name, "-j"] + arguments))
    }

    private func parse(_ text: String) throws -> [[String: any Sendable]] {
        if text.isEmpty { return [] }
        let objects = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: any Sendable]]
        return (objects ?? []).filter { !$0.isEmpty }
    }
}

/// setns(2) for CLONE_NEWNET. glibc declares it for _GNU_SOURCE only, so that Swift does not see it.
private let enterNamespace: @Sendable (Int32) -> Int32 = {
    typealias Setns = @Sendable @convention(c) (Int32, Int32) -> Int32
    guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "setns") else { return { _ in -1 } }
    let setns = unsafeBitCast(symbol, to: Setns.self)
    return { setns($0, 0x4000_0000) }
}()

struct CommandFailure: Error {
    var command: String
    var output: String
}

@discardableResult
func run(_ arguments: String...) throws -> String { try run(arguments) }

/// Runs a command that ends by itself, and returns what it prints.
@discardableResult
func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw CommandFailure(command: arguments.joined(separator: " "), output: text + complaint)
    }
    return text
}

/// What the kernel that runs the tests can do.
enum KernelFeature {
    static let vrf = canCreate("vrf", "table", "10")
    static let dummy = canCreate("dummy")

    private static func canCreate(_ type: String...) -> Bool {
        guard let namespace = try? NetworkNamespace() else { return false }
        return (try? run(["ip", "-n", namespace.name, "link", "add", "probe", "type"] + type)) != nil
    }
}

func ip(_ text: String) throws -> IPAddress { try IPAddress(parsing: text) }
func prefix(_ text: String) throws -> IPPrefix { try IPPrefix(parsing: text) }
func mac(_ text: String) throws -> MACAddress { try MACAddress(parsing: text) }
func interfaceAddress(_ text: String) throws -> InterfaceAddress { try InterfaceAddress(parsing: text) }
