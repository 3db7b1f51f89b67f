import FederationModel
import NetworkTypes

/// Routes of one VPN would be imported into another.
package struct TargetLeak: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    /// A VPN in one cloud: a VRF on each of its gateways.
    package struct End: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
        package var vpn: VPNName
        package var cloud: CloudName

        package init(vpn: VPNName, cloud: CloudName) {
            self.vpn = vpn
            self.cloud = cloud
        }

        /// `blue in paris`
        package var description: String { "\(vpn) in \(cloud)" }
        package static func < (a: Self, b: Self) -> Bool { (a.vpn, a.cloud) < (b.vpn, b.cloud) }
    }

    package var exporter: End
    package var importer: End
    package var exported: RouteTarget
    /// Equal, except for a wildcard.
    package var imported: RouteTarget

    package init(exporter: End, importer: End, exported: RouteTarget, imported: RouteTarget) {
        self.exporter = exporter
        self.importer = importer
        self.exported = exported
        self.imported = imported
    }

    /// `red in tokyo imports 64900:7, exported by blue in paris`
    package var description: String {
        exported == imported
            ? "\(importer) imports \(imported), exported by \(exporter)"
            : "\(importer) imports \(imported), which also matches \(exported) of \(exporter)"
    }

    package static func < (a: Self, b: Self) -> Bool {
        (a.exporter, a.importer, a.exported, a.imported) < (b.exporter, b.importer, b.exported, b.imported)
    }
}
