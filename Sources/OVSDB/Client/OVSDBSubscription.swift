/// One reader's place among the readers of a client; it gives the place up when the reader forgets its stream.
final class OVSDBSubscription: Sendable {
    private let client: OVSDBClient
    private let id: Int

    init(client: OVSDBClient) {
        self.client = client
        self.id = client.state.withLock { state in
            state.subscribers.add(pending: state.monitor.isFilled ? ReplicaChange(from: OVSDBReplica(), to: state.monitor.replica) : nil)
        }
    }

    deinit { client.state.withLock { $0.subscribers.remove(id) }?.resume() }

    func next() async -> OVSDBUpdate? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                client.state.withLock { state in
                    // Cancelled before we came to wait: there will be no other call of the handler below.
                    if Task.isCancelled { _ = state.subscribers.end(id) }
                    return state.subscribers.ask(id, continuation, state.monitor.replica)
                }?.resume()
            }
        } onCancel: {
            client.state.withLock { $0.subscribers.end(id) }?.resume()
        }
    }
}
