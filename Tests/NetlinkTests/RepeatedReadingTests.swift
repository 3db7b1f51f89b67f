import Testing

@testable import Netlink

@Suite("Tables that change while they are read", .timeLimit(.minutes(1)))
struct RepeatedReadingTests {
    @Test("an interrupted reading is made again, at most twice")
    func repeats() throws {
        func readings(_ torn: Bool...) throws -> Int {
            var count = 0
            _ = try repeated(while: { torn[$0] }) { () throws(Refusal) in
                defer { count += 1 }
                return count
            }
            return count
        }
        #expect(try readings(false) == 1 && readings(true, false) == 2 && readings(true, true, true, false) == 3)
    }
}
