import FederationModel
import NetworkTypes

/// Prefixes that agents advertise now, but may no longer advertise with the new intents.
///
/// Each counts once per cloud and VPN: a prefix that another gateway of the cloud still advertises is not withdrawn.
struct Withdrawals {
    let count: Int

    private struct Place: Hashable {
        var vpn: VPNName
        var cloud: CloudName
    }

    /// - Parameter differences: Between the intents; without a change nothing is withdrawn.
    init(
        of differences: [GatewayID: IntentDifference], from old: [GatewayID: GatewayIntent], to new: [GatewayID: GatewayIntent],
        _ facts: [GatewayID: GatewayReport]
    ) {
        guard !facts.isEmpty else {
            count = 0
            return
        }
        var gone: [Place: Set<IPPrefix>] = [:]
        for (gateway, difference) in differences {
            guard let reports = facts[gateway]?.vpns else { continue }
            for case .vpn(let name) in difference.removed + difference.changed {
                guard let report = reports[name], !report.advertised.isEmpty else { continue }
                let lost = report.uncovered(from: old[gateway]?.vpns[name], to: new[gateway]?.vpns[name])
                if !lost.isEmpty { gone[Place(vpn: name, cloud: gateway.cloud), default: []].formUnion(lost) }
            }
        }
        guard !gone.isEmpty else {
            count = 0
            return
        }
        let gateways = Dictionary(grouping: new.keys, by: \.cloud)
        for place in gone.keys {
            for gateway in gateways[place.cloud] ?? [] {
                guard let intent = new[gateway]?.vpns[place.vpn], let report = facts[gateway]?.vpns[place.vpn] else { continue }
                gone[place]?.subtract(Set(report.advertised).subtracting(report.uncovered(from: old[gateway]?.vpns[place.vpn], to: intent)))
            }
        }
        count = gone.values.reduce(0) { $0 + $1.count }
    }
}

extension VPNReport {
    /// The advertised prefixes that the new intent does not cover.
    fileprivate func uncovered(from old: VPNIntent?, to new: VPNIntent?) -> Set<IPPrefix> {
        let advertised = Set(advertised)
        // Without an export target, nobody imports them.
        guard let new, !new.exportTargets.isEmpty else { return advertised }
        // A maximum withdraws nothing: advertised prefixes stay.
        return advertised.filter { !covers($0, old, new) }
    }

    private func covers(_ prefix: IPPrefix, _ old: VPNIntent?, _ new: VPNIntent) -> Bool {
        if new.originated.contains(prefix) { return true }
        guard new.exportFilter.permits(prefix) else { return false }
        return new.attachments.contains { attachment in
            guard attachment.export.permits(prefix), attachment.only.isEmpty || attachment.only.contains(where: { $0.contains(prefix) })
            else { return false }
            let subnets = attachments.filter { $0.selector == attachment.selector }.flatMap(\.subnets)
            if prefix.isHost, attachment.advertise.contains(.hosts), subnets.contains(where: { $0.contains(prefix) }) { return true }
            if subnets.contains(prefix) { return !attachment.advertise.isDisjoint(with: [.subnets, .extraRoutes]) }
            if subnets.contains(where: { $0.contains(prefix) }) { return false }
            // An extra route is in no subnet; it belongs to this attachment if the attachment had any before.
            return attachment.advertise.contains(.extraRoutes)
                && old?.attachments.contains { $0.selector == attachment.selector && $0.advertise.contains(.extraRoutes) } == true
        }
    }
}
