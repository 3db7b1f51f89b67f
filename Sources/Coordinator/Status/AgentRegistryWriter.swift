import Logging

/// Stores what changed in the agent registry, a while after it did and all of it when the coordinator stops.
package struct AgentRegistryWriter: Sendable {
    let controlPlane: ControlPlane
    let interval: Duration

    package init(controlPlane: ControlPlane, interval: Duration = .seconds(1)) {
        self.controlPlane = controlPlane
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
        let removed = controlPlane.registry.takeRemoved()
        let records = controlPlane.registry.takeChanged()
        do {
            // A cancelled task must still store: GRDB would refuse in it.
            try await Task { [store = controlPlane.store] in
                try await store.forget(removed)
                try await store.save(records)
            }.value
        } catch {
            controlPlane.registry.retain(removed: removed)
            controlPlane.registry.retain(records)
            controlPlane.log.error("cannot store the agents’ status", metadata: ["error": "\(error)"])
        }
    }
}
