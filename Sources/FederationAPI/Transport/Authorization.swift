import FederationModel
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import X509

/// Who may call what: gateways the agent service, admins the admin service, readers two calls of it, and nobody anything else.
package struct Authorization: ServerInterceptor {
    /// The peers' federation.
    package let federation: FederationID

    package init(federation: FederationID) { self.federation = federation }

    package static let allowed: [ServiceDescriptor: PeerRole] = [
        WireAgentService.descriptor: .gateway,
        WireAdminService.descriptor: .admin,
    ]

    /// What a cloud's reader may ask, of its own cloud: those who answer look at that (`checkReading`).
    package static let readable: Set<MethodDescriptor> = [
        WireAdminService.Method.GetReports.descriptor, WireAdminService.Method.Verify.descriptor,
    ]

    private static func allows(_ role: PeerRole, _ method: MethodDescriptor) -> Bool {
        role == .reader ? readable.contains(method) : allowed[method.service] == role
    }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>, context: ServerContext,
        next: @Sendable (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let peer = try context.peerIdentity()
        guard peer.federation == federation, Self.allows(peer.role, context.descriptor) else {
            throw RPCError(code: .permissionDenied, message: "\(peer) may not call \(context.descriptor.fullyQualifiedMethod)")
        }
        return try await next(request, context)
    }
}

extension ServerContext {
    /// Who calls, from the certificate that the TLS handshake verified.
    /// - Throws: `RPCError` (unauthenticated) where there is none.
    package func peerIdentity() throws(RPCError) -> PeerIdentity { try peer().identity }

    private func peer() throws(RPCError) -> (identity: PeerIdentity, certificate: Certificate) {
        guard let certificate = (transportSpecific as? HTTP2ServerTransport.Posix.Context)?.peerCertificate else {
            throw RPCError(code: .unauthenticated, message: "the connection has no certificate")
        }
        do {
            return (try PeerIdentity(certificate: certificate), certificate)
        } catch {
            throw RPCError(code: .unauthenticated, message: error.description)
        }
    }

    /// The gateway that calls.
    /// - Throws: `RPCError` (permission denied) where somebody else calls.
    package func callingGateway() throws(RPCError) -> GatewayID {
        guard case .gateway(_, let gateway) = try peerIdentity() else {
            throw RPCError(code: .permissionDenied, message: "only gateways may call this")
        }
        return gateway
    }

    /// The admin who calls, with the certificate of the connection: the one place where a principal is made of a peer.
    /// - Throws: `RPCError` (permission denied) where somebody else calls.
    package func callingAdmin() throws(RPCError) -> Principal {
        let (identity, certificate) = try peer()
        guard case .admin(_, let name) = identity else {
            throw RPCError(code: .permissionDenied, message: "only admins may call this")
        }
        return Principal(name, certificate)
    }

    /// Keeps a reader to its cloud; others are not limited here.
    /// - Parameter cloud: what is asked about, as in the request; empty: all clouds.
    /// - Throws: `RPCError` (permission denied).
    package func checkReading(of cloud: String) throws(RPCError) {
        guard case .reader(_, let own) = try peerIdentity(), own.text != cloud else { return }
        throw RPCError(code: .permissionDenied, message: "a reader of cloud \(own) may ask about cloud \(own) only")
    }
}

extension RPCError {
    /// A message that could not be read: the caller's fault, and the field that is wrong.
    package init(_ error: ConversionError) {
        self.init(code: .invalidArgument, message: error.description)
    }
}
