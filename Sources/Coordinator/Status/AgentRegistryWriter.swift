import Logging

/// Stores what changed in the agent registry, a while after it did and all of it when the coordinator stops.
package struct AgentRegistryWriter: Sendable {
    let registry: AgentRegistry
    let store: any Store
    let log: Logger
    let interval: Duration

    package init(registry: AgentRegistry, store: any Store, log: Logger, interval: Duration = .seconds(1)) {
        self.registry = registry
        self.store = store
        self.log = log
        self.interval = interval
    }

    /// Until cancelled.
    package func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: interval)
            await save()
        }
    }

    /// What cannot be stored is tried again: the agents' state is in memory meanwhile.
    package func save() async {
        // First what is gone: one that came again meanwhile has a record.
        let removed = registry.takeRemoved()
        let records = registry.takeChanged()
        do {
            // A cancelled task must still store: GRDB would refuse in it.
            try await Task { [store] in
                try await store.forget(removed)
                try await store.save(records)
            }.value
        } catch {
            registry.retain(removed: removed)
            registry.retain(records)
            log.error("cannot store the agents’ status", metadata: ["error": "\(error)"])
        }
    }
}
