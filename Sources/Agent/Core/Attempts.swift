import EVPN
import FederationModel

/// When something that failed may be tried again: at once if what is wanted changed, else after a pause that doubles.
package struct Attempts: Hashable, Sendable, Codable {
    private struct Failure: Hashable, Sendable, Codable {
        var design: VPNDesign
        var step: Step
        var reason: String
        var count: Int
        var nextAt: Int64
    }

    /// Milliseconds: the first pause and the longest.
    package static let pauses: (first: Int64, longest: Int64) = (500, 5_000)

    private var failures: [VPNInstance: Failure] = [:]

    package init() {}

    package mutating func failed(_ design: VPNDesign, step: Step, reason: String, at now: Int64) {
        let count = failures[design.instance].map { $0.design == design ? $0.count + 1 : 1 } ?? 1
        let pause = min(Self.pauses.longest, Self.pauses.first << Int64(min(count - 1, 10)))
        failures[design.instance] = Failure(design: design, step: step, reason: reason, count: count, nextAt: now + pause)
    }

    package mutating func succeeded(_ instance: VPNInstance) { failures[instance] = nil }

    /// Why the last attempt failed; nil where what failed is not to be done any more, whoever did it meanwhile.
    package func reason(_ instance: VPNInstance, among steps: [Step]) -> String? {
        failures[instance].flatMap { steps.contains(where: $0.step.leadsWhere) ? $0.reason : nil }
    }

    package func mayTry(_ design: VPNDesign, at now: Int64) -> Bool {
        guard let failure = failures[design.instance] else { return true }
        // A clock that was set back must not make the pause longer.
        return failure.design != design || now >= failure.nextAt || failure.nextAt - now > Self.pauses.longest
    }
}
