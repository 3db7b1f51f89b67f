import Testing

@testable import Agent

@Suite("Why something does not work", .timeLimit(.minutes(1)))
struct SaidReasonsTests {
    @Test("is said once, again when the reason changes, and once when it works again; each object has its own")
    func changes() {
        let said = SaidReasons()
        let told = ["closed", "closed", nil, nil, "closed", "refused", "refused"].map { said.changed($0, for: "r1") }
        #expect(told == [true, false, true, false, true, true, false])
        #expect(said.changed("refused", for: "r2"))
        #expect(!said.changed(nil, for: "r3"), "it always worked")
    }
}
