import FederationModel
import NetworkTypes

/// A plan in a file, for review and a later apply: `fedctl plan -f FILE --save PLAN`, `fedctl apply PLAN`.
///
/// It contains its federation file. An apply plans again from that text, on the revision in force, and
/// continues only if the result equals the saved plan: exactly what was approved happens, or nothing.
package struct SavedPlan: Hashable, Sendable, Codable {
    /// The version of this format.
    package static let format = 3

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

    /// Nil if the new plan does the same; otherwise why it must not be applied.
    package func objection(to fresh: Plan) -> Objection? {
        if fresh.federation != plan.federation { return .otherFederation(saved: plan.federation, current: fresh.federation) }
        if fresh.base != plan.base { return .baseMoved(saved: plan.base, current: fresh.base) }
        return fresh.doesTheSame(as: plan) ? nil : .otherOutcome
    }

    /// Why a saved plan cannot be applied.
    package enum Objection: Error, Hashable, Sendable, CustomStringConvertible {
        case otherFederation(saved: FederationID, current: FederationID)
        case baseMoved(saved: UInt64, current: UInt64)
        /// The same text on the same revision now does something different: values left quarantine, or the program changed.
        case otherOutcome

        package var reason: String {
            switch self {
            case .otherFederation(let saved, let current): "the plan is for federation \(saved), this coordinator serves \(current)"
            case .baseMoved(let saved, let current): "the plan is based on revision \(saved), but revision \(current) is in force"
            case .otherOutcome: "the plan would now do something different from what was saved"
            }
        }

        package var remedy: String {
            switch self {
            case .otherFederation(let saved, _): "connect to the coordinator of \(saved)"
            case .baseMoved: "review what changed and plan again"
            case .otherOutcome: "plan again and review it"
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
                debugDescription: "the plan has format \(format), this program reads format \(Self.format); plan again")
        }
        plan = try container.decode(Plan.self, forKey: .plan)
        text = try container.decode(String.self, forKey: .text)
        madeAt = try container.decode(Int64.self, forKey: .madeAt)
        guard try container.decode(String.self, forKey: .digest) == Self.digest(of: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .digest, in: container,
                debugDescription: "the federation file in the plan was changed after planning; plan again")
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
