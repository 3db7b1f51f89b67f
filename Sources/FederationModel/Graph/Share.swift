import NetworkTypes

/// Prefixes of one VPN shared into another one (an extranet).
///
/// FRR 8.4 puts every route into the importer's own VNI, so a shared prefix cannot simply be imported: the clouds of the sharing VPN
/// take part in the other VPN too, with these prefixes only, and forward for them in that VPN's VRF.
package struct Share: Hashable, Sendable, Codable {
    /// The VPN that gets the prefixes.
    package var to: VPNName
    /// Never empty; each a subnet of an attachment, or inside one.
    package var prefixes: [IPPrefix]
    /// The clouds whose attachments are shared; empty: all.
    package var clouds: [CloudName]

    package init(to: VPNName, prefixes: [IPPrefix], clouds: [CloudName] = []) {
        self.to = to
        self.prefixes = prefixes
        self.clouds = clouds
    }
}
