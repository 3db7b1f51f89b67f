import EVPN
import Foundation
import Logging

/// Looks at a node as an agent that starts does, decides, and does nothing.
///
/// It works beside the running agent: it reads what that stored and asks the same daemons on connections of its own. It takes no lock,
/// binds no socket and writes nothing. What only the running agent remembers (failures and their pauses, destinations whose route has just
/// gone) it does not know.
package struct Explainer {
    private let core: AgentCore
    private let storedAt: Int64?
    private let databases: Databases
    private let effects: Effects

    /// - Throws: where the stored state cannot be read.
    package init(surroundings: Surroundings, stateDirectory: String, log: Logger) throws {
        let store = StateDirectory(reading: stateDirectory, log: log)
        let intent = store.loadIntent()
        core = AgentCore(
            stored: intent, indexes: store.loadIndexes(of: intent) ?? LocalIndexes(), pins: store.loadPins(),
            remembered: store.loadCloud())
        storedAt = store.intentStoredAt
        databases = Databases(remotes: surroundings.databases, log: log)
        effects = try Effects(surroundings, databases, log: log)
    }

    /// - Parameter patience: how long the databases are waited for.
    package func explain(within patience: Duration) async -> Explanation {
        var core = core
        var seenAt: [String: Int64] = [:]
        seenAt["intent"] = storedAt
        for event in await databaseFacts(within: patience) { _ = Self.see(event, &core, &seenAt) }
        if let switching = core.host.switching, let node = core.node {
            let bridges = switching.bridges.intersection(node.bridgeMappings.values).sorted()
            _ = Self.see(await effects.lookAtFlows(bridges), &core, &seenAt)
        }
        var queue = core.handle(.timer, at: GatewayAgent.now)[...]
        var decided: [Action] = []
        while let action = queue.popFirst() {
            switch action {
            case .lookAtKernel(let indexes): queue += Self.see(await effects.lookAtKernel(indexes), &core, &seenAt)
            case .lookAtRouting: queue += Self.see(await effects.lookAtRouting(), &core, &seenAt)
            default: decided.append(action)
            }
        }
        return Explanation(core, decided, seenAt: seenAt, now: GatewayAgent.now)
    }

    private static func see(_ event: Event, _ core: inout AgentCore, _ seenAt: inout [String: Int64]) -> [Action] {
        let now = GatewayAgent.now
        seenAt[Explanation.fact(of: event)] = now
        return core.handle(event, at: now)
    }

    /// The first fact of each kind from the databases, as far as they came in time.
    private func databaseFacts(within patience: Duration) async -> [Event] {
        let inbox = Inbox()
        let deadline = ContinuousClock.now + patience
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await databases.run(telling: inbox) }
            var facts: [Event] = []
            while ContinuousClock.now < deadline, !Set(["node", "switching", "cloud", "northbound"]).isSubset(of: facts.map(\.name)) {
                facts += await inbox.next(within: deadline - .now).events.map(effects.current)
            }
            group.cancelAll()
            return facts
        }
    }
}
