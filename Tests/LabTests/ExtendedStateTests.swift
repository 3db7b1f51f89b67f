import Foundation
import Glibc
import Testing

@testable import Lab

/// A user-mode kernel keeps less of a process's state than some processors have.
@Suite("Extended state", .timeLimit(.minutes(1)))
struct ExtendedStateTests {
    private static let object = "\(ProductBinary.folder)/\(ExtendedState.object)"

    /// Lines of `traced-child`, by what stands before the colon.
    private func ask(_ sizes: [Int], preloaded: Bool) async throws -> [String: String] {
        let text = try await Command(
            [ProductBinary.path("traced-child")] + sizes.map(String.init), environment: preloaded ? ["LD_PRELOAD": Self.object] : [:]
        ).succeed()
        let pairs = text.split(separator: "\n").map { $0.components(separatedBy: ": ") }
        return Dictionary(pairs.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
    }

    @Test("a traced child's whole state survives a short write with the object, and the machine's kernel refuses one without")
    func shortWrite() async throws {
        let size = ExtendedState.ofThisMachine.size
        try #require(size > 576, "a processor with XSAVE and AVX")
        // The header's end, a cut through a component, all but the last word; all of it; a buffer with room to spare, as UML's is here.
        let short = [576, 704, size - 8]
        let sizes = short + [size, size + 264]
        let plain = try await ask(sizes, preloaded: false)
        let repaired = try await ask(sizes, preloaded: true)
        #expect(plain["state"] == "\(size)" && repaired["state"] == "\(size)")
        for size in sizes {
            #expect(repaired["\(size) bytes"] == "whole")
            #expect(plain["\(size) bytes"] == (short.contains(size) ? "refused, errno \(EFAULT)" : "whole"))
        }
    }

    @Test("every other request is the C library's own: words that are read, errors, general and floating-point registers")
    func otherRequests() async throws {
        let plain = try await ask([], preloaded: false)
        let repaired = try await ask([], preloaded: true)
        #expect(plain == repaired)
        #expect(repaired["peek"] == "-1, errno 0" && repaired["peek nowhere"] == "-1, errno set")
        #expect(repaired["registers"] == "read" && repaired["general registers"] == "written")
        #expect(repaired["floating-point registers"] == "whole")
        #expect(repaired["nobody"] == "-1, errno \(ESRCH)")
    }

    @Test("the object needs the C library and nothing else: it is loaded into a kernel")
    func dependencies() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.object))
        #expect(bytes.range(of: Data("libc.so.6".utf8)) != nil)
        #expect(bytes.range(of: Data("libswiftCore".utf8)) == nil && bytes.range(of: Data("libstdc++".utf8)) == nil)
    }

    @Test("it is used where the state is larger than the kernel's buffer, or where that is asked for")
    func decision() throws {
        let beside = "/x/.build/debug/libfedlab-xstate.so"
        func preload(_ size: Int, forced: Bool = false) throws -> String? {
            try ExtendedState(size: size, isForced: forced).preload(beside: "/x/.build/debug") { $0 == beside }
        }
        for size in [0, 832, 2432, 2696] {
            #expect(try preload(size) == nil)
            #expect(try preload(size, forced: true) == beside)
        }
        for size in [2697, 11_008, 1 << 16] { #expect(try preload(size) == beside) }
    }

    @Test("where it is needed and missing, the error names the file and the command that builds it, for a release build too")
    func missing() {
        func refusal(_ folder: String) -> String {
            do {
                _ = try ExtendedState(size: 11_008).preload(beside: folder) { _ in false }
                return ""
            } catch {
                return error.description
            }
        }
        #expect(refusal("/x/.build/debug").hasPrefix("/x/.build/debug/libfedlab-xstate.so is missing"))
        #expect(refusal("/x/.build/debug").hasSuffix("build it: swift build --product fedlab-xstate"))
        #expect(refusal("/x/.build/x86_64-unknown-linux-gnu/release").hasSuffix("swift build -c release --product fedlab-xstate"))
    }
}
