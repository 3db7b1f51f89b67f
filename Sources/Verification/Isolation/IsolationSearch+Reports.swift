import FederationModel
import NetworkTypes

/// What gateways have in force, and what they do not tell.
extension IsolationSearch {
    mutating func lookAtReports() {
        for (gateway, intent) in gatewayIntents.enumerated() {
            let id = gateways[gateway]
            if let gap = gap(of: id) {
                gaps.append(gap)
                for name in intent.vpns.keys { doubt(number(of: name), id, to: .intent) }
                continue
            }
            if let observation = observations[id] { look(at: observation, gateway, intent) }
        }
    }

    private mutating func look(at observation: GatewayObservation, _ gateway: Int, _ intent: GatewayIntent) {
        note(observation.report.base.foreignVRFs, at: gateway, intent, observation.receivedAt)
        var strange: [Int: VPNReport] = [:]
        var known = 0
        for (name, vpn) in intent.vpns {
            let number = number(of: name)
            guard let report = observation.report.vpns[name] else {
                gaps.append(IsolationGap(gateway: gateways[gateway], reason: .vpnNotReported, since: nil, vpn: name))
                doubt(number, gateways[gateway], to: .intent)
                continue
            }
            known += 1
            tenants[number].oldestEvidence = min(tenants[number].oldestEvidence ?? .max, observation.receivedAt)
            let isAsIntended = note(report, number, gateway, vpn)
            if report.effective == nil || vpn.secondary != nil && report.secondaryEffective == nil {
                gaps.append(IsolationGap(gateway: gateways[gateway], reason: .vpnNotReported, since: nil, vpn: name))
                doubt(number, gateways[gateway], to: .intent)
            }
            if report.imported.isEmpty { continue }
            if isAsIntended, !leakyImporters.contains(number) {
                let isFromMembers = report.imported.allSatisfy { mayCome(from: $0.nextHop, to: number) }
                if !isFromMembers { leaveUnexplained(number, at: gateway) }
            } else {
                strange[number] = report
            }
        }
        if observation.report.vpns.count > known {
            // Not intended any more: the VRF is still there.
            for (name, report) in observation.report.vpns where intent.vpns[name] == nil {
                let number = number(of: name)
                _ = note(report, number, gateway, nil)
                if !report.imported.isEmpty { strange[number] = report }
            }
        }
        lookAtReceived(observation.report, by: gateway)
        if !strange.isEmpty { lookAtRoutes(of: strange, at: gateway, observation.report) }
    }

    /// Why nothing that the gateway says counts; nil: it counts.
    private func gap(of id: GatewayID) -> IsolationGap? {
        guard let observation = observations[id] else { return IsolationGap(gateway: id, reason: .neverReported, since: nil) }
        if observation.isStale(at: now) { return IsolationGap(gateway: id, reason: .silent, since: observation.receivedAt) }
        let base = observation.report.base
        if let silent = base.silentSources.first(where: { $0.source == .routing && now - $0.since > SilentSource.limit }) {
            return IsolationGap(gateway: id, reason: .routingUnreadable, since: silent.since)
        }
        let isUnreachable = base.problems.contains { $0.code == .frrUnreachable }
        return isUnreachable ? IsolationGap(gateway: id, reason: .routingUnreadable, since: nil) : nil
    }

    private mutating func doubt(_ vpn: Int, _ gateway: GatewayID, to level: IsolationLevel) {
        tenants[vpn].level = min(tenants[vpn].level, level)
        // Gateways come one after the other.
        if level == .intent, tenants[vpn].silentGateways.last != gateway { tenants[vpn].silentGateways.append(gateway) }
    }

    /// A route of nobody who may export to the VPN is in its VRF.
    mutating func leaveUnexplained(_ vpn: Int, at gateway: Int) {
        guard unexplained.insert(Self.membership(vpn, gateway)).inserted else { return }
        let id = gateways[gateway]
        gaps.append(
            IsolationGap(gateway: id, reason: .unexplainedRoute, since: observations[id]?.receivedAt, vpn: tenants[vpn].name))
        doubt(vpn, id, to: .intent)
    }

    /// Any VRF of the gateway may import what bears more targets than are known.
    mutating func leaveCut(at gateway: Int) {
        let id = gateways[gateway]
        gaps.append(IsolationGap(gateway: id, reason: .targetsCut, since: observations[id]?.receivedAt))
        for name in gatewayIntents[gateway].vpns.keys { doubt(number(of: name), id, to: .intent) }
    }

    private mutating func note(_ foreign: ForeignVRFs?, at gateway: Int, _ intent: GatewayIntent, _ time: Int64) {
        for vrf in foreign?.vrfs ?? [] { foreignVRFs.append((vrf, gateway)) }
        if let foreign, foreign.omitted == 0 {
            seenGateways += 1
        } else {
            gaps.append(IsolationGap(gateway: gateways[gateway], reason: .foreignVRFsNotReported, since: time))
            // Any of them may import what the gateway’s VPNs export.
            for name in intent.vpns.keys { doubt(number(of: name), gateways[gateway], to: .intent) }
        }
    }

    /// - Returns: whether exactly the intended imports are in force in the VRF that is sent in.
    private mutating func note(_ report: VPNReport, _ vpn: Int, _ gateway: Int, _ intent: VPNIntent?) -> Bool {
        if let other = report.secondaryEffective {
            note(other, intent?.secondary?.importTargets ?? [], intent?.secondary?.exportTargets ?? [], vpn, gateway)
        }
        guard let effective = report.effective else { return false }
        let imports = intent?.importTargets ?? []
        note(effective, imports, intent?.exportTargets ?? [], vpn, gateway)
        return effective.importTargets == imports && effective.importedVRFs.isEmpty
    }

    private mutating func note(
        _ effective: EffectiveVPN, _ imports: [RouteTarget], _ exports: [RouteTarget], _ vpn: Int, _ gateway: Int
    ) {
        let vni = effective.encapsulation.vni
        if effective.importTargets != imports {
            for target in effective.importTargets where !imports.contains(target) {
                strayImports.append(Stray(vpn: vpn, gateway: gateway, target: target, vni: vni))
            }
        }
        if effective.exportTargets != exports {
            for target in effective.exportTargets where !exports.contains(target) {
                strayExports.append(Stray(vpn: vpn, gateway: gateway, target: target, vni: vni))
            }
        }
        for other in effective.importedVRFs where other != .vpn(tenants[vpn].name) {
            add(
                .copiedVRF, .configuration, from: other, to: .vpn(tenants[vpn].name), exported: nil, imported: nil, at: gateway)
        }
    }
}
