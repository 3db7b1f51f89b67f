import FederationModel
import Verification

extension Impact {
    package init(_ wire: WireImpact) throws(ConversionError) {
        self.init(
            vpn: try parse(wire.vpn, "vpn"), origin: try parse(wire.origin, "origin"), viewer: try parse(wire.viewer, "viewer"),
            effect: try Effect(wire.effect, "effect"), reason: wire.reason)
    }
}

extension WireImpact {
    package init(_ impact: Impact) {
        vpn = impact.vpn.text
        origin = impact.origin.text
        viewer = impact.viewer.text
        effect = WireImpactEffect(impact.effect)
        reason = impact.reason
    }
}

extension Impact.Effect {
    fileprivate init(_ wire: WireImpactEffect, _ field: String) throws(ConversionError) {
        switch wire {
        case .lost: self = .lost
        case .moved: self = .moved
        case .broken: self = .broken
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: field, reason: "unknown effect \(wire.rawValue)")
        }
    }
}

extension WireImpactEffect {
    fileprivate init(_ effect: Impact.Effect) {
        switch effect {
        case .lost: self = .lost
        case .moved: self = .moved
        case .broken: self = .broken
        }
    }
}
