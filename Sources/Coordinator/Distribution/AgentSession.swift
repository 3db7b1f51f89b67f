import FederationAPI
import FederationModel
import Synchronization

/// One agent's stream: its distribution, and a bell for the task that writes.
///
/// Whoever changes what the agent should know rings; the writer, and nobody else, waits for the agent to read. So one
/// slow agent holds up its own stream only.
package final class AgentSession: Sendable {
    package let gateway: GatewayID
    /// Of this process, in the order in which sessions began.
    package let number: UInt64
    private let distribution: Mutex<Distribution>
    private let bell: AsyncStream<Void>.Continuation
    /// One element whenever there may be something to say; it ends when the session is to end.
    package let rings: AsyncStream<Void>
    private let ending = Mutex<SessionEnd?>(nil)
    private let budget: Mutex<AgentBudget>

    init(number: UInt64, distribution: Distribution, limits: AgentBudget.Limits = .init()) {
        self.number = number
        budget = Mutex(AgentBudget(limits))
        gateway = distribution.gateway
        self.distribution = Mutex(distribution)
        (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        bell.yield()
    }

    /// Why the coordinator ended the session; nil while it did not.
    package var end: SessionEnd? { ending.withLock { $0 } }

    func revise(_ revision: Revision) {
        distribution.withLock { $0.revise(revision) }
        bell.yield()
    }

    /// The meaning of names in the cloud has changed.
    func revise(_ pins: [AttachmentPin]) {
        distribution.withLock { $0.revise(pins) }
        bell.yield()
    }

    /// Ends the session; its stream is closed by the task that serves it. The first reason counts.
    func finish(_ end: SessionEnd) {
        ending.withLock { $0 = $0 ?? end }
        bell.finish()
    }

    /// Whether the agent may say anything of a resource: it is to have it, or was.
    func includes(_ resource: ResourceName) -> Bool { distribution.withLock { $0.includes(resource) } }

    /// Whether the agent has a resource, or was sent it and not told since that it is gone.
    func hasSent(_ resource: ResourceName) -> Bool { distribution.withLock { $0.hasSent(resource) } }

    /// A message came.
    /// - Returns: how long the next one is not to be read, in milliseconds.
    func pace(_ message: AgentMessage, at now: Int64) -> Int64 { budget.withLock { $0.pace(message, at: now) } }

    /// A part of the report is to be kept.
    func hold(_ content: ReportPart.Content) throws { try budget.withLock { try $0.hold(content) } }

    /// Whether there is something to say that the agent did not take yet.
    package var isBehind: Bool { distribution.withLock { $0.isBehind } }

    /// The next message to send, made now; nil where there is nothing to say.
    package func next() -> CoordinatorMessage? { distribution.withLock { $0.next() } }
}

/// Why the coordinator ends a session.
package enum SessionEnd: Hashable, Sendable {
    /// The same gateway began another one.
    case replaced
    /// The coordinator stops.
    case stopping
}
