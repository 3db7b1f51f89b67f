/// The closed list of ways by which routes get from one VRF into another that must not have them.
package enum IsolationBreach: String, Hashable, Sendable, Codable, CaseIterable {
    /// Intents: one VPN imports what another exports.
    case sharedTarget = "shared-target"
    /// An import target matches any administrator (`0:N`, `*:N`).
    case wildcardTarget = "wildcard-target"
    /// FRR’s automatic target is in force: the AS cut to 16 bits and the VNI, imported with any administrator.
    case automaticTarget = "automatic-target"
    /// bgpd imports or exports a target that is not intended: a typing error, an old target, a target added by hand.
    case extraTarget = "extra-target"
    /// A VRF that is not the federation’s imports a target of a VPN.
    case foreignImport = "foreign-vrf-import"
    /// A VRF that is not the federation’s exports a target that a VPN imports.
    case foreignExport = "foreign-vrf-export"
    /// bgpd copies routes from VRF to VRF (`import vrf`).
    case copiedVRF = "vrf-copied"
    /// Two VPNs share into a third one, and meet there.
    case sharersMeet = "sharers-meet"
    /// A route of another VPN is in the VRF, whatever brought it there.
    case foreignRoute = "foreign-route"
}
