/// Why a daemon's JSON could not be read.
package enum FRRDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No JSON, or not the shape that the command prints: `offset` bytes into the text, and what stood there.
    case malformed(offset: Int, reason: String)
    /// JSON, but a warning instead of an answer (`{"warning":"View/Vrf is unknown"}`).
    case warning(String)

    package var description: String {
        switch self {
        case .malformed(let offset, let reason): "malformed answer at byte \(offset): \(reason)"
        case .warning(let text): text
        }
    }
}
