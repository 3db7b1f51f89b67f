import FederationModel
import Testing

@testable import Verification

@Suite("What is remembered of verdicts, and what of their changes is news", .timeLimit(.minutes(1)))
struct FormerVerdictsTests {
    private let pair = PairName(
        vpn: VPNName(unchecked: "blue"), origin: CloudName(unchecked: "paris"), viewer: CloudName(unchecked: "tokyo"))
    private let ok = Judgement(state: .ok)
    private let silent = Judgement(state: .unknown, step: .acknowledged, code: "agent-silent", sentence: "paris/gw1 is silent")
    private let failed = Judgement(state: .failed, step: .received, code: "session-down", sentence: "no session")

    private func change(_ before: Judgement?, _ after: Judgement?, at time: Int64) -> PairChange {
        PairChange(pair, before: before, after: after, at: time)
    }

    @Test("a pair that is again what it was before the start is no news, whatever it was meanwhile")
    func back() {
        var former = FormerVerdicts([pair: ok], at: 1000)
        #expect(former.news(of: [change(nil, silent, at: 1000)], at: 1000).isEmpty)
        #expect(former.news(of: [change(silent, failed, at: 3000)], at: 3000).isEmpty)
        #expect(former.news(of: [change(failed, ok, at: 4000)], at: 4000).isEmpty)
        #expect(former.deadline == nil)
        // From now on it is as any other.
        #expect(former.news(of: [change(ok, failed, at: 5000)], at: 5000) == [change(ok, failed, at: 5000)])
    }

    @Test("a pair that is not what it was is told of when time is up, since when it was judged so")
    func lost() {
        var former = FormerVerdicts([pair: ok], at: 1000)
        #expect(former.news(of: [change(nil, silent, at: 1000)], at: 1000).isEmpty)
        #expect(former.deadline == 31_000)
        #expect(former.news(of: [], at: 30_999).isEmpty)
        #expect(former.news(of: [], at: 31_000) == [change(ok, silent, at: 1000)])
        #expect(former.deadline == nil && former.news(of: [], at: 40_000).isEmpty)
    }

    @Test("where the clock is set back after the start, nothing is waited for")
    func setBack() {
        var former = FormerVerdicts([pair: ok], at: 1_000_000)
        #expect(former.news(of: [change(nil, silent, at: 1_000_000)], at: 1_000_000).isEmpty && !former.isDue(at: 1_000_001))
        #expect(former.isDue(at: 5000) && former.news(of: [], at: 5000) == [change(ok, silent, at: 1_000_000)])
        #expect(former.deadline == nil)
    }

    @Test("a pair that changes over and over is told as flapping, once, and as what it became when it stays so")
    func flapping() {
        var flapping = Flapping()
        var told: [PairChange] = []
        let other = PairName(vpn: VPNName(unchecked: "red"), origin: pair.origin, viewer: pair.viewer)
        // Ten times a second, for five minutes.
        for step in 0..<3000 {
            let now = Int64(1000 + step * 100)
            told += flapping.news(of: [step % 2 == 0 ? change(ok, failed, at: now) : change(failed, ok, at: now)], at: now)
        }
        #expect(told.count == Flapping.mostChanges + 1)
        #expect(told.last?.before == ok && told.last?.after?.state == .unknown && told.last?.after?.code == "flapping")
        // Another pair is told of as ever.
        let new = PairChange(other, before: ok, after: failed, at: 301_000)
        #expect(flapping.news(of: [new], at: 301_000) == [new])
        #expect(flapping.isDue(at: 400_000))
        let settled = flapping.news(of: [], at: 400_000)
        #expect(settled.map(\.before) == [told.last?.after] && settled.map(\.after) == [ok] && settled.map(\.at) == [300_900])
        #expect(!flapping.isDue(at: 500_000))
        // Six changes of a minute are told one by one, and a clock that is set back holds nothing.
        for step in 0..<60 { _ = flapping.news(of: [change(ok, failed, at: Int64(500_000 + step))], at: Int64(500_000 + step)) }
        #expect(flapping.isDue(at: 1000) && flapping.news(of: [], at: 1000).map(\.after) == [failed])
    }

    @Test("a pair that is gone after the start is told of as gone, and a new one at once")
    func others() {
        var former = FormerVerdicts([pair: failed], at: 0)
        let other = PairName(vpn: VPNName(unchecked: "red"), origin: pair.origin, viewer: pair.viewer)
        let new = PairChange(other, before: nil, after: silent, at: 5)
        #expect(former.news(of: [new], at: 5) == [new])
        #expect(former.news(of: [], at: 30_000) == [change(failed, nil, at: 0)])
    }

    @Test("a change of a sentence alone is none; a change of state or cause is one")
    func sentences() {
        func verdict(_ state: VerdictState, _ code: String, _ sentence: String) -> PairVerdict {
            PairVerdict(
                vpn: pair.vpn, origin: pair.origin, viewer: pair.viewer, state: state,
                cause: Cause(step: .received, code: code, sentence: sentence, evidence: [], remedy: ""), counts: StepCounts(), prefixes: [])
        }
        let before = verdict(.failed, "session-down", "for 3 s")
        #expect(PairChange(VerdictChange(before: before, after: verdict(.failed, "session-down", "for 4 s")), at: 1) == nil)
        #expect(PairChange(VerdictChange(before: before, after: verdict(.failed, "route-missing", "for 3 s")), at: 1) != nil)
        #expect(PairChange(VerdictChange(before: before, after: verdict(.unknown, "session-down", "for 3 s")), at: 1) != nil)
        #expect(PairChange(VerdictChange(before: before, after: nil), at: 1)?.after == nil)
    }

    @Test("100,000 pairs with the same change are twenty transitions; with as many sentences they are told without these")
    func storm() {
        func pairs(_ body: (Int) -> Judgement) -> [PairChange] {
            (0..<100_000).map { number in
                PairChange(
                    PairName(vpn: VPNName(unchecked: "v\(number)"), origin: pair.origin, viewer: pair.viewer), before: ok,
                    after: body(number),
                    at: 7)
            }
        }
        let same = VerdictTransition.grouping(pairs { _ in silent })
        #expect(same.count == 20 && same.allSatisfy { $0.transition.pairs.count == 5000 && $0.transition.after == silent })
        let sentences = VerdictTransition.grouping(
            pairs { Judgement(state: .failed, step: .received, code: "session-down", sentence: "session of v\($0)") })
        #expect(
            sentences.count == 20 && sentences.allSatisfy { $0.transition.after?.sentence == "" && $0.transition.after?.step == .received })
    }
}
