import FederationModel
import NetworkTypes

/// Something that is known now and was not known before: what `Verdicts` is kept current with. Times are milliseconds since 1970.
package enum FactChange: Sendable {
    /// What gateways are to do.
    ///
    /// - Parameters:
    ///   - vpns: The graph's VPNs.
    ///   - changedAt: The last change of each VPN's intents; a missing one means long ago.
    case intents([GatewayID: GatewayIntent], vpns: [VPNName: VPN], changedAt: [VPNName: Int64])
    /// All that a gateway has said of having applied or refused.
    case records(GatewayID, [ResourceName: ResourceRecord])
    /// A gateway was heard, or its session began or ended.
    case heard(GatewayID, at: Int64, connected: Bool)
    case base(GatewayID, BaseReport)
    /// A report on a VPN; nil: the gateway does not have it any more.
    case vpn(GatewayID, VPNName, VPNReport?, VPNMoments)
    case received(GatewayID, RouteDifference, ReceivedMoments)
    /// What a gateway said counts no more.
    case forgotten(GatewayID)
}

/// What was removed from a list of routes, and what was added. The order of a list does not matter.
package struct RouteDifference: Hashable, Sendable {
    package var removed: [ReceivedRoute]
    package var added: [ReceivedRoute]

    package init(removed: [ReceivedRoute] = [], added: [ReceivedRoute] = []) {
        self.removed = removed
        self.added = added
    }

    package init(from former: [ReceivedRoute], to routes: [ReceivedRoute]) {
        guard former != routes else {
            self.init()
            return
        }
        // Mostly little changes: what begins or ends both lists is skipped.
        let limit = min(former.count, routes.count)
        var head = 0
        while head < limit, former[head] == routes[head] { head += 1 }
        var tail = 0
        while tail < limit - head, former[former.count - 1 - tail] == routes[routes.count - 1 - tail] { tail += 1 }
        let gone = former[head..<(former.count - tail)]
        let come = routes[head..<(routes.count - tail)]
        guard !gone.isEmpty, !come.isEmpty else {
            self.init(removed: Array(gone), added: Array(come))
            return
        }
        var counts: [ReceivedRoute: Int] = [:]
        for route in gone { counts[route, default: 0] -= 1 }
        for route in come { counts[route, default: 0] += 1 }
        self.init()
        for (route, count) in counts {
            if count < 0 { removed += repeatElement(route, count: -count) } else { added += repeatElement(route, count: count) }
        }
    }

    package var isEmpty: Bool { removed.isEmpty && added.isEmpty }
}

extension FactChange {
    /// What makes one observation of a gateway another.
    package static func changes(
        of gateway: GatewayID, from former: GatewayObservation?, to observation: GatewayObservation?
    ) -> [FactChange] {
        guard let observation else { return former == nil ? [] : [.forgotten(gateway)] }
        var changes: [FactChange] = []
        if former?.receivedAt != observation.receivedAt || former?.connected != observation.connected {
            changes.append(.heard(gateway, at: observation.receivedAt, connected: observation.connected))
        }
        let (known, report) = (former?.report, observation.report)
        if known?.base != report.base { changes.append(.base(gateway, report.base)) }
        for (name, vpn) in report.vpns where known?.vpns[name] != vpn || former?.moments[name] != observation.moments[name] {
            changes.append(.vpn(gateway, name, vpn, observation.moments[name]))
        }
        for name in (known?.vpns ?? [:]).keys where report.vpns[name] == nil {
            changes.append(.vpn(gateway, name, nil, observation.moments[name]))
        }
        let routes = RouteDifference(from: known?.received ?? [], to: report.received)
        if !routes.isEmpty || former?.moments.received != observation.moments.received {
            changes.append(.received(gateway, routes, observation.moments.received))
        }
        return changes
    }
}
