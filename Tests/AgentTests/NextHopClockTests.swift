import NetworkTypes
import Testing

@testable import Agent

@Suite("Next hops, and a clock that is set back", .timeLimit(.minutes(1)))
struct NextHopClockTests {
    @Test("it does not make one that nobody answers for look answered")
    func setBack() throws {
        var watch = NextHopWatch()
        let hop = try #require(IPAddress("172.24.1.1"))
        watch.want(["lrp-gw": [hop]])
        watch.see(["lrp-gw": []], at: 1_000_000)
        watch.see(["lrp-gw": []], at: 100_000)
        watch.see(["lrp-gw": []], at: 100_000 + NextHopWatch.patience)
        #expect(watch.unanswered("lrp-gw") == [hop])
    }
}
