import FederationModel
import NetworkTypes

/// What gateways have in force, and what they do not tell.
extension IsolationSearch {
    mutating func lookAtReports() {
        for (number, id) in gateways.enumerated() {
            guard let intent = intents[id] else { continue }
            if let gap = gap(of: id) {
                gaps.append(gap)
                for name in intent.vpns.keys { doubt(self.number(of: name), id, to: .intent) }
                continue
            }
            guard let observation = observations[id] else { continue }
            note(observation.report.base.foreignVRFs, at: number, observation.receivedAt)
            for name in intent.vpns.keys where observation.report.vpns[name] == nil {
                gaps.append(IsolationGap(gateway: id, reason: .vpnNotReported, since: nil, vpn: name))
                doubt(self.number(of: name), id, to: .intent)
            }
            // Those too that are not intended any more: their VRF is still there.
            for (name, report) in observation.report.vpns { note(report, self.number(of: name), number, intent.vpns[name]) }
            for name in intent.vpns.keys where observation.report.vpns[name] != nil {
                let vpn = self.number(of: name)
                tenants[vpn].oldestEvidence = min(tenants[vpn].oldestEvidence ?? .max, observation.receivedAt)
            }
            lookAtRoutes(at: number, observation)
        }
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
        if level == .intent { tenants[vpn].silentGateways.append(gateway) }
    }

    private mutating func note(_ foreign: ForeignVRFs?, at gateway: Int, _ time: Int64) {
        for vrf in foreign?.vrfs ?? [] { foreignVRFs.append((vrf, gateway)) }
        if let foreign, foreign.omitted == 0 {
            seenGateways += 1
        } else {
            gaps.append(IsolationGap(gateway: gateways[gateway], reason: .foreignVRFsNotReported, since: time))
        }
    }

    private mutating func note(_ report: VPNReport, _ vpn: Int, _ gateway: Int, _ intent: VPNIntent?) {
        for (effective, binding) in [(report.effective, nil), (report.secondaryEffective, intent?.secondary)] {
            guard let effective else { continue }
            let imports = binding?.importTargets ?? intent?.importTargets ?? []
            let exports = binding?.exportTargets ?? intent?.exportTargets ?? []
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
}
