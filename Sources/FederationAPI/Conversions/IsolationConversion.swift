import FederationModel
import NetworkTypes
import Verification

extension IsolationAnswer {
    /// From the first part; further ones are appended.
    package init(_ wire: WireIsolationPart) throws(ConversionError) {
        try require(wire.hasSummary, "summary")
        let summary = wire.summary
        self.init(
            federation: try parse(summary.federation, "federation"), epoch: try text(summary.epoch, "epoch", TextLimits.version),
            revision: summary.revision,
            proof: IsolationProof(
                madeAt: moment(summary.madeAtMilliseconds), vpnCount: count(summary.vpnCount), vpns: [], pairs: .init(summary.pairs),
                gatewayCount: count(summary.gatewayCount), seenGateways: count(summary.seenGateways), gaps: [],
                gapCount: count(summary.gapCount), witnesses: [], witnessCount: count(summary.witnessCount),
                oldestEvidence: summary.hasOldestEvidenceMilliseconds ? moment(summary.oldestEvidenceMilliseconds) : nil))
        try append(wire)
    }

    package mutating func append(_ wire: WireIsolationPart) throws(ConversionError) {
        proof.vpns += try convert(wire.vpns, "vpns", VPNIsolation.init(_:))
        proof.witnesses += try convert(wire.witnesses, "witnesses", IsolationWitness.init(_:))
        proof.gaps += try convert(wire.gaps, "gaps", IsolationGap.init(_:))
        guard !wire.statement.isEmpty || !wire.signature.isEmpty else { return }
        var signed = statement ?? SignedStatement(text: [], signature: "")
        signed.text += wire.statement
        signed.signature += wire.signature
        statement = signed
    }
}

extension WireIsolationPart {
    /// In parts that fit messages.
    static func messages(_ answer: IsolationAnswer) -> [WireIsolationPart] {
        var first = WireIsolationPart()
        first.summary = WireIsolationSummary(answer)
        var messages = [first]
        func chunks<Element>(_ list: [Element], _ size: Int, _ fill: (inout WireIsolationPart, ArraySlice<Element>) -> Void) {
            for start in stride(from: 0, to: list.count, by: size) {
                var part = WireIsolationPart()
                fill(&part, list[start..<min(start + size, list.count)])
                messages.append(part)
            }
        }
        chunks(answer.proof.witnesses, 200) { $0.witnesses = $1.map(WireIsolationWitness.init(_:)) }
        chunks(answer.proof.gaps, 1000) { $0.gaps = $1.map(WireIsolationGap.init(_:)) }
        chunks(answer.proof.vpns, 1000) { $0.vpns = $1.map(WireVPNIsolation.init(_:)) }
        if let statement = answer.statement {
            chunks(statement.text, 256 * 1024) { $0.statement = .init($1) }
            var last = WireIsolationPart()
            last.signature = statement.signature
            messages.append(last)
        }
        return messages
    }
}

extension WireIsolationSummary {
    init(_ answer: IsolationAnswer) {
        federation = answer.federation.text
        epoch = answer.epoch
        revision = answer.revision
        let proof = answer.proof
        madeAtMilliseconds = proof.madeAt
        vpnCount = UInt64(clamping: proof.vpnCount)
        pairs = WireIsolationPairs(proof.pairs)
        gatewayCount = UInt64(clamping: proof.gatewayCount)
        seenGateways = UInt64(clamping: proof.seenGateways)
        gapCount = UInt64(clamping: proof.gapCount)
        witnessCount = UInt64(clamping: proof.witnessCount)
        if let oldest = proof.oldestEvidence { oldestEvidenceMilliseconds = oldest }
    }
}

extension IsolationProof.Pairs {
    init(_ wire: WireIsolationPairs) {
        self.init()
        all = count(wire.all)
        violated = count(wire.violated)
        byIntent = count(wire.byIntent)
        byConfiguration = count(wire.byConfiguration)
        byRoutes = count(wire.byRoutes)
    }
}

extension WireIsolationPairs {
    init(_ pairs: IsolationProof.Pairs) {
        all = UInt64(clamping: pairs.all)
        violated = UInt64(clamping: pairs.violated)
        byIntent = UInt64(clamping: pairs.byIntent)
        byConfiguration = UInt64(clamping: pairs.byConfiguration)
        byRoutes = UInt64(clamping: pairs.byRoutes)
    }
}

extension VPNIsolation {
    init(_ wire: WireVPNIsolation) throws(ConversionError) {
        self.init(
            name: try parse(wire.name, "name"), state: try IsolationState(wire.state), level: try IsolationLevel(wire.level),
            importTargets: try parse(wire.importTargets, "import_targets"), exportTargets: try parse(wire.exportTargets, "export_targets"),
            oldestEvidence: wire.hasOldestEvidenceMilliseconds ? moment(wire.oldestEvidenceMilliseconds) : nil,
            silentGateways: try parse(wire.silentGateways, "silent_gateways"))
    }
}

