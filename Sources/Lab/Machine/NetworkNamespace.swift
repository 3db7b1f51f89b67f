import Foundation
import Glibc

/// A named network namespace, as `ip netns` makes them.
package struct NetworkNamespace: Hashable, Sendable, CustomStringConvertible {
    /// What all namespaces of labs begin with; nothing else is ever removed.
    package static let prefix = "fl-"

    package let name: String

    package init(_ name: String) { self.name = name }

    package var path: String { "/run/netns/\(name)" }
    package var description: String { name }

    /// Runs `body` on a thread of its own that has moved into the namespace; what it spawns lives there too.
    ///
    /// Ten times cheaper than `ip netns exec` in a user-mode kernel. `/sys` stays that of the lab's own namespace.
    package func perform<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await onThread {
            try enter()
            return try body()
        }
    }

    /// Moves the calling thread into the namespace for the rest of its life (setns(2)).
    func enter() throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw LabError("no such network namespace \(name): \(errnoText)") }
        defer { close(file) }
        guard Self.setns(file, Self.networkKind) == 0 else { throw LabError("cannot enter namespace \(name): \(errnoText)") }
    }

    /// CLONE_NEWNET of <sched.h>.
    private static let networkKind: Int32 = 0x4000_0000

    /// setns(2) is hidden from Swift's Glibc module (it needs _GNU_SOURCE), not from the linker.
    private static func setns(_ file: Int32, _ kind: Int32) -> Int32 {
        guard let symbol = dlsym(nil, "setns") else {
            errno = ENOSYS
            return -1
        }
        typealias Function = @convention(c) (Int32, Int32) -> Int32
        return unsafeBitCast(symbol, to: Function.self)(file, kind)
    }

    /// What the kernel knows it by; nil if it does not exist.
    package var inode: ino_t? { Self.inode(of: path) }

    private static func inode(of path: String) -> ino_t? {
        var state = stat()
        return stat(path, &state) == 0 ? state.st_ino : nil
    }

    /// Processes that live in one of these namespaces.
    package static func processes(in inodes: Set<ino_t>) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(pid_t.init).filter { process in inode(of: "/proc/\(process)/ns/net").map(inodes.contains) == true }
    }

    /// All namespaces that labs made and that are still there.
    package static func existing() -> [NetworkNamespace] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
        return names.filter { $0.hasPrefix(prefix) }.sorted().map(NetworkNamespace.init)
    }
}

/// Runs blocking work on a thread of its own: namespaces belong to threads, and Swift's pool must not wait for processes.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result(catching: body)) }
        thread.stackSize = 1 << 20
        thread.start()
    }
}

/// What the last failed system call said, in words.
var errnoText: String { String(cString: strerror(errno)) }

/// Something in the lab that is not as it has to be.
package struct LabError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
