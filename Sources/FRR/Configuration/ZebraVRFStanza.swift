import NetworkTypes

/// zebra's part of a VRF: the VNI that makes it an EVPN L3VNI. Other lines of the block (static routes, filters) are the operator's.
///
/// Set it last. FRR 8.4.4 never programs the router MACs of routes that it already has when the VNI comes before the BGP instance;
/// zebra must also know the devices (`ZebraInterface`) by then.
package struct ZebraVRFStanza: Hashable, Sendable {
    package var vrf: String
    package var vni: VNI

    package init(vrf: String, vni: VNI) {
        self.vrf = vrf
        self.vni = vni
    }

    package var render: [String] { Self.changes(from: nil, to: self) }

    /// What runs in zebra; nil where the VRF has no VNI.
    package static func parse(_ configuration: RunningConfiguration, vrf: String) -> Self? {
        for line in configuration.sections(about: .vrf(vrf)).flatMap(\.body) {
            let words = line.text.split(separator: " ")
            if words.count >= 2, words[0] == "vni", let vni = VNI(String(words[1])) { return ZebraVRFStanza(vrf: vrf, vni: vni) }
        }
        return nil
    }

    /// From one VNI to another takes the old one away first: zebra refuses a second. To nil leaves the block without VNI;
    /// see `forget` for the block itself.
    package static func changes(from running: Self?, to wanted: Self?) -> [String] {
        func lines(_ stanza: Self?) -> [ConfigurationLine] {
            stanza.map { [ConfigurationLine("vni \($0.vni)", in: ["vrf \($0.vrf)"])] } ?? []
        }
        return ConfigurationScript(from: lines(running), to: lines(wanted)).lines
    }

    /// Makes zebra forget the block, with whatever stands in it. It refuses while the kernel has the VRF: remove the device first.
    package static func forget(vrf: String) -> [String] { ["no vrf \(vrf)"] }
}
