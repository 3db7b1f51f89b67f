import Coordinator
import Dispatch
import FederationAPI
import Foundation
import Synchronization
import Testing

@Suite("WorkQueue: files are read one at a time, on a thread of its own", .timeLimit(.minutes(1)))
struct WorkQueueTests {
    @Test("what is before one is waited for, and what is too much is refused")
    func order() async throws {
        let queue = WorkQueue("test", limit: 2)
        let (started, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let running = Counter()
        async let first = queue.work {
            running.add(1)
            started.signal()
            gate.wait()
            return running.value
        }
        await offThread { started.wait() }
        async let second = queue.work { running.value }
        // The second waits; there is no room for a third.
        #expect(try await eventually { queue.count == 2 })
        await #expect(throws: Refusal.busy) { try await queue.work {} }
        gate.signal()
        #expect(try await first == 1)
        #expect(try await second == 1)
        #expect(try await eventually { try await queue.work { 3 } == 3 })
    }

    @Test("who waits too long gets an answer, and the work that was not begun is not done")
    func patience() async throws {
        let queue = WorkQueue("test", limit: 4, patience: .milliseconds(100))
        let gate = DispatchSemaphore(value: 0)
        let done = Counter()
        await #expect(throws: Refusal.busy) { try await queue.work { gate.wait() } }
        await #expect(throws: Refusal.busy) { try await queue.work { done.add(1) } }
        gate.signal()
        #expect(try await eventually { (try? await queue.work { true }) == true })
        #expect(done.value == 0)
    }

    @Test("four plans of a file with 16,000 errors are answered with 100 of them and the number of the rest, and nobody waits for them")
    func badFile() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let clouds = (0..<8000).map { "c\($0): {x: 1}" }.joined(separator: ", ")
            let text = "federation: demo\nclouds: {\(clouds)}\n"
            let pending = Counter(4)
            let plans = Task {
                try await withThrowingTaskGroup(of: ChangeResult.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            defer { pending.add(-1) }
                            return try await loopback.plan(text)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            try await loopback.withAdmin { admin in
                // As many answers as one asks for, while the plans are made.
                var answers = 0
                repeat {
                    _ = try await admin.status()
                    answers += 1
                } while pending.value == 4 && answers < 10
                #expect(answers > 0)
            }
            for plan in try await plans.value {
                #expect(!plan.accepted)
                #expect(plan.diagnostics.count == 101)
                #expect(plan.diagnostics.last?.reason.hasSuffix(" more problems") == true)
            }
        }
    }

    @Test("a file name comes back with 255 bytes at most")
    func fileName() async throws {
        try await Loopback.fresh { loopback in
            let answer = try await loopback.plan("x: [", fileName: String(repeating: "f", count: 1_000_000))
            let diagnostic = try #require(answer.diagnostics.first)
            #expect(diagnostic.file.utf8.count == 255)
        }
    }
}

/// Waits on a thread of its own, not on one of Swift's.
private func offThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        Thread {
            body()
            continuation.resume()
        }.start()
    }
}

private final class Counter: Sendable {
    private let count: Atomic<Int>
    init(_ value: Int = 0) { count = Atomic(value) }
    var value: Int { count.load(ordering: .relaxed) }
    func add(_ number: Int) { count.add(number, ordering: .relaxed) }
}
