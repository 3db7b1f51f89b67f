import FederationModel
import NetworkTypes
import Verification

extension Intruder {
    package init(_ wire: WireIntruder) throws(ConversionError) {
        self.init(
            gateway: try parse(wire.gateway, "gateway"), prefix: try parse(wire.prefix, "prefix"),
            nextHop: try parse(wire.nextHop, "next_hop"),
            routeDistinguisher: wire.hasRouteDistinguisher ? try parse(wire.routeDistinguisher, "route_distinguisher") : nil,
            originAS: wire.hasOriginAs ? wire.originAs : nil, announcer: wire.hasAnnouncer ? try parse(wire.announcer, "announcer") : nil,
            reason: try Reason(wire.reason, "reason"), isInstalled: wire.isInstalled)
    }
}

extension WireIntruder {
    package init(_ intruder: Intruder) {
        gateway = intruder.gateway.description
        prefix = intruder.prefix.description
        nextHop = intruder.nextHop.description
        if let distinguisher = intruder.routeDistinguisher { routeDistinguisher = distinguisher.description }
        if let asn = intruder.originAS { originAs = asn }
        if let gateway = intruder.announcer { announcer = gateway.description }
        reason = WireIntruderReason(intruder.reason)
        isInstalled = intruder.isInstalled
    }
}

extension Intruder.Reason {
    /// - Parameter field: where the reason stood, for the error.
    fileprivate init(_ wire: WireIntruderReason, _ field: String) throws(ConversionError) {
        switch wire {
        case .unknownVtep: self = .unknownVTEP
        case .notMember: self = .notMember
        case .foreignDistinguisher: self = .foreignDistinguisher
        case .unknownDistinguisher: self = .unknownDistinguisher
        case .foreignAs: self = .foreignAS
        case .notAdvertised: self = .notAdvertised
        case .unexpected: self = .unexpected
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: field, reason: "unknown reason \(wire.rawValue) of an intruder")
        }
    }
}

extension WireIntruderReason {
    fileprivate init(_ reason: Intruder.Reason) {
        switch reason {
        case .unknownVTEP: self = .unknownVtep
        case .notMember: self = .notMember
        case .foreignDistinguisher: self = .foreignDistinguisher
        case .unknownDistinguisher: self = .unknownDistinguisher
        case .foreignAS: self = .foreignAs
        case .notAdvertised: self = .notAdvertised
        case .unexpected: self = .unexpected
        }
    }
}
