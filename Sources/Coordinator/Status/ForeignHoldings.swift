import FederationAPI
import FederationModel
import Synchronization

/// What agents hold that is not of this database, or is ahead of it, by their last Hello: what they say, and no more than that.
package final class ForeignHoldings: Sendable {
    package struct Held: Hashable, Sendable {
        package var gateway: GatewayID
        package var epoch: String
        package var revision: UInt64
        package var vpns: Set<VPNName>
    }

    private let held = Mutex<[GatewayID: Held]>([:])

    /// By gateway.
    package var all: [Held] { held.withLock { Array($0.values) }.sorted { $0.gateway < $1.gateway } }

    /// - Parameter isKnown: the gateway is in the graph; others are not remembered, so that this stays as small as it.
    func note(_ gateway: GatewayID, _ hello: Hello, current: Revision, isKnown: Bool) {
        held.withLock { held in
            held[gateway] = nil
            guard isKnown, let epoch = hello.epoch, epoch != current.epoch || hello.revision > current.number else { return }
            let vpns = hello.held.keys.compactMap { if case .vpn(let name) = $0 { name } else { nil } }
            held[gateway] = Held(gateway: gateway, epoch: String(epoch.prefix(64)), revision: hello.revision, vpns: Set(vpns))
        }
    }
}
