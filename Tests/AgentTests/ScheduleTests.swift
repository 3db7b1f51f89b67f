import Testing

@testable import Agent

@Suite("When to look again")
struct ScheduleTests {
    @Test("the longer a look at the kernel takes, the longer the agent keeps off it")
    func pace() {
        let now = ContinuousClock.now
        for (took, rest) in [(Duration.zero, Schedule.rest), (.milliseconds(100), .milliseconds(400))] {
            var schedule = Schedule()
            schedule.looked(.kernel, at: now, succeeded: true, after: took)
            schedule.kernelSoon(now)
            #expect(!schedule.isDue(.kernel, at: now + rest - .milliseconds(1)))
            #expect(schedule.isDue(.kernel, at: now + rest))
        }
    }

    @Test("a change of the kernel after a rest is looked at at once")
    func rested() {
        let now = ContinuousClock.now
        var schedule = Schedule()
        schedule.looked(.kernel, at: now, succeeded: true, after: .milliseconds(5))
        schedule.kernelSoon(now + .seconds(1))
        #expect(schedule.isDue(.kernel, at: now + .seconds(1)))
    }
}
