import FederationModel
import NetworkTypes

extension ProbeReport {
    package init(_ wire: WireProbeReport) throws(ConversionError) {
        let family: AddressFamily
        switch wire.ipVersion {
        case 4: family = .ipv4
        case 6: family = .ipv6
        default: throw ConversionError(field: "ip_version", reason: "must be 4 or 6, not \(wire.ipVersion)")
        }
        try require(wire.hasSmall, "small")
        try require(wire.hasLarge, "large")
        self.init(
            vtep: try parse(wire.vtep, "vtep"), family: family, small: Part(wire.small), large: Part(wire.large),
            largeSize: Int(wire.largeSize), interval: Int(wire.intervalMilliseconds), lossOut: Int(min(wire.lossOutPercent, 100)),
            lossBack: Int(min(wire.lossBackPercent, 100)), roundTrip: wire.hasRoundTripMicroseconds ? Int(wire.roundTripMicroseconds) : nil)
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
