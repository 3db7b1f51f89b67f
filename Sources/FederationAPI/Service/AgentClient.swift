import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// The coordinator, as an agent speaks with it.
package struct AgentClient: Sendable {
    /// What an agent says, in order; it waits for the coordinator to read.
    package struct Writer: Sendable {
        fileprivate let wire: RPCWriter<WireAgentMessage>

        package func write(_ message: AgentMessage) async throws { try await wire.write(WireAgentMessage(message)) }
    }

    private let service: WireAgentService.Client<HTTP2ClientTransport.Posix>
    private let options: CallOptions

    /// - Parameter isPatient: a session waits for the connection.
    package init(
        wrapping client: GRPCClient<HTTP2ClientTransport.Posix>, limits: TransportLimits = TransportLimits(), isPatient: Bool = true
    ) {
        service = WireAgentService.Client(wrapping: client)
        options = limits.callOptions(waitForReady: isPatient)
    }

    /// One session, until the coordinator ends it or one of the two throws.
    ///
    /// - Parameters:
    ///   - speak: says all that is to be said; the session is open to this side until it returns.
    ///   - hear: gets each message.
    package func session(
        _ speak: @Sendable @escaping (Writer) async throws -> Void, hear: @Sendable @escaping (CoordinatorMessage) async throws -> Void
    ) async throws {
        let request = StreamingClientRequest<WireAgentMessage> { writer in try await speak(Writer(wire: writer)) }
        try await service.session(request: request, options: options) { response in
            for try await message in response.messages { try await hear(try CoordinatorMessage(message)) }
        }
    }
}
