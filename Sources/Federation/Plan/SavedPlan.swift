import FederationModel
import NetworkTypes

/// A plan in a file, to be read by others and applied later: `fedctl plan -f FILE --save PLAN`, `fedctl apply PLAN`.
///
/// It carries the federation file that it was made of. Applying makes the plan anew from that text, on the revision in force, and
/// goes on only if it does the same as the plan that was saved: what somebody approved is what happens, or nothing.
package struct SavedPlan: Hashable, Sendable, Codable {
    /// Of this layout.
    package static let format = 2

    package var plan: Plan
    /// The federation file.
    package var text: String
    /// Milliseconds since 1970.
    package var madeAt: Int64

    package init(plan: Plan, text: String, madeAt: Int64) {
        self.plan = plan
        self.text = text
        self.madeAt = madeAt
    }

    /// Nil where the plan made anew does the same; else why it must not be applied.
    package func objection(to fresh: Plan) -> Objection? {
        if fresh.federation != plan.federation { return .otherFederation(saved: plan.federation, current: fresh.federation) }
        if fresh.base != plan.base { return .baseMoved(saved: plan.base, current: fresh.base) }
        return fresh.doesTheSame(as: plan) ? nil : .otherOutcome
    }

    /// Why a saved plan cannot be applied.
    package enum Objection: Error, Hashable, Sendable, CustomStringConvertible {
        case otherFederation(saved: FederationID, current: FederationID)
        case baseMoved(saved: UInt64, current: UInt64)
        /// The same text on the same revision does something else now: values that were in quarantine became free, or the program did change.
        case otherOutcome

        package var reason: String {
            switch self {
            case .otherFederation(let saved, let current): "the plan is of federation \(saved), and this coordinator serves \(current)"
            case .baseMoved(let saved, let current): "the plan starts from revision \(saved), and revision \(current) is in force"
            case .otherOutcome: "the plan would do something else by now than what was saved"
            }
        }

        package var remedy: String {
            switch self {
            case .otherFederation(let saved, _): "connect to the coordinator of \(saved)"
            case .baseMoved: "look at what changed and plan again"
            case .otherOutcome: "plan again, and look at it again"
            }
        }

        package var description: String { "\(reason); \(remedy)" }
    }

    private enum CodingKeys: CodingKey {
        case format, plan, text, digest, madeAt
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let format = try container.decode(Int.self, forKey: .format)
        guard format == Self.format else {
            throw DecodingError.dataCorruptedError(
                forKey: .format, in: container,
                debugDescription: "the plan is of format \(format), and this program reads \(Self.format); plan again")
        }
        plan = try container.decode(Plan.self, forKey: .plan)
        text = try container.decode(String.self, forKey: .text)
        madeAt = try container.decode(Int64.self, forKey: .madeAt)
        guard try container.decode(String.self, forKey: .digest) == Self.digest(of: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .digest, in: container,
                debugDescription: "the federation file in the plan is not the one that it was made of; plan again")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(plan, forKey: .plan)
        try container.encode(text, forKey: .text)
        try container.encode(Self.digest(of: text), forKey: .digest)
        try container.encode(madeAt, forKey: .madeAt)
    }

    private static func digest(of text: String) -> String {
        var fields = FieldBytes()
        fields.combine("text", text)
        var digest = Digest()
        digest.feed(fields)
        return digest.text
    }
}
