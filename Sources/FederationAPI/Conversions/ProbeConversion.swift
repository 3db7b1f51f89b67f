import FederationModel
import NetworkTypes

extension ProbeReport {
    package init(_ wire: WireProbeReport) throws(ConversionError) {
        let family = try AddressFamily(ipVersion: wire.ipVersion, "ip_version")
        try require(wire.hasSmall, "small")
        try require(wire.hasLarge, "large")
        self.init(
            vtep: try parse(wire.vtep, "vtep"), family: family, small: Part(wire.small), large: Part(wire.large),
            largeSize: Int(wire.largeSize), interval: Int(wire.intervalMilliseconds), lossOut: Int(min(wire.lossOutPercent, 100)),
            lossBack: Int(min(wire.lossBackPercent, 100)), roundTrip: wire.hasRoundTripMicroseconds ? Int(wire.roundTripMicroseconds) : nil,
            router: wire.hasRouter ? try convert(wire.router, "router", Router.init(_:)) : nil)
    }
}

extension WireProbeReport {
    package init(_ report: ProbeReport) {
        vtep = report.vtep.description
        ipVersion = report.family == .ipv4 ? 4 : 6
        small = WireProbeResult(report.small)
        large = WireProbeResult(report.large)
        largeSize = UInt32(clamping: report.largeSize)
        intervalMilliseconds = UInt32(clamping: report.interval)
        lossOutPercent = UInt32(clamping: report.lossOut)
        lossBackPercent = UInt32(clamping: report.lossBack)
        if let time = report.roundTrip { roundTripMicroseconds = UInt32(clamping: time) }
        if let router = report.router { self.router = WireRouterProbeReport(router) }
    }
}

extension ProbeReport.Router {
    init(_ wire: WireRouterProbeReport) throws(ConversionError) {
        try require(wire.hasSmall, "small")
        try require(wire.hasLarge, "large")
        self.init(
            small: ProbeReport.Part(wire.small), large: ProbeReport.Part(wire.large), loss: Int(min(wire.lossPercent, 100)))
    }
}

extension WireRouterProbeReport {
    init(_ report: ProbeReport.Router) {
        small = WireProbeResult(report.small)
        large = WireProbeResult(report.large)
        lossPercent = UInt32(clamping: report.loss)
    }
}

extension ProbedRouter {
    init(_ wire: WireProbedRouter) throws(ConversionError) {
        self.init(
            id: try text(wire.id, "id", TextLimits.name),
            families: try few(wire.ipVersions, "ip_versions", 2).map { version throws(ConversionError) in
                try AddressFamily(ipVersion: version, "ip_versions")
            }, subnets: try parse(try few(wire.subnets, "subnets", TextLimits.entries), "subnets"))
    }
}

extension WireProbedRouter {
    init(_ router: ProbedRouter) {
        id = TextLimits.cut(router.id, to: TextLimits.name)
        ipVersions = router.families.map { $0 == .ipv4 ? 4 : 6 }
        subnets = router.subnets.prefix(TextLimits.entries).map(\.description)
    }
}

extension AddressFamily {
    fileprivate init(ipVersion: UInt32, _ field: String) throws(ConversionError) {
        switch ipVersion {
        case 4: self = .ipv4
        case 6: self = .ipv6
        default: throw ConversionError(field: field, reason: "must be 4 or 6, not \(ipVersion)")
        }
    }
}

extension ProbeReport.Part {
    init(_ wire: WireProbeResult) {
        self.init(outcome: ProbeReport.Outcome(wire.outcome), since: moment(wire.sinceMilliseconds), isHeard: wire.isHeard)
    }
}

extension WireProbeResult {
    init(_ part: ProbeReport.Part) {
        outcome = WireProbeOutcome(part.outcome)
        sinceMilliseconds = part.since
        isHeard = part.isHeard
    }
}

extension ProbeReport.Outcome {
    /// A word of a newer agent proves nothing.
    init(_ wire: WireProbeOutcome) {
        switch wire {
        case .returned: self = .returned
        case .lossy: self = .lossy
        case .lost: self = .lost
        case .waiting, .unspecified, .UNRECOGNIZED: self = .waiting
        }
    }
}

extension WireProbeOutcome {
    init(_ outcome: ProbeReport.Outcome) {
        switch outcome {
        case .waiting: self = .waiting
        case .returned: self = .returned
        case .lossy: self = .lossy
        case .lost: self = .lost
        }
    }
}
