/// How a client stands with its servers, for status reports.
package struct OVSDBConnectionState: Hashable, Sendable {
    package enum Phase: String, Hashable, Sendable {
        /// No connection; the next attempt is due later.
        case waiting
        case connecting
        /// Connected; asking for schema and rows.
        case synchronising
        /// The replica follows the server, and transactions are taken.
        case connected
    }

    package var phase = Phase.waiting
    /// The remote that is or was last tried.
    package var remote: OVSDBRemote?
    /// Why the last connection or attempt ended; kept when a later one succeeds.
    package var lastError: OVSDBError?
    /// When the replica was last known to be as the server has it, since the client was made; nil: it is.
    package var silentSince: Duration? = .zero

    package var isConnected: Bool { phase == .connected }
}
