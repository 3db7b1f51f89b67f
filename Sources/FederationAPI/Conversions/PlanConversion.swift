import Federation
import FederationModel
import NetworkTypes

extension Plan {
    package init(_ wire: WirePlan) throws(ConversionError) {
        self.init(
            federation: try parse(wire.federation, "federation"), base: wire.base,
            objects: try convert(wire.objects, "objects", GraphChange.init(_:)),
            gateways: try convert(wire.gateways, "gateways", GatewayChange.init(_:)),
            gained: try convert(wire.gained, "gained", Reach.init(_:)), lost: try convert(wire.lost, "lost", Reach.init(_:)),
            withdrawals: count(wire.withdrawals), findings: try convert(wire.findings, "findings", Finding.init(_:)),
            changesText: wire.changesText)
    }
}

extension Plan {
    /// Messages that make up the plan, each far below what one may have: the lists of each go on where those before ended.
    package var wireParts: [WirePlan] {
        let limit = 10_000
        func chunk<Item>(_ items: [Item], _ number: Int) -> ArraySlice<Item> {
            items[min(items.count, number * limit)..<min(items.count, (number + 1) * limit)]
        }
        let longest = [objects.count, gateways.count, gained.count, lost.count, findings.count].max() ?? 0
        return (0..<max(1, (longest + limit - 1) / limit)).map { number in
            var part = WirePlan()
            part.base = base
            part.federation = federation.text
            if number == 0 {
                part.withdrawals = UInt64(clamping: withdrawals)
                part.changesText = changesText
            }
            part.findings = chunk(findings, number).map(WireFinding.init(_:))
            part.objects = chunk(objects, number).map(WireChange.init(_:))
            part.gateways = chunk(gateways, number).map(WireGatewayChange.init(_:))
            part.gained = chunk(gained, number).map(WireReach.init(_:))
            part.lost = chunk(lost, number).map(WireReach.init(_:))
            return part
        }
    }

    /// Takes a further part of it in.
    package mutating func append(_ wire: WirePlan) throws(ConversionError) {
        let more = try Plan(wire)
        objects += more.objects
        gateways += more.gateways
        gained += more.gained
        lost += more.lost
        findings += more.findings
    }
}

extension GraphChange {
    package init(_ wire: WireChange) throws(ConversionError) {
        self.init(
            kind: try Kind(wire.kind, "kind"), object: wire.object, details: wire.details,
            gateways: try convert(wire.gateways, "gateways", GatewayID.init(_:)))
    }
}

extension WireChange {
    package init(_ change: GraphChange) {
        kind = WireChangeKind(change.kind)
        object = change.object
        details = change.details
        gateways = change.gateways.map(WireGateway.init(_:))
    }
}

extension GatewayChange {
    package init(_ wire: WireGatewayChange) throws(ConversionError) {
        self.init(
            gateway: try convert(wire.gateway, "gateway", GatewayID.init(_:)), kind: try GraphChange.Kind(wire.kind, "kind"),
            resource: try parse(wire.resource, "resource"), details: wire.details,
            resetsSessions: wire.resetsSessions)
    }
}

extension WireGatewayChange {
    package init(_ change: GatewayChange) {
        gateway = WireGateway(change.gateway)
        kind = WireChangeKind(change.kind)
        resource = change.resource.description
        details = change.details
        resetsSessions = change.resetsSessions
    }
}

extension GraphChange.Kind {
    /// - Parameter field: where the kind stood, for the error.
    package init(_ wire: WireChangeKind, _ field: String) throws(ConversionError) {
        switch wire {
        case .added: self = .added
        case .changed: self = .changed
        case .removed: self = .removed
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: field, reason: "unknown kind of a change \(wire.rawValue)")
        }
    }
}

extension WireChangeKind {
    package init(_ kind: GraphChange.Kind) {
        switch kind {
        case .added: self = .added
        case .changed: self = .changed
        case .removed: self = .removed
        }
    }
}

extension Reach {
    package init(_ wire: WireReach) throws(ConversionError) {
        self.init(vpn: try parse(wire.vpn, "vpn"), from: try parse(wire.from, "from"), to: try parse(wire.to, "to"))
    }
}

extension WireReach {
    package init(_ reach: Reach) {
        vpn = reach.vpn.text
        from = reach.from.text
        to = reach.to.text
    }
}

extension Finding {
    package init(_ wire: WireFinding) throws(ConversionError) {
        guard let code = FindingCode(rawValue: wire.code) else {
            throw ConversionError(field: "code", reason: "unknown finding code “\(wire.code)”")
        }
        self.init(try Severity(wire.severity, "severity"), code, path: wire.path, reason: wire.reason, remedy: wire.remedy)
    }
}

extension WireFinding {
    package init(_ finding: Finding) {
        code = finding.code.rawValue
        severity =
            switch finding.severity {
            case .error: .error
            case .warning: .warning
            }
        path = finding.path
        reason = finding.reason
        remedy = finding.remedy
    }
}

extension Finding.Severity {
    fileprivate init(_ wire: WireFinding.Severity, _ field: String) throws(ConversionError) {
        switch wire {
        case .error: self = .error
        case .warning: self = .warning
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: field, reason: "unknown severity \(wire.rawValue)")
        }
    }
}
