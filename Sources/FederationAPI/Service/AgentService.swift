import FederationModel
import GRPCCore

/// The agents' service: one stream per gateway, down with what is intended, up with what became of it (agent.proto).
package protocol AgentService: Sendable {
    /// Until the session ends. What is thrown ends it: `RPCError` with the code that the agent goes by.
    func session(_ call: AgentCall) async throws
}

/// A call of an agent.
package struct AgentCall: Sendable {
    /// Who calls, by its certificate.
    package let gateway: GatewayID
    package let messages: AgentMessages
    private let writer: RPCWriter<WireCoordinatorMessage>
    private let cancellation: ServerContext.RPCCancellationHandle

    fileprivate init(
        _ gateway: GatewayID, _ request: RPCAsyncSequence<WireAgentMessage, any Error>, _ writer: RPCWriter<WireCoordinatorMessage>,
        _ cancellation: ServerContext.RPCCancellationHandle
    ) {
        self.gateway = gateway
        messages = AgentMessages(wire: request)
        self.writer = writer
        self.cancellation = cancellation
    }

    /// Waits for the agent to read.
    package func write(_ message: CoordinatorMessage) async throws { try await writer.write(WireCoordinatorMessage(message)) }

    /// Returns when the connection is gone, or the task is cancelled.
    package func connectionLost() async { try? await cancellation.cancelled }
}

/// What an agent says, read. It throws `ConversionError` where that cannot be understood.
package struct AgentMessages: AsyncSequence, Sendable {
    fileprivate let wire: RPCAsyncSequence<WireAgentMessage, any Error>

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var wire: RPCAsyncSequence<WireAgentMessage, any Error>.AsyncIterator

        package mutating func next() async throws -> AgentMessage? { try await wire.next().map { try AgentMessage($0) } }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(wire: wire.makeAsyncIterator()) }
}

/// Brings the calls of agents to the service, in domain values.
struct AgentServer: WireAgentService.SimpleServiceProtocol {
    let service: any AgentService

    func session(
        request: RPCAsyncSequence<WireAgentMessage, any Error>, response: RPCWriter<WireCoordinatorMessage>, context: ServerContext
    ) async throws {
        try await service.session(AgentCall(try context.callingGateway(), request, response, context.cancellation))
    }
}
