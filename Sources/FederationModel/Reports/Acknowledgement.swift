/// What an agent did with a version of a resource of its intent. Of one that it has not done yet it says nothing.
package enum Acknowledgement: Hashable, Sendable, Codable {
    /// This version is in force.
    case applied(ResourceVersion)
    /// This version is refused; the last good one, if any, stays in force.
    case rejected(ResourceVersion, reason: String)
}

/// The latest that an agent said of one resource.
package struct ResourceRecord: Hashable, Sendable, Codable {
    /// A version with why it is refused.
    package struct Rejection: Hashable, Sendable, Codable {
        package var version: ResourceVersion
        package var reason: String

        package init(version: ResourceVersion, reason: String) {
            self.version = version
            self.reason = reason
        }
    }

    /// The last version that was applied; a rejection leaves it in force.
    package var applied: ResourceVersion?
    /// Nil since a later version, or the same one, was applied.
    package var rejection: Rejection?

    package init(applied: ResourceVersion? = nil, rejection: Rejection? = nil) {
        self.applied = applied
        self.rejection = rejection
    }

    package mutating func take(_ acknowledgement: Acknowledgement) {
        switch acknowledgement {
        case .applied(let version): self = ResourceRecord(applied: version)
        case .rejected(let version, let reason): rejection = Rejection(version: version, reason: reason)
        }
    }
}
