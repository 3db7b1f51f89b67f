import Glibc

/// Times and sizes of this process.
enum Measuring {
    /// - Returns: How long it took, in seconds, and what came of it.
    static func time<Result>(_ work: () throws -> Result) rethrows -> (seconds: Double, result: Result) {
        let clock = ContinuousClock()
        let start = clock.now
        let result = try work()
        let (seconds, attoseconds) = (clock.now - start).components
        return (Double(seconds) + Double(attoseconds) / 1e18, result)
    }

    /// The most memory that this process ever had, in bytes (getrusage(2)).
    static var peakMemory: Int {
        var usage = rusage()
        return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? usage.ru_maxrss * 1024 : 0
    }
}

/// The same arithmetic each time: what it takes now and what it takes at best differ by what else the machine does.
struct Calibration {
    private(set) var seconds: [Double] = []
    /// Goes on from run to run, so that no run can be left out as one without effect.
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    mutating func run() {
        let (seconds, result) = Measuring.time { [state] in
            var state = state
            for _ in 0..<50_000_000 { state = (state ^ (state >> 13)) &* 0xff51_afd7_ed55_8ccd }
            return state
        }
        state = result
        self.seconds.append(seconds)
    }

    /// `0.081–0.094 s`, or that the arithmetic went wrong.
    var summary: String {
        guard let best = seconds.min(), let worst = seconds.max(), state != 0 else { return "not measured" }
        return "\(rounded(best))–\(rounded(worst)) s"
    }

    private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

extension [Double] {
    /// Of an odd number of runs, the one in the middle.
    var median: Double { isEmpty ? 0 : sorted()[count / 2] }

    /// The smallest that so many percent are not above.
    func percentile(_ percent: Int) -> Double { isEmpty ? 0 : sorted()[Swift.max(0, (count * percent + 99) / 100 - 1)] }
}
