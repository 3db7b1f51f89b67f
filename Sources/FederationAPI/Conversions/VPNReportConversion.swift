import FederationModel
import NetworkTypes

extension VPNReport {
    package init(_ wire: WireVPNReport) throws(ConversionError) {
        self.init(
            name: try parse(wire.name, "name"),
            attachments: try convert(
                try few(wire.attachments, "attachments", TextLimits.entries), "attachments", AttachmentReport.init(_:)),
            effective: wire.hasEffective ? try convert(wire.effective, "effective", EffectiveVPN.init(_:)) : nil,
            secondaryEffective: wire.hasSecondaryEffective
                ? try convert(wire.secondaryEffective, "secondary_effective", EffectiveVPN.init(_:)) : nil,
            expected: try parse(wire.expected, "expected"), advertised: try parse(wire.advertised, "advertised"),
            imported: try convert(wire.imported, "imported", ImportedRoute.init(_:)),
            installed: try convert(wire.installed, "installed", InstalledRoute.init(_:)), steered: try parse(wire.steered, "steered"),
            exempted: try parse(wire.exempted, "exempted"),
            problems: try convert(try few(wire.problems, "problems", TextLimits.problems), "problems", Problem.init(_:)),
            drift: try convert(try few(wire.drift, "drift", TextLimits.drift), "drift", Drift.init(_:)),
            probes: try convert(try few(wire.probes, "probes", TextLimits.entries), "probes", ProbeReport.init(_:)),
            probedRouter: wire.hasProbedRouter ? try convert(wire.probedRouter, "probed_router", ProbedRouter.init(_:)) : nil)
    }
}

extension WireVPNReport {
    package init(_ report: VPNReport) {
        name = report.name.text
        attachments = report.attachments.prefix(TextLimits.entries).map(WireAttachmentReport.init(_:))
        if let effective = report.effective { self.effective = WireEffectiveVPN(effective) }
        if let effective = report.secondaryEffective { secondaryEffective = WireEffectiveVPN(effective) }
        expected = report.expected.map(\.description)
        advertised = report.advertised.map(\.description)
        imported = report.imported.map(WireImportedRoute.init(_:))
        installed = report.installed.map(WireInstalledRoute.init(_:))
        steered = report.steered.map(\.description)
        exempted = report.exempted.map(\.description)
        problems = TextLimits.cut(report.problems).map(WireProblem.init(_:))
        // The newest stand last.
        drift = report.drift.suffix(TextLimits.drift).map(WireDrift.init(_:))
        probes = report.probes.prefix(TextLimits.entries).map(WireProbeReport.init(_:))
        if let router = report.probedRouter { probedRouter = WireProbedRouter(router) }
    }
}

extension AttachmentReport {
    package init(_ wire: WireAttachmentReport) throws(ConversionError) {
        self.init(
            selector: try convert(wire.selector, "selector", AttachmentSelector.init(_:)),
            routers: try few(wire.routers, "routers", TextLimits.entries).map { router throws(ConversionError) in
                try text(router, "routers", TextLimits.name)
            },
            hosted: try few(wire.hosted, "hosted", TextLimits.entries).map { router throws(ConversionError) in
                try text(router, "hosted", TextLimits.name)
            },
            chassis: wire.hasChassis ? try text(wire.chassis, "chassis", TextLimits.name) : nil,
            subnets: try parse(wire.subnets, "subnets"),
            pin: wire.hasPin ? try convert(wire.pin, "pin", AttachmentPin.init(_:)) : nil,
            association: BGPVPNAssociation(wire.association),
            bgpvpns: try few(wire.bgpvpns, "bgpvpns", TextLimits.entries).map { id throws(ConversionError) in
                try text(id, "bgpvpns", TextLimits.name)
            })
        if let pin, pin.selector != selector { throw ConversionError(field: "pin.selector", reason: "it is another attachment's") }
    }
}

extension WireAttachmentReport {
    package init(_ report: AttachmentReport) {
        selector = WireAttachmentSelector(report.selector)
        routers = report.routers.prefix(TextLimits.entries).map { TextLimits.cut($0, to: TextLimits.name) }
        hosted = report.hosted.prefix(TextLimits.entries).map { TextLimits.cut($0, to: TextLimits.name) }
        if let chassis = report.chassis { self.chassis = TextLimits.cut(chassis, to: TextLimits.name) }
        subnets = report.subnets.map(\.description)
        if let pin = report.pin { self.pin = WireAttachmentPin(pin) }
        association = WireAttachmentReport.Association(report.association)
        bgpvpns = report.bgpvpns.prefix(TextLimits.entries).map { TextLimits.cut($0, to: TextLimits.name) }
    }
}

extension BGPVPNAssociation {
    /// Nil: not known, or a word of a newer agent.
    fileprivate init?(_ wire: WireAttachmentReport.Association) {
        switch wire {
        case .missing: self = .missing
        case .none: self = .unassociated
        case .associated: self = .associated
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension WireAttachmentReport.Association {
    fileprivate init(_ association: BGPVPNAssociation?) {
        switch association {
        case nil: self = .unspecified
        case .missing?: self = .missing
        case .unassociated?: self = .none
        case .associated?: self = .associated
        }
    }
}

extension EffectiveVPN {
    package init(_ wire: WireEffectiveVPN) throws(ConversionError) {
        self.init(
            kind: try VPNKind(wire.kind, "kind"), encapsulation: try convert(wire.encapsulation, "encapsulation", Encapsulation.init(_:)),
            routeDistinguisher: wire.hasRouteDistinguisher ? try parse(wire.routeDistinguisher, "route_distinguisher") : nil,
            importTargets: try parse(wire.importTargets, "import_targets"),
            exportTargets: try parse(wire.exportTargets, "export_targets"),
            routerMAC: wire.hasRouterMac ? try parse(wire.routerMac, "router_mac") : nil, isUp: wire.isUp,
            importedVRFs: try convert(try few(wire.importedVrfs, "imported_vrfs", TextLimits.entries), "imported_vrfs", LocalVRF.init(_:)))
    }
}

extension WireEffectiveVPN {
    package init(_ effective: EffectiveVPN) {
        kind = WireVPNKind(effective.kind)
        encapsulation = WireEncapsulation(effective.encapsulation)
        if let distinguisher = effective.routeDistinguisher { routeDistinguisher = distinguisher.description }
        importTargets = effective.importTargets.map(\.description)
        exportTargets = effective.exportTargets.map(\.description)
        if let mac = effective.routerMAC { routerMac = mac.description }
        isUp = effective.isUp
        importedVrfs = effective.importedVRFs.prefix(TextLimits.entries).map(WireLocalVRF.init(_:))
    }
}
