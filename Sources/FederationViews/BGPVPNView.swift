import FederationAPI
import FederationFile
import FederationModel
import NetworkTypes

/// One BGPVPN of a cloud, as its agents see it, and the VPN that it is for.
package struct BGPVPNView: Hashable, Sendable, Encodable {
    package var cloud: CloudName
    /// The newest of the cloud's agents that tell of it.
    package var gateway: GatewayID
    /// Nil: rows with ovn-bgp-agent's keys, which name none.
    package var id: String?
    package var name: String
    package var project: String?
    package var type: String
    package var vni: UInt32?
    package var importTargets: [String]
    package var exportTargets: [String]
    package var routeDistinguishers: [String]
    /// What is associated, by ids.
    package var routers: [String]
    package var networks: [String]
    package var ports: [String]
    /// How many more associations there are.
    package var omitted: Int
    /// The VPNs that have it as an attachment; none: it is nobody's.
    package var vpns: [VPNName]
    /// The line for `attachments` of a VPN; nil where it is somebody's.
    package var line: String?
    /// What agents say of it: claims that differ, a VNI of two projects, a type that does not fit.
    package var remarks: [String]

    package var associations: Int { routers.count + networks.count + ports.count + omitted }
    /// For people: its name, else its id, else its VNI.
    package var title: String {
        if !name.isEmpty { return name }
        return id ?? "VNI \(vni.map { "\($0)" } ?? "unknown")"
    }
}

/// The BGPVPNs of the clouds.
package struct BGPVPNList: Hashable, Sendable, Encodable {
    /// By cloud, project and name.
    package var bgpvpns: [BGPVPNView]
    /// Clouds whose agents tell of more than a report holds, with how many.
    package var omitted: [CloudName: Int]
    /// Clouds in which no driver lists BGPVPNs: one with which nothing is associated is not seen there. Sorted.
    package var unlisted: [CloudName]

    /// - Parameter states: of the gateways of the clouds that are asked for.
    package init(_ states: [GatewayState], graph: FederationGraph) {
        (bgpvpns, omitted, unlisted) = ([], [:], [])
        for (cloud, states) in Dictionary(grouping: states, by: \.gateway.cloud).sorted(by: { $0.key < $1.key }) {
            // All agents of a cloud read the same databases.
            let told = states.filter { $0.report != nil }.sorted {
                ($0.connected ? 0 : 1, -($0.receivedAt ?? 0), $0.gateway) < ($1.connected ? 0 : 1, -($1.receivedAt ?? 0), $1.gateway)
            }
            guard let newest = told.first else { continue }
            let reports = newest.report?.bgpvpns ?? BGPVPNReports()
            if reports.omitted > 0 { omitted[cloud] = reports.omitted }
            if !reports.areListed { unlisted.append(cloud) }
            bgpvpns += reports.bgpvpns.sorted().map { BGPVPNView($0, at: newest, in: graph) }
        }
    }
}

extension BGPVPNView {
    init(_ report: BGPVPNReport, at state: GatewayState, in graph: FederationGraph) {
        let cloud = state.gateway.cloud
        self.init(
            cloud: cloud, gateway: state.gateway, id: report.id, name: report.name, project: report.project, type: report.type,
            vni: report.vni, importTargets: report.importTargets, exportTargets: report.exportTargets,
            routeDistinguishers: report.routeDistinguishers, routers: report.routers, networks: report.networks, ports: report.ports,
            omitted: report.omitted, vpns: [], line: nil, remarks: [])
        vpns = graph.vpns.filter { name, vpn in
            vpn.attachments.contains { $0.cloud == cloud && isMeant(by: $0.selector, in: state.report?.vpns[name]) }
        }.keys.sorted()
        if vpns.isEmpty { line = FederationYAML.line(of: Attachment(cloud: cloud, selector: selector)) }
        guard let id else { return }
        let words = ["bgpvpn-vni-differs", "bgpvpn-targets-ignored", "bgpvpn-type-differs"]
        remarks = vpns.flatMap { state.report?.vpns[$0]?.problems ?? [] }.filter { words.contains($0.word) && $0.message.contains(id) }
            .map { "\($0.word): \($0.message)" }
    }

    /// What its agents found a name to mean goes before what it is called now.
    private func isMeant(by selector: AttachmentSelector, in report: VPNReport?) -> Bool {
        guard selector.kind == .bgpvpn else { return false }
        if let id, let found = report?.attachments.first(where: { $0.selector == selector }), !found.bgpvpns.isEmpty {
            return found.bgpvpns.contains(id)
        }
        switch selector.key {
        case .id: return selector.value == id
        case .name: return selector.value == name && selector.project == project
        case .vni: return selector.value == vni.map { "\($0)" }
        case .label: return false
        }
    }

    /// How it is attached.
    private var selector: AttachmentSelector {
        AttachmentSelector(kind: .bgpvpn, key: id == nil ? .vni : .id, value: id ?? vni.map { "\($0)" } ?? "")
    }
}
