import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NetworkTypes

/// What is sent as it is: the one name of a wire type outside of FederationAPI, because a hostile agent says what no domain type can.
typealias RawAgentMessage = WireAgentMessage

/// A session in which every byte is the test's: nothing is cut or checked on this side.
extension TestPKI {
    /// Says what `body` writes, and reads on until the coordinator ends the session or `body` is done.
    /// - Returns: how the coordinator ended it; nil where it did not.
    @discardableResult
    func speak(
        as name: String, at endpoint: FederationAPI.Endpoint, _ body: @escaping @Sendable (RPCWriter<RawAgentMessage>) async throws -> Void
    ) async throws -> RPCError? {
        try await withClient(name, at: endpoint) { client in
            do {
                var options = CallOptions.defaults
                options.waitForReady = true
                options.timeout = .seconds(60)
                try await WireAgentService.Client(wrapping: client).session(
                    request: StreamingClientRequest { writer in
                        // A stream that is gone is told by its answer.
                        do { try await body(writer) } catch is RPCError {} catch is CancellationError {}
                    }, options: options
                ) { response in
                    for try await _ in response.messages {}
                }
                return nil
            } catch let error as RPCError {
                return error
            }
        }
    }
}

extension Loopback {
    @discardableResult
    func speak(
        as name: String, _ body: @escaping @Sendable (RPCWriter<RawAgentMessage>) async throws -> Void
    ) async throws -> RPCError? {
        try await pki.speak(as: name, at: endpoint, body)
    }
}

extension RawAgentMessage {
    static func hello(software: String = "hostile", holding held: [String: String] = [:]) -> RawAgentMessage {
        var message = RawAgentMessage()
        message.hello.software = software
        message.hello.held = held
        return message
    }

    static func rejection(of resource: String, version: String = "v", reason: String) -> RawAgentMessage {
        var message = RawAgentMessage()
        message.acknowledgement.resource = resource
        message.acknowledgement.outcome.rejected.version = version
        message.acknowledgement.outcome.rejected.reason = reason
        return message
    }

    static func report(_ sequence: UInt64, _ content: ReportPart.Content) -> RawAgentMessage {
        RawAgentMessage(.report(ReportPart(sequence: sequence, observedAt: 0, content: content)))
    }
}

/// So many routes, all different.
func routes(_ count: Int, from first: Int = 0) -> [ReceivedRoute] {
    (first..<first + count).map { index in
        ReceivedRoute(
            prefix: IPPrefix(host: .v4(IPv4Address(bits: 0x0a00_0000 + UInt32(index)))),
            routeDistinguisher: RouteDistinguisher(.as2(64900, 1)), nextHop: .v4(IPv4Address(bits: 1)),
            routeTargets: [RouteTarget(.as2(64900, 10001))], routerMAC: nil, asPath: [4_200_000_001], isValid: true, isBest: true)
    }
}
