import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import Verification

/// The coordinator, as an admin asks it. Each answer takes ten seconds at most, or it is an error.
struct Coordinator: Sendable {
    let admin: WireAdminService.Client<HTTP2ClientTransport.Posix>
    let options: CallOptions
    private let endpoint: FederationAPI.Endpoint
    private let trouble: ConnectionTrouble

    static let patience = Duration.seconds(10)

    /// Connects, as long as `body` runs.
    static func with<Result: Sendable>(
        _ connection: ConnectionOptions, _ body: @Sendable (Coordinator) async throws -> Result
    ) async throws -> Result {
        let endpoint = try connection.endpoint()
        // What the transport logs, `trouble` says better.
        let log = Logger(label: "fedctl") { _ in SwiftLogNoOpLogHandler() }
        let files = try connection.files()
        let credentials: Credentials
        do throws(CertificateRefusal) {
            credentials = try Credentials(files: files, side: .client, log: log)
        } catch {
            throw Complaint(error)
        }
        let limits = TransportLimits()
        let secure = try SecureClient(connect: endpoint, credentials: credentials, limits: limits, log: log)
        // A connection that is still being made when we are done must not keep us.
        return try await withThrowingTaskGroup(of: Void.self) { group in
            let client = GRPCClient(transport: secure.transport)
            group.addTask { try await client.runConnections() }
            defer {
                client.beginGracefulShutdown()
                group.cancelAll()
            }
            var options = limits.callOptions(waitForReady: false)
            options.timeout = patience
            return try await body(
                Coordinator(
                    admin: WireAdminService.Client(wrapping: client), options: options, endpoint: endpoint, trouble: secure.trouble))
        }
    }

    func status() async throws -> FederationStatus {
        try FederationStatus(try await call { try await admin.getStatus(WireGetStatusRequest(), options: options) })
    }

    /// One state per gateway, by name.
    func reports(vpn: VPNName? = nil, cloud: CloudName? = nil) async throws -> [GatewayState] {
        var request = WireGetReportsRequest()
        request.vpn = vpn?.text ?? ""
        request.cloud = cloud?.text ?? ""
        return try await call {
            try await admin.getReports(request, options: options) { response in
                var states: [GatewayState] = []
                for try await message in response.messages { try states.add(message) }
                return states
            }
        }
    }

    func verify(vpn: VPNName? = nil, cloud: CloudName? = nil) async throws -> Verification {
        var request = WireVerifyRequest()
        request.vpn = vpn?.text ?? ""
        request.cloud = cloud?.text ?? ""
        return try await call {
            try await admin.verify(request, options: options) { response in
                var pairs: [PairVerdict] = []
                for try await message in response.messages { pairs.append(try PairVerdict(message)) }
                return Verification(pairs: pairs)
            }
        }
    }

    /// What happens from now on, until the coordinator ends it.
    func watch(_ body: @Sendable @escaping (WireFederationEvent) async throws -> Void) async throws {
        var options = options
        options.timeout = nil
        try await call { [options] in
            try await admin.watch(WireWatchRequest(), options: options) { response in
                for try await event in response.messages { try await body(event) }
            }
        }
    }

    func call<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as RPCError {
            let known = trouble.latest
            throw CallFailure(
                error, at: endpoint, trouble: known,
                reachability: error.code == .unavailable && known == nil ? Reachability(of: endpoint) : nil)
        } catch let error as ConversionError {
            throw Complaint(
                "the coordinator’s answer is not understood: \(error)", remedy: "use fedctl and fed-coordinator of the same version")
        }
    }
}
