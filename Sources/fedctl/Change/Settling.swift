import Federation
import Terminal

/// Whether the agents did what a revision asks of them.
struct Settling: Hashable, Sendable {
    var status: FederationStatus

    /// Every resource has its answer: nothing more is coming by itself.
    var isDone: Bool { status.agents.allSatisfy { $0.resources.allSatisfy { !$0.isPending || $0.rejection != nil } } }

    var exitStatus: ExitStatus { !status.rejected.isEmpty ? .error : status.pending > 0 ? .changesPending : .ok }

    var progress: String {
        let waiting = status.agents.filter { $0.pending > 0 }
        let names = waiting.map { "\($0.gateway)\($0.connected ? "" : " (not connected)")" }.joined(separator: ", ")
        return "\(count(status.pending, "resource")) not applied yet at \(names)"
    }

    var page: Page {
        var page = Page()
        for agent in status.agents {
            for resource in agent.resources where resource.isPending {
                if let rejection = resource.rejection {
                    page.line(StyledText("\(agent.gateway) refused \(resource.resource): ", .bad) + StyledText(rejection))
                } else {
                    let why =
                        agent.connected ? "has not applied \(resource.resource) yet" : "is not connected; \(resource.resource) waits for it"
                    page.line(StyledText("\(agent.gateway) ", .doubtful) + StyledText(why))
                }
            }
        }
        if status.pending == 0 { page.line(StyledText("applied by every agent (\(status.agents.count))", .good)) }
        return page
    }
}
