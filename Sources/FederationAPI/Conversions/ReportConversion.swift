import FederationModel
import NetworkTypes

extension GatewayReport {
    package init(_ wire: WireGatewayReport) throws(ConversionError) {
        try require(wire.hasBase, "base")
        let vpns = try convert(wire.vpns, "vpns", VPNReport.init(_:))
        self.init(
            base: try convert(wire.base, "base", BaseReport.init(_:)), vpns: try keyed(vpns, by: \.name, "vpns"),
            received: try convert(wire.received, "received", ReceivedRoute.init(_:)),
            bgpvpns: wire.hasBgpvpns ? try convert(wire.bgpvpns, "bgpvpns", BGPVPNReports.init(_:)) : nil)
    }
}

extension WireGatewayReport {
    package init(_ report: GatewayReport) {
        base = WireBaseReport(report.base)
        vpns = report.vpns.values.sorted { $0.name < $1.name }.map(WireVPNReport.init(_:))
        received = report.received.map(WireReceivedRoute.init(_:))
        if let bgpvpns = report.bgpvpns { self.bgpvpns = WireBGPVPNReports(bgpvpns) }
    }
}

extension Acknowledgement {
    package init(_ wire: WireResourceOutcome) throws(ConversionError) {
        switch wire.outcome {
        case .applied(let applied): self = .applied(try text(applied.version, "version", TextLimits.version))
        case .rejected(let rejected):
            self = .rejected(
                try text(rejected.version, "version", TextLimits.version),
                reason: try text(rejected.reason, "reason", TextLimits.sentence))
        case nil: throw ConversionError(field: "outcome", reason: "missing")
        }
    }
}

extension WireResourceOutcome {
    package init(_ acknowledgement: Acknowledgement) {
        switch acknowledgement {
        case .applied(let version):
            applied.version = version
        case .rejected(let version, let reason):
            rejected.version = version
            rejected.reason = TextLimits.cut(reason, to: TextLimits.sentence)
        }
    }
}

extension BaseReport {
    package init(_ wire: WireBaseReport) throws(ConversionError) {
        self.init(
            asn: wire.hasAsn ? try parse(number: wire.asn, "asn", "AS number", ASN.init(value:)) : nil,
            sessions: try convert(try few(wire.sessions, "sessions", TextLimits.entries), "sessions", PeerSession.init(_:)),
            problems: try convert(try few(wire.problems, "problems", TextLimits.problems), "problems", Problem.init(_:)),
            writes: WriteCounters(wire.writes), software: try text(wire.software, "software", TextLimits.software),
            silentSources: try convert(
                try few(wire.silentSources, "silent_sources", TextLimits.entries), "silent_sources", SilentSource.init(_:)),
            foreignVRFs: wire.hasForeignVrfs ? try convert(wire.foreignVrfs, "foreign_vrfs", ForeignVRFs.init(_:)) : nil)
    }
}

extension WireBaseReport {
    package init(_ report: BaseReport) {
        if let asn = report.asn { self.asn = asn.value }
        sessions = report.sessions.prefix(TextLimits.entries).map(WirePeerSession.init(_:))
        problems = TextLimits.cut(report.problems).map(WireProblem.init(_:))
        writes = WireWriteCounters(report.writes)
        software = TextLimits.cut(report.software, to: TextLimits.software)
        silentSources = report.silentSources.map(WireSilentSource.init(_:))
        if let foreign = report.foreignVRFs { foreignVrfs = WireForeignVRFs(foreign) }
    }
}

extension SilentSource {
    package init(_ wire: WireSilentSource) throws(ConversionError) {
        self.init(
            told: try text(wire.source, "source", TextLimits.version), since: moment(wire.sinceMilliseconds),
            reason: try text(wire.reason, "reason", TextLimits.sentence), remedy: try text(wire.remedy, "remedy", TextLimits.sentence))
    }
}

extension WireSilentSource {
    package init(_ silent: SilentSource) {
        source = TextLimits.cut(silent.word, to: TextLimits.version)
        sinceMilliseconds = silent.since
        reason = TextLimits.cut(silent.reason, to: TextLimits.sentence)
        remedy = TextLimits.cut(silent.remedy, to: TextLimits.sentence)
    }
}

extension PeerSession {
    package init(_ wire: WirePeerSession) throws(ConversionError) {
        self.init(
            address: try parse(wire.address, "address"), asn: try parse(number: wire.asn, "asn", "AS number", ASN.init(value:)),
            state: try text(wire.state, "state", TextLimits.name), prefixesReceived: count(wire.prefixesReceived))
    }
}

extension WirePeerSession {
    package init(_ session: PeerSession) {
        address = session.address.description
        asn = session.asn.value
        state = TextLimits.cut(session.state, to: TextLimits.name)
        prefixesReceived = UInt64(clamping: session.prefixesReceived)
    }
}

extension WriteCounters {
    package init(_ wire: WireWriteCounters) {
        self.init(
            reconciles: count(wire.reconciles), netlink: count(wire.netlink), ovsdb: count(wire.ovsdb), vty: count(wire.vty),
            openflow: count(wire.openflow))
    }
}

extension WireWriteCounters {
    package init(_ writes: WriteCounters) {
        reconciles = writes.reconciles
        netlink = writes.netlink
        ovsdb = writes.ovsdb
        vty = writes.vty
        openflow = writes.openflow
    }
}

extension Problem {
    package init(_ wire: WireProblem) throws(ConversionError) {
        self.init(
            told: try text(wire.code, "code", TextLimits.version), message: try text(wire.message, "message", TextLimits.sentence),
            remedy: try text(wire.remedy, "remedy", TextLimits.sentence),
            prefixes: try parse(try few(wire.prefixes, "prefixes", TextLimits.entries), "prefixes"))
    }
}

extension WireProblem {
    package init(_ problem: Problem) {
        code = TextLimits.cut(problem.word, to: TextLimits.version)
        message = TextLimits.cut(problem.message, to: TextLimits.sentence)
        remedy = TextLimits.cut(problem.remedy, to: TextLimits.sentence)
        prefixes = problem.prefixes.prefix(TextLimits.entries).map(\.description)
    }
}

extension Drift {
    package init(_ wire: WireDrift) throws(ConversionError) {
        self.init(
            object: try text(wire.object, "object", TextLimits.sentence), change: try text(wire.change, "change", TextLimits.sentence),
            repairedAt: moment(wire.repairedAtMilliseconds))
    }
}

extension WireDrift {
    package init(_ drift: Drift) {
        object = TextLimits.cut(drift.object, to: TextLimits.sentence)
        change = TextLimits.cut(drift.change, to: TextLimits.sentence)
        repairedAtMilliseconds = drift.repairedAt
    }
}
