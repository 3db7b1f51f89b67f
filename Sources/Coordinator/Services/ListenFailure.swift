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
            remedy = "find it: ss -ltnp; stop it, or choose another port with --listen"
        case _ where text.contains("errno: 99"):
            reason = "this machine does not have the address"
            remedy = "list its addresses: ip -br addr; 0.0.0.0 and [::] mean all of them"
        case _ where text.contains("errno: 13"):
            reason = "permission denied"
            remedy = "choose a port of 1024 or higher"
        default: return nil
        }
    }
}
