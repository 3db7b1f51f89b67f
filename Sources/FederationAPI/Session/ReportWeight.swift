import FederationModel

extension ReportPart.Content {
    /// About as many bytes as it takes in memory.
    package var weight: Int {
        switch self {
        case .base(let base):
            256 + base.software.utf8.count + base.sessions.count * 128 + base.problems.reduce(0) { $0 + $1.weight }
                + (base.foreignVRFs?.vrfs ?? []).reduce(0) { $0 + $1.weight }
        case .vpn(let report), .vpnChunk(let report, _, _): report.weight
        case .vpnRemoved: 0
        case .bgpvpns(let reports): reports.bgpvpns.reduce(64) { $0 + $1.weight }
        case .received(let routes, _, _):
            routes.reduce(0) {
                $0 + 128 + ($1.routeTargets.isEmpty ? 0 : 32) + ($1.asPath.isEmpty ? 0 : 32) + 12 * $1.routeTargets.count + 4
                    * $1.asPath.count
            }
        }
    }
}

extension VPNReport {
    fileprivate var weight: Int {
        512 + 24 * (expected.count + advertised.count + steered.count + exempted.count) + 48 * (imported.count + installed.count)
            + problems.reduce(0) { $0 + $1.weight } + drift.reduce(0) { $0 + 64 + $1.object.utf8.count + $1.change.utf8.count }
            + attachments.reduce(0) { sum, attachment in
                sum + 128 + attachment.selector.value.utf8.count + 24 * attachment.subnets.count
                    + attachment.routers.reduce(0) { $0 + 32 + $1.utf8.count }
            }
            + (effective?.weight ?? 0) + (secondaryEffective?.weight ?? 0) + 128 * probes.count
    }
}

extension BGPVPNReport {
    fileprivate var weight: Int {
        let texts =
            [id, project].compactMap(\.self) + [name, type] + importTargets + exportTargets + routeDistinguishers + routers + networks
        return (texts + ports).reduce(256) { $0 + 16 + $1.utf8.count }
    }
}

extension Problem {
    fileprivate var weight: Int { 96 + message.utf8.count + remedy.utf8.count }
}

extension EffectiveVPN {
    fileprivate var weight: Int { 64 + 16 * (importTargets.count + exportTargets.count) + importedVRFs.reduce(0) { $0 + $1.weight } }
}

extension ForeignVRF {
    fileprivate var weight: Int {
        96 + name.utf8.count + 16 * (importTargets.count + exportTargets.count) + importedVRFs.reduce(0) { $0 + $1.weight }
    }
}

extension LocalVRF {
    fileprivate var weight: Int {
        switch self {
        case .vpn(let name): 32 + name.text.utf8.count
        case .foreign(let name): 32 + name.utf8.count
        }
    }
}
