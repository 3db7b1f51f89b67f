import Agent
import Testing

@Suite("When to look again")
struct ScheduleTests {
    private let now: Int64 = 1_000_000

    @Test("the longer a look at the kernel takes, the longer the agent keeps off it")
    func pace() {
        for (took, rest) in [(0, Schedule.rest), (100, 400)] as [(Int64, Int64)] {
            var schedule = Schedule()
            schedule.looked(.kernel, at: now, succeeded: true, after: took)
            schedule.kernelSoon(now)
            #expect(!schedule.isDue(.kernel, at: now + rest - 1))
            #expect(schedule.isDue(.kernel, at: now + rest))
        }
    }

    @Test("a change of the kernel after a rest is looked at at once")
    func rested() {
        var schedule = Schedule()
        schedule.looked(.kernel, at: now, succeeded: true, after: 5)
        schedule.kernelSoon(now + 1_000)
        #expect(schedule.isDue(.kernel, at: now + 1_000))
    }

    @Test("a clock that is set back makes no time longer")
    func setBack() {
        var schedule = Schedule()
        for surface in Schedule.Surface.allCases { schedule.looked(surface, at: now, succeeded: true) }
        let before = now - 3_600_000
        #expect(schedule.isDue(.kernel, at: before) && schedule.next(after: before) == before)
    }
}
