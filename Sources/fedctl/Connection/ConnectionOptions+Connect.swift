import FederationAPI
import FederationModel
import FederationViews
import Logging

extension ConnectionOptions {
    /// Connects with the coordinator, as long as `body` runs.
    func connected<Result: Sendable>(_ body: @Sendable (AdminClient) async throws -> Result) async throws -> Result {
        // What the transport logs, `CallFailure` says better.
        let log = Logger(label: "fedctl") { _ in SwiftLogNoOpLogHandler() }
        let endpoint = try endpoint()
        let files = try files()
        let credentials: Credentials
        do throws(CertificateRefusal) {
            credentials = try Credentials(files: files, side: .client, log: log)
        } catch {
            throw CommandError(error)
        }
        return try await AdminClient.with(endpoint, credentials: credentials, log: log, body)
    }
}

/// What is asked for, as commands look at it.
extension AdminClient {
    /// - Parameter revision: nil: the one in force.
    func graph(_ revision: UInt64? = nil) async throws -> AppliedGraph {
        do {
            return try AppliedGraph(try await file(of: revision))
        } catch let error as AppliedGraph.Unreadable {
            throw CommandError(error)
        }
    }

    func verify(vpn: VPNName? = nil, cloud: CloudName? = nil) async throws -> VerificationResult {
        VerificationResult(try await verdicts(VerdictRequest(.init(vpn: vpn, cloud: cloud))))
    }
}
