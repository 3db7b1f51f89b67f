import NIOCore

/// What a connection tells the client. Decisions are made under the lock; readers are resumed outside of it.
extension OVSDBClient {
    /// A connection stands.
    ///
    /// - Returns: What to send first.
    func opened(_ channel: any Channel) -> [JSONValue] {
        let now = now
        return state.withLock { state in
            let session = MonitorSession(database: database, requiresLeader: requiresLeader)
            state.session = session
            state.channel = channel
            state.reconnection.opened(at: now)
            state.report { $0.phase = .synchronising }
            return session.opening
        }
    }

    /// Messages came, all of one read: they are applied, and readers hear of them, as one change.
    ///
    /// - Returns: What to answer.
    /// - Throws: If the connection is unusable.
    func received(_ messages: [OVSDBMessage]) throws(OVSDBError) -> [JSONValue] {
        let now = now
        var answers: [JSONValue] = []
        var results: [(CheckedContinuation<Result<JSONValue, OVSDBError>, Never>, Result<JSONValue, OVSDBError>)] = []
        let (failure, deliveries) = state.withLock { state -> (OVSDBError?, [OVSDBSubscribers.Delivery]) in
            state.reconnection.heard(at: now)
            state.lastHeard = now
            let wasFilled = state.monitor.isFilled
            var change = ReplicaChange()
            var failure: OVSDBError?
            do throws(OVSDBError) {
                for message in messages {
                    for output in try state.receive(message, recording: &change) {
                        switch output {
                        case .send(let request): answers.append(request)
                        case .synchronised:
                            state.reconnection.synchronised(at: now)
                            state.report {
                                $0.phase = .connected
                                $0.silentSince = nil
                            }
                            logger.info("connected", metadata: ["remote": "\(state.connection.remote?.description ?? "")"])
                        case .result(let id, let result):
                            if let waiter = state.waiting.removeValue(forKey: id) { results.append((waiter, .success(result))) }
                        case .refusal(let id, let error):
                            if let waiter = state.waiting.removeValue(forKey: id) { results.append((waiter, .failure(error))) }
                        }
                    }
                }
            } catch {
                // Whatever is wrong with the rows, a full dump puts it right.
                state.monitor.forgetTransaction()
                failure = error
            }
            // In the same breath as the rows, so that no reader sees rows without the change that brought them.
            guard state.monitor.isFilled, !change.isEmpty || !wasFilled else { return (failure, []) }
            return (failure, state.subscribers.publish(change, state.monitor.replica))
        }
        for delivery in deliveries { delivery.resume() }
        for (waiter, result) in results { waiter.resume(returning: result) }
        if let failure { throw failure }
        return answers
    }

    /// Something is wrong with the connection, which is about to be closed. The first reason is the right one.
    func failed(_ error: OVSDBError) {
        state.withLock { state in
            if state.failure == nil { state.failure = error }
        }
    }

    /// There is no connection (any more).
    func closed(_ error: OVSDBError?) {
        let now = now
        let jitter = Double.random(in: 0..<1)
        let (reason, isNews, waiters) = state.withLock { state in
            let reason = error ?? state.failure ?? .disconnected(reason: "the server closed the connection")
            let isNews = reason != .cancelled && (state.connection.lastError != reason || state.connection.isConnected)
            let waiters = state.waiting.values
            state.waiting = [:]
            state.session = nil
            state.channel = nil
            state.failure = nil
            state.reconnection.closed(at: now, jitter: jitter)
            let lastHeard = state.lastHeard
            state.report {
                $0.phase = .waiting
                $0.lastError = reason
                $0.silentSince = $0.silentSince ?? lastHeard
            }
            return (reason, isNews, waiters)
        }
        // A server that stays away is worth one line, not one each second.
        logger.log(level: isNews ? .warning : .debug, "not connected", metadata: ["reason": "\(reason)"])
        for waiter in waiters { waiter.resume(returning: .failure(.disconnected(reason: reason.description))) }
    }
}

extension OVSDBClient.State {
    /// Kept apart so that replica and session are changed in place, where they are.
    fileprivate mutating func receive(
        _ message: OVSDBMessage, recording change: inout ReplicaChange
    ) throws(OVSDBError) -> [MonitorSession.Output] {
        try session?.receive(message, &monitor, recording: &change) ?? []
    }

    /// Changes the connection state, for all to see.
    mutating func report(_ change: (inout OVSDBConnectionState) -> Void) {
        let before = connection
        change(&connection)
        guard connection != before else { return }
        // Readers that ended are found here: an `onTermination` would take this lock under the runtime's lock of a task that is cancelled, and
        // `yield` takes the two the other way round, which stood still for ever.
        for (id, reader) in stateReaders {
            if case .terminated = reader.yield(connection) { stateReaders[id] = nil }
        }
    }
}
