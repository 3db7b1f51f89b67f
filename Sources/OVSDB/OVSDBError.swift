/// What can go wrong between us and a database server.
package enum OVSDBError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A remote that cannot be reached, or not with these certificates.
    case connectionFailed(OVSDBRemote, reason: String)
    /// A connection that ended, or that was given up. What was under way may or may not have been done.
    case disconnected(reason: String)
    /// There is no synchronised connection at the moment; try again when the database is back.
    case notConnected
    /// Bytes that are no OVSDB.
    case decoding(OVSDBDecodingError)
    /// OVSDB that makes no sense in this place.
    case unexpected(String)
    /// The server refused a request: `unknown database`, `syntax error`….
    case refused(method: String, error: String, details: String)
    /// The server has the database, but cannot be used at the moment: not connected to its cluster, not the leader.
    case unsuitable(String)
    /// An operation of a transaction failed, and so the whole transaction; `operation` is nil if the commit failed.
    case transactionFailed(operation: Int?, error: String, details: String)
    /// The task that waited was cancelled. What was under way may or may not have been done.
    case cancelled
    /// Certificate, key or trust roots that cannot be used.
    case credentials(String)
    /// `run()` was called while it ran.
    case alreadyRunning

    package var description: String {
        switch self {
        case .connectionFailed(let remote, let reason): "cannot connect to \(remote): \(reason)"
        case .disconnected(let reason): "disconnected: \(reason)"
        case .notConnected: "not connected"
        case .decoding(let error): "malformed message: \(error)"
        case .unexpected(let text): "unexpected message: \(text)"
        case .refused(let method, let error, let details): "\(method) refused: \(error)\(details.isEmpty ? "" : " (\(details))")"
        case .unsuitable(let reason): "unusable server: \(reason)"
        case .transactionFailed(let operation, let error, let details):
            "transaction failed at \(operation.map { "operation \($0)" } ?? "commit"): \(error)\(details.isEmpty ? "" : " (\(details))")"
        case .cancelled: "cancelled"
        case .credentials(let reason): "unusable credentials: \(reason)"
        case .alreadyRunning: "already running"
        }
    }

    /// The error of a response, which is a string or an object with `error` and `details`.
    static func refused(_ method: String, _ error: JSONValue) -> OVSDBError {
        .refused(
            method: method, error: error.string ?? error["error"]?.string ?? "unknown error", details: error["details"]?.string ?? "")
    }
}
