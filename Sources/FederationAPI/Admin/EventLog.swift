import FederationModel
import Verification

/// Which events are asked for. Nil: all.
package struct EventRequest: Hashable, Sendable {
    package var vpn: VPNName?
    package var origin: CloudName?
    package var viewer: CloudName?
    /// Milliseconds since 1970.
    package var since: Int64?
    /// At most so many: the newest ones.
    package var limit: Int
    /// Pairs that are named of an event, at most; their number is told of all.
    package var mostPairs: Int

    package init(
        vpn: VPNName? = nil, origin: CloudName? = nil, viewer: CloudName? = nil, since: Int64? = nil, limit: Int = 1000, mostPairs: Int = 1
    ) {
        self.vpn = vpn
        self.origin = origin
        self.viewer = viewer
        self.since = since
        self.limit = limit
        self.mostPairs = mostPairs
    }

    package func includes(_ pair: PairName) -> Bool {
        (vpn ?? pair.vpn) == pair.vpn && (origin ?? pair.origin) == pair.origin && (viewer ?? pair.viewer) == pair.viewer
    }

    /// Whether pairs are not all asked for.
    package var isChoice: Bool { vpn != nil || origin != nil || viewer != nil }

    /// What of an event is asked for; nil: nothing. Revisions concern everybody.
    package func part(of kind: FederationEvent.Kind) -> FederationEvent.Kind? {
        switch kind {
        case .verdictsChanged(var transition):
            guard isChoice else { return kind }
            transition.pairs.removeAll { !includes($0) }
            transition.pairCount = transition.pairs.count
            return transition.pairs.isEmpty ? nil : .verdictsChanged(transition)
        case .agentConnected(let gateway, _), .agentDisconnected(let gateway, _): return vpn == nil && includes(gateway) ? kind : nil
        case .resourceAcknowledged(let gateway, let resource, _):
            return includes(gateway) && (vpn == nil || resource == vpn.map { .vpn($0) }) ? kind : nil
        case .driftRepaired(let gateway, let name, _): return includes(gateway) && (vpn ?? name) == name ? kind : nil
        case .revisionApplied, .revisionConfirmed, .recordingBegan, .verdicts: return kind
        }
    }

    private func includes(_ gateway: GatewayID) -> Bool {
        (origin == nil && viewer == nil) || gateway.cloud == origin || gateway.cloud == viewer
    }
}

/// What was written down of what happened.
package struct EventLog: Hashable, Sendable {
    /// The oldest first.
    package var events: [FederationEvent]
    /// There are older ones.
    package var more: Bool
    /// Since when events are kept: milliseconds since 1970.
    package var keptSince: Int64

    package init(events: [FederationEvent], more: Bool, keptSince: Int64) {
        self.events = events
        self.more = more
        self.keptSince = keptSince
    }
}
