import FederationAPI
import FederationModel
import GRPCCore
import Synchronization

/// The agents' service: one stream per gateway, down with what is intended, up with what became of it.
///
/// Who the agent is stands in its certificate and in no message; so it gets its own gateway's part, and reports as that.
package struct AgentServiceProvider: AgentService {
    let host: any AgentSessionHost

    package init(host: any AgentSessionHost) { self.host = host }

    package func session(_ call: AgentCall) async throws {
        let gateway = call.gateway
        do {
            try host.enter(gateway)
        } catch {
            throw RPCError(code: .resourceExhausted, message: error.description)
        }
        defer { host.leave(gateway) }
        let hasBegun = Flag()
        // The reader makes the session, at Hello; the writer waits for it.
        let (sessions, announcement) = AsyncStream.makeStream(of: AgentSession.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await read(call, announcement, hasBegun) }
            group.addTask {
                for await session in sessions { try await write(session, call) }
                // It is for the reader to say how the session ended.
                await call.connectionLost()
            }
            group.addTask {
                try await Task.sleep(for: host.limits.helloTime)
                guard hasBegun.isRaised else {
                    throw RPCError(
                        code: .deadlineExceeded, message: BudgetBreach.lateHello(host.limits.helloTime).description)
                }
                await call.connectionLost()
            }
            // A connection that breaks does not always end the stream of requests.
            group.addTask { await call.connectionLost() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func read(
        _ call: AgentCall, _ announcement: AsyncStream<AgentSession>.Continuation, _ hasBegun: Flag
    ) async throws {
        var session: AgentSession?
        var reason = "the agent closed it"
        defer {
            announcement.finish()
            if let session { host.end(session, reason: session.end?.sentence ?? reason) }
        }
        do {
            for try await message in call.messages {
                if let session {
                    try host.receive(message, in: session)
                    let pause = session.pace(message, at: host.clock())
                    if pause > 0 { try await Task.sleep(for: .milliseconds(pause)) }
                } else {
                    guard case .hello(let hello) = message else { throw SessionFault.noHello }
                    let limit = host.limits.helloBytes
                    guard hello.size <= limit else { throw BudgetBreach.longHello(hello.size, limit: limit) }
                    hasBegun.raise()
                    let begun = host.begin(call.gateway, hello: hello)
                    session = begun
                    announcement.yield(begun)
                }
            }
            try Task.checkCancellation()
        } catch is CancellationError {
            reason = "the connection failed"
        } catch let error as RPCError {
            reason = "\(error.code): \(error.message)"
            throw error
        } catch let breach as BudgetBreach {
            reason = breach.description
            throw RPCError(code: .resourceExhausted, message: reason)
        } catch {
            // The agent's fault: what it said cannot be understood.
            reason = "\(error)"
            throw RPCError(code: .invalidArgument, message: reason)
        }
    }

    /// Says what there is to say whenever the bell rings. Waits for the agent to read, and nobody waits for this.
    private func write(_ session: AgentSession, _ call: AgentCall) async throws {
        for await _ in session.rings {
            while session.end == nil, let message = host.next(for: session) {
                try await call.write(message)
            }
        }
        switch session.end {
        case .replaced: throw RPCError(code: .aborted, message: SessionEnd.replaced.sentence)
        case .stopping: throw RPCError(code: .unavailable, message: SessionEnd.stopping.sentence)
        case nil: return
        }
    }
}

extension SessionEnd {
    var sentence: String {
        switch self {
        case .replaced: "replaced by another session of the same gateway"
        case .stopping: "the coordinator is stopping"
        }
    }
}

/// A yes that is never taken back.
final class Flag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
}

extension Hello {
    /// In bytes, about as they are sent.
    fileprivate var size: Int { held.reduce(software.utf8.count) { $0 + $1.key.description.utf8.count + $1.value.utf8.count + 8 } }
}
