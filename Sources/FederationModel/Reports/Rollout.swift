/// How far gateways are with what they are to do. It alone decides who has applied what: a status, a wait, a VNI change and a
/// verdict must not differ in it.
package struct Rollout: Hashable, Sendable, Codable {
    private let intents: [GatewayID: GatewayIntent]
    private let records: [GatewayID: [ResourceName: ResourceRecord]]

    /// - Parameter records: the latest that agents said; a gateway that is not among them was never heard.
    package init(of intents: [GatewayID: GatewayIntent], _ records: [GatewayID: [ResourceName: ResourceRecord]]) {
        self.intents = intents
        self.records = records
    }

    /// Every gateway that is to do something, and every one that was heard. Sorted.
    package var gateways: [GatewayID] { Set(intents.keys).union(records.keys).sorted() }

    /// Each resource that a gateway is to have, or was heard of.
    package func progress(of gateway: GatewayID) -> [ResourceName: ResourceProgress] {
        let intended = intents[gateway]?.versions ?? [:]
        let recorded = records[gateway] ?? [:]
        return Dictionary(
            uniqueKeysWithValues: Set(intended.keys).union(recorded.keys).map { name in
                (name, ResourceProgress(name, intended: intended[name], record: recorded[name]))
            })
    }

    /// How far one gateway is with one resource.
    package func progress(of gateway: GatewayID, _ resource: ResourceName) -> ResourceProgress {
        ResourceProgress(resource, intended: intents[gateway]?.version(of: resource), record: records[gateway]?[resource])
    }

    /// Gateways that have not applied a resource of theirs, sorted. One that was never heard is not waited for: it neither sends nor receives.
    package func waiting(for resource: ResourceName) -> [GatewayID] {
        intents.keys.filter { gateway in
            let progress = progress(of: gateway, resource)
            return progress.intended != nil && records[gateway] != nil && progress.state != .applied
        }.sorted()
    }
}

/// How far a gateway is with one resource.
package struct ResourceProgress: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// The version that is asked for is in force.
        case applied
        /// It is not yet.
        case pending
        /// The version that is asked for is refused, and the one before it, if any, stays in force.
        case rejected(reason: String)
        /// It is not asked for any more. Agents acknowledge no removal: once an agent was told of one, nothing is known of the resource.
        case withdrawn
    }

    package var name: ResourceName
    /// The version that the gateway is to have; nil: none.
    package var intended: ResourceVersion?
    /// The version that is in force, as far as the agent has said.
    package var applied: ResourceVersion?
    package var state: State

    package init(_ name: ResourceName, intended: ResourceVersion?, record: ResourceRecord?) {
        self.name = name
        self.intended = intended
        applied = record?.applied
        // A refusal of a version that is no longer asked for is history. One of a version that was applied before is none.
        if intended == nil {
            state = .withdrawn
        } else if let rejection = record?.rejection, rejection.version == intended {
            state = .rejected(reason: rejection.reason)
        } else {
            state = applied == intended ? .applied : .pending
        }
    }

    /// The agent may have to say or do something yet. No agent is told to take its base away.
    package var isOpen: Bool {
        switch state {
        case .applied, .rejected: false
        case .pending: true
        case .withdrawn: name != .base
        }
    }

    /// What is asked for is not in force: not yet, or refused.
    package var isMissing: Bool {
        switch state {
        case .applied, .withdrawn: false
        case .pending, .rejected: true
        }
    }
}
