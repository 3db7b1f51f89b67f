import Federation
import NetworkTypes

extension GatewayReport {
    package init(_ wire: WireGatewayReport) throws(ConversionError) {
        try require(wire.hasBase, "base")
        let vpns = try convert(wire.vpns, "vpns", VPNReport.init(_:))
        self.init(
            base: try convert(wire.base, "base", BaseReport.init(_:)), vpns: try keyed(vpns, by: \.name, "vpns"),
            received: try convert(wire.received, "received", ReceivedRoute.init(_:)))
    }
}

extension WireGatewayReport {
    package init(_ report: GatewayReport) {
        base = WireBaseReport(report.base)
        vpns = report.vpns.values.sorted { $0.name < $1.name }.map(WireVPNReport.init(_:))
        received = report.received.map(WireReceivedRoute.init(_:))
    }
}

extension Acknowledgement {
    package init(_ wire: WireResourceOutcome) throws(ConversionError) {
        switch wire.outcome {
        case .pending: self = .pending
        case .applied(let applied): self = .applied(applied.version)
        case .rejected(let rejected): self = .rejected(rejected.version, reason: rejected.reason)
        case nil: throw ConversionError(field: "outcome", reason: "it is missing")
        }
    }
}

extension WireResourceOutcome {
    package init(_ acknowledgement: Acknowledgement) {
        switch acknowledgement {
        case .pending:
            pending = Pending()
        case .applied(let version):
            applied.version = version
        case .rejected(let version, let reason):
            rejected.version = version
            rejected.reason = reason
        }
    }
}

extension BaseReport {
    package init(_ wire: WireBaseReport) throws(ConversionError) {
        self.init(
            acknowledgement: try convert(wire.acknowledgement, "acknowledgement", Acknowledgement.init(_:)),
            asn: wire.hasAsn ? try parse(number: wire.asn, "asn", "AS number", ASN.init(value:)) : nil,
            sessions: try convert(wire.sessions, "sessions", PeerSession.init(_:)), problems: wire.problems.map(Problem.init(_:)),
            writes: WriteCounters(wire.writes), software: wire.software)
    }
}

extension WireBaseReport {
    package init(_ report: BaseReport) {
        acknowledgement = WireResourceOutcome(report.acknowledgement)
        if let asn = report.asn { self.asn = asn.value }
        sessions = report.sessions.map(WirePeerSession.init(_:))
        problems = report.problems.map(WireProblem.init(_:))
        writes = WireWriteCounters(report.writes)
        software = report.software
    }
}

extension PeerSession {
    package init(_ wire: WirePeerSession) throws(ConversionError) {
        self.init(
            address: try parse(wire.address, "address"), asn: try parse(number: wire.asn, "asn", "AS number", ASN.init(value:)),
            state: wire.state, prefixesReceived: Int(clamping: wire.prefixesReceived))
    }
}

extension WirePeerSession {
    package init(_ session: PeerSession) {
        address = session.address.description
        asn = session.asn.value
        state = session.state
        prefixesReceived = UInt64(clamping: session.prefixesReceived)
    }
}

extension WriteCounters {
    package init(_ wire: WireWriteCounters) {
        self.init(reconciles: wire.reconciles, netlink: wire.netlink, ovsdb: wire.ovsdb, vty: wire.vty, openflow: wire.openflow)
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
    package init(_ wire: WireProblem) { self.init(told: wire.code, message: wire.message, remedy: wire.remedy) }
}

extension WireProblem {
    package init(_ problem: Problem) {
        code = problem.word
        message = problem.message
        remedy = problem.remedy
    }
}

extension Drift {
    package init(_ wire: WireDrift) {
        self.init(object: wire.object, change: wire.change, repairedAt: wire.repairedAtMilliseconds)
    }
}

extension WireDrift {
    package init(_ drift: Drift) {
        object = drift.object
        change = drift.change
        repairedAtMilliseconds = drift.repairedAt
    }
}
