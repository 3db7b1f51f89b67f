/// Why a conversation with a switch gave nothing, or not all of it.
package enum OpenFlowError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The socket does not exist, or nobody listens.
    case connectionFailed(path: String, reason: String)
    /// The switch closed the connection before it was done.
    case closed
    case deadlineExceeded
    /// The bytes are not OpenFlow 1.3.
    case malformed(String)
    /// It refused a message: `ofp_error_msg`, with the kind and code of OpenFlow 1.3, section 7.4.4.
    case refused(message: String, kind: UInt16, code: UInt16)

    package var description: String {
        switch self {
        case .connectionFailed(let path, let reason): "cannot connect to \(path): \(reason)"
        case .closed: "the switch closed the connection"
        case .deadlineExceeded: "no answer from the switch in time"
        case .malformed(let what): "the switch's answer is not OpenFlow 1.3: \(what)"
        case .refused(let message, let kind, let code): "the switch refused \(message): error \(kind), code \(code)"
        }
    }
}
