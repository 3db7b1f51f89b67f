import FederationAPI
import FederationModel
import Verification

/// What the federation is busy with: what is broken, what changes all the time, what is not applied yet.
package struct Activity: Hashable, Sendable, Encodable {
    /// A VPN with pairs that are not well, or that changed in the last minutes.
    package struct VPN: Hashable, Sendable, Encodable {
        package var name: String
        package var failed = 0
        package var unknown = 0
        package var degraded = 0
        /// Changes of a pair's verdict in `window`.
        package var changes = 0
        /// Milliseconds since 1970; nil: not in `window`.
        @RFC3339 package var lastChange: Int64?
        /// The worst pair's cause.
        package var cause: String?
        /// `paris → tokyo`.
        package var pair: String?
    }

    /// Milliseconds that events are looked back for.
    package static let window: Int64 = 300_000

    /// Milliseconds since 1970.
    @RFC3339 package var at: Int64
    package var federation: FederationID
    package var revision: UInt64
    package var agents: Int
    package var connected: Int
    /// Resources of all gateways, and those that are not applied.
    package var resources: Int
    package var pending: Int
    package var state: VerdictState
    package var tally: VerificationResult.Tally
    /// Changes of a pair's verdict, repairs of the agents, and agents that went, in `window`.
    package var changes = 0
    package var repairs = 0
    package var departures = 0
    /// When a verdict changed last; nil: not in `window`.
    @RFC3339 package var settledSince: Int64?
    /// From the last revision to the last verdict that changed within a minute after the change before; nil: no revision in `window`.
    package var convergence: Int64?
    /// The worst first: failed, unknown, degraded, then the most changes.
    package var vpns: [VPN]
    /// There are more events, or pairs that are not well, than were looked at.
    package var isCut: Bool

    /// - Parameters:
    ///   - answer: of all pairs, with those that are not well one by one, or only their groups.
    ///   - log: of the last `window`.
    ///   - now: milliseconds since 1970, by the coordinator's clock.
    package init(_ status: FederationStatus, _ answer: VerdictAnswer, _ log: EventLog, at now: Int64) {
        at = now
        federation = status.federation
        revision = status.revision
        agents = status.agents.count
        connected = status.agents.count(where: \.connected)
        resources = status.agents.reduce(0) { $0 + $1.resources.count { $0.intended != nil } }
        pending = status.pending
        let result = VerificationResult(answer)
        state = result.state
        tally = result.tally
        isCut = log.more || answer.pairs == nil
        var found: [VPNName: VPN] = [:]
        for pair in answer.pairs ?? answer.summary.groups.map(\.first) where pair.state.isUnwell {
            var vpn = found[pair.vpn] ?? VPN(name: pair.vpn.text)
            switch pair.state {
            case .failed: vpn.failed += 1
            case .unknown: vpn.unknown += 1
            default: vpn.degraded += 1
            }
            let isWorse = vpn.cause == nil || (pair.state == .failed && vpn.failed == 1)
            if isWorse { (vpn.cause, vpn.pair) = (pair.cause?.code ?? pair.state.word, pair.direction) }
            found[pair.vpn] = vpn
        }
        var applied: Int64?
        for event in log.events {
            switch event.kind {
            case .verdictsChanged(let transition):
                changes += transition.pairCount
                settledSince = event.at
                if let start = applied, event.at - start <= (convergence ?? 0) + Self.pause { convergence = event.at - start }
                for pair in transition.pairs {
                    var vpn = found[pair.vpn] ?? VPN(name: pair.vpn.text)
                    vpn.changes += 1
                    vpn.lastChange = event.at
                    found[pair.vpn] = vpn
                }
                isCut = isCut || transition.pairs.count < transition.pairCount
            case .driftRepaired: repairs += 1
            case .agentDisconnected: departures += 1
            case .revisionApplied: (applied, convergence) = (event.at, 0)
            default: break
            }
        }
        vpns = found.values.sorted { $0.rank < $1.rank }
    }

    /// Changes that are further apart have another reason.
    private static let pause: Int64 = 60_000
}

extension Activity.VPN {
    fileprivate var rank: (Int, Int, Int, Int, String) { (-failed, -unknown, -degraded, -changes, name) }
}
