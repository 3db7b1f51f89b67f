import FederationModel
import NetworkTypes

extension BGPVPNReports {
    package init(_ wire: WireBGPVPNReports) throws(ConversionError) {
        self.init(
            try convert(try few(wire.bgpvpns, "bgpvpns", BGPVPNReports.limit), "bgpvpns", BGPVPNReport.init(_:)),
            omitted: count(wire.omitted), areListed: wire.areListed)
    }
}

extension WireBGPVPNReports {
    package init(_ reports: BGPVPNReports) {
        var room = TextLimits.bgpvpns
        for report in reports.bgpvpns.prefix(BGPVPNReports.limit) {
            let wire = WireBGPVPNReport(report)
            room -= wire.mostBytes
            guard room >= 0 else { break }
            bgpvpns.append(wire)
        }
        omitted = UInt64(clamping: reports.omitted + reports.bgpvpns.count - bgpvpns.count)
        areListed = reports.areListed
    }
}

extension BGPVPNReport {
    package init(_ wire: WireBGPVPNReport) throws(ConversionError) {
        func names(_ texts: [String], _ field: String, _ limit: Int) throws(ConversionError) -> [String] {
            try few(texts, field, limit).map { name throws(ConversionError) in try text(name, field, TextLimits.name) }
        }
        self.init(
            id: wire.hasID ? try text(wire.id, "id", TextLimits.name) : nil, name: try text(wire.name, "name", TextLimits.bgpvpnName),
            project: wire.hasProject ? try text(wire.project, "project", TextLimits.name) : nil,
            type: try text(wire.type, "type", TextLimits.name),
            vni: wire.hasVni ? try parse(number: wire.vni, "vni", "VNI", VNI.init(value:)).value : nil,
            importTargets: try names(wire.importTargets, "import_targets", TextLimits.attributes),
            exportTargets: try names(wire.exportTargets, "export_targets", TextLimits.attributes),
            routeDistinguishers: try names(wire.routeDistinguishers, "route_distinguishers", TextLimits.attributes),
            routers: try names(wire.routers, "routers", BGPVPNReport.mostAssociations),
            networks: try names(wire.networks, "networks", BGPVPNReport.mostAssociations),
            ports: try names(wire.ports, "ports", BGPVPNReport.mostAssociations), omitted: count(wire.omitted))
    }
}

extension WireBGPVPNReport {
    package init(_ report: BGPVPNReport) {
        func cut(_ texts: [String], _ limit: Int) -> [String] { texts.prefix(limit).map { TextLimits.cut($0, to: TextLimits.name) } }
        if let id = report.id { self.id = TextLimits.cut(id, to: TextLimits.name) }
        name = TextLimits.cut(report.name, to: TextLimits.bgpvpnName)
        if let project = report.project { self.project = TextLimits.cut(project, to: TextLimits.name) }
        type = TextLimits.cut(report.type, to: TextLimits.name)
        if let vni = report.vni { self.vni = vni }
        importTargets = cut(report.importTargets, TextLimits.attributes)
        exportTargets = cut(report.exportTargets, TextLimits.attributes)
        routeDistinguishers = cut(report.routeDistinguishers, TextLimits.attributes)
        routers = cut(report.routers, BGPVPNReport.mostAssociations)
        networks = cut(report.networks, BGPVPNReport.mostAssociations)
        ports = cut(report.ports, BGPVPNReport.mostAssociations)
        omitted = UInt64(clamping: report.omitted)
    }

    /// No less than it takes in a message: each text with its tag and its length.
    fileprivate var mostBytes: Int {
        ([id, name, project, type] + importTargets + exportTargets + routeDistinguishers + routers + networks + ports)
            .reduce(48) { $0 + $1.utf8.count + 8 }
    }
}
