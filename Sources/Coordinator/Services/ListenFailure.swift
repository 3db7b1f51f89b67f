import FederationAPI
import GRPCCore

/// Nothing can listen at an address, with what to do about it.
package struct ListenFailure: Error, CustomStringConvertible {
    package let endpoint: FederationAPI.Endpoint
    package let reason: String
    package let remedy: String

    package var description: String { "cannot listen at \(endpoint): \(reason); \(remedy)" }

    /// Nil for an error of another kind.
    ///
    /// The transport wraps what bind(2) said, and gives its number in its text only.
    init?(_ error: any Error, at endpoint: FederationAPI.Endpoint) {
        let text = "\((error as? RuntimeError)?.cause ?? error)"
        self.endpoint = endpoint
        switch text {
        case _ where text.contains("errno: 98"):
            reason = "another program listens there"
            remedy = "see which: ss -ltnp; end it, or take another port with --listen"
        case _ where text.contains("errno: 99"):
            reason = "this machine does not have the address"
            remedy = "see which it has: ip -br addr; 0.0.0.0 and [::] are all of them"
        case _ where text.contains("errno: 13"):
            reason = "this user may not"
            remedy = "take a port from 1024 on"
        default: return nil
        }
    }
}