extension WireVPNIsolation {
    init(_ vpn: VPNIsolation) {
        name = vpn.name.text
        state = WireIsolationState(vpn.state)
        level = WireIsolationLevel(vpn.level)
        importTargets = vpn.importTargets.map(\.description)
        exportTargets = vpn.exportTargets.map(\.description)
        if let oldest = vpn.oldestEvidence { oldestEvidenceMilliseconds = oldest }
        silentGateways = vpn.silentGateways.map(\.description)
    }
}

extension IsolationWitness {
    init(_ wire: WireIsolationWitness) throws(ConversionError) {
        guard let breach = IsolationBreach(rawValue: wire.breach) else {
            throw ConversionError(field: "breach", reason: "unknown breach \(wire.breach)")
        }
        self.init(
            breach: breach, level: try IsolationLevel(wire.level), exporter: try convert(wire.exporter, "exporter", LocalVRF.init(_:)),
            importer: try convert(wire.importer, "importer", LocalVRF.init(_:)),
            exported: wire.hasExported ? try parse(wire.exported, "exported") : nil,
            imported: wire.hasImported ? try parse(wire.imported, "imported") : nil,
            route: wire.hasRoute ? try convert(wire.route, "route", Route.init(_:)) : nil,
            gateways: try parse(wire.gateways, "gateways"), gatewayCount: count(wire.gatewayCount), sentence: wire.sentence,
            remedy: wire.remedy)
    }
}

extension WireIsolationWitness {
    init(_ witness: IsolationWitness) {
        breach = witness.breach.rawValue
        level = WireIsolationLevel(witness.level)
        exporter = WireLocalVRF(witness.exporter)
        importer = WireLocalVRF(witness.importer)
        if let exported = witness.exported { self.exported = exported.description }
        if let imported = witness.imported { self.imported = imported.description }
        if let route = witness.route { self.route = Route(route) }
        gateways = witness.gateways.map(\.description)
        gatewayCount = UInt64(clamping: witness.gatewayCount)
        sentence = witness.sentence
        remedy = witness.remedy
    }
}

extension IsolationWitness.Route {
    init(_ wire: WireIsolationWitness.Route) throws(ConversionError) {
        self.init(
            prefix: try parse(wire.prefix, "prefix"), nextHop: try parse(wire.nextHop, "next_hop"),
            routeDistinguisher: try parse(wire.routeDistinguisher, "route_distinguisher"))
    }
}

extension WireIsolationWitness.Route {
    init(_ route: IsolationWitness.Route) {
        prefix = route.prefix.description
        nextHop = route.nextHop.description
        routeDistinguisher = route.routeDistinguisher.description
    }
}

extension IsolationGap {
    init(_ wire: WireIsolationGap) throws(ConversionError) {
        guard let reason = Reason(rawValue: wire.reason) else {
            throw ConversionError(field: "reason", reason: "unknown reason \(wire.reason)")
        }
        self.init(
            gateway: try parse(wire.gateway, "gateway"), reason: reason,
            since: wire.hasSinceMilliseconds ? moment(wire.sinceMilliseconds) : nil, vpn: wire.hasVpn ? try parse(wire.vpn, "vpn") : nil)
    }
}

extension WireIsolationGap {
    init(_ gap: IsolationGap) {
        gateway = gap.gateway.description
        reason = gap.reason.rawValue
        if let since = gap.since { sinceMilliseconds = since }
        if let vpn = gap.vpn { self.vpn = vpn.text }
    }
}

extension IsolationState {
    init(_ wire: WireIsolationState) throws(ConversionError) {
        switch wire {
        case .proven: self = .proven
        case .violated: self = .violated
        case .unknown: self = .unknown
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: "state", reason: "unknown state \(wire.rawValue)")
        }
    }
}

extension WireIsolationState {
    init(_ state: IsolationState) {
        switch state {
        case .proven: self = .proven
        case .violated: self = .violated
        case .unknown: self = .unknown
        }
    }
}

extension IsolationLevel {
    init(_ wire: WireIsolationLevel) throws(ConversionError) {
        switch wire {
        case .intent: self = .intent
        case .configuration: self = .configuration
        case .routes: self = .routes
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: "level", reason: "unknown level \(wire.rawValue)")
        }
    }
}

extension WireIsolationLevel {
    init(_ level: IsolationLevel) {
        switch level {
        case .intent: self = .intent
        case .configuration: self = .configuration
        case .routes: self = .routes
        }
    }
}
