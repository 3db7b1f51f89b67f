import Logging

/// Stores what changed on the roll of agents, a while after it did and all of it when the coordinator stops.
package struct RollKeeper: Sendable {
    let office: Office
    let interval: Duration

    package init(office: Office, interval: Duration = .seconds(1)) {
        self.office = office
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
        let removed = office.roll.takeRemoved()
        let records = office.roll.takeChanged()
        do {
            // A cancelled task must still store: GRDB would refuse in it.
            try await Task { [store = office.store] in
                try await store.forget(removed)
                try await store.save(records)
            }.value
        } catch {
            office.roll.retain(removed: removed)
            office.roll.retain(records)
            office.log.error("agents’ status cannot be stored", metadata: ["error": "\(error)"])
        }
    }
}
