/// Why a call on a vty socket gave nothing.
package enum VTYError: Error, Hashable, Sendable {
    /// Nobody has connected yet, or the connection has been closed since.
    case notConnected
    /// The socket is not there, nobody listens, or we may not open it (group `frrvty`).
    case connectionFailed(path: String, reason: String)
    /// The daemon closed the socket before it answered: it stopped, crashed or was restarted.
    case closed
    /// The answer did not come in time. The connection is closed, because a late answer would be taken for the next one.
    case deadlineExceeded(command: String)
    /// The daemon answered, but not with `ok`.
    case refused(command: String, status: VTYStatus, text: String)
    /// A line that would be two, or would not fit FRR's command buffer of 4096 bytes (`VTY_BUFSIZ`).
    case unsendable(String)
}

extension VTYError {
    /// The same error, with its commands and the daemon's words as `change` makes them: without secrets, before anybody is told.
    package func rewritten(_ change: (String) -> String) -> VTYError {
        switch self {
        case .notConnected, .closed: self
        case .connectionFailed(let path, let reason): .connectionFailed(path: path, reason: change(reason))
        case .deadlineExceeded(let command): .deadlineExceeded(command: change(command))
        case .refused(let command, let status, let text): .refused(command: change(command), status: status, text: change(text))
        case .unsendable(let line): .unsendable(change(line))
        }
    }
}

extension VTYError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notConnected: "not connected"
        case .connectionFailed(let path, let reason): "cannot connect to \(path): \(reason)"
        case .closed: "the daemon closed the connection"
        case .deadlineExceeded(let command): "no answer to “\(command)” in time"
        case .refused(let command, let status, let text): VTYRejection(line: command, status: status, text: text).description
        case .unsendable(let line): "cannot be sent as one command line: “\(line)”"
        }
    }
}
