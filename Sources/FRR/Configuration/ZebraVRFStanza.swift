import NetworkTypes

/// zebra's part of a VRF: the VNI that makes it an EVPN L3VNI. Other lines of the block (static routes, filters) are the operator's.
///
/// Set it last. FRR 8.4.4 never programs the router MACs of routes that it already has when the VNI comes before the BGP instance;
/// zebra must also know the devices (`ZebraInterface`) by then.
package struct ZebraVRFStanza: Hashable, Sendable {
    package var vrf: String
    package var vni: VNI?

    package init(vrf: String, vni: VNI?) {
        self.vrf = vrf
        self.vni = vni
    }

    package var render: [String] { ConfigurationScript(from: [], to: lines).lines }

    /// What runs in zebra; nil where it has no such block.
    package static func parse(_ configuration: RunningConfiguration, vrf: String) -> Self? {
        let sections = configuration.sections(about: .vrf(vrf))
        guard !sections.isEmpty else { return nil }
        let words = sections.lazy.flatMap(\.body).map { $0.text.split(separator: " ") }.first { $0.count >= 2 && $0[0] == "vni" }
        return ZebraVRFStanza(vrf: vrf, vni: words.flatMap { VNI(String($0[1])) })
    }

    /// From one VNI to another takes the old one away first: zebra refuses a second. To nil leaves the block without VNI;
    /// see `forget` for the block itself.
    package static func changes(from running: Self?, to wanted: Self?) -> [String] {
        ConfigurationScript(from: (running?.lines ?? []).filter(\.isInsideBlock), to: (wanted?.lines ?? []).filter(\.isInsideBlock)).lines
    }

    /// Makes zebra forget the block. It refuses while the kernel has the VRF: remove the device first.
    package static func forget(vrf: String) -> [String] { ["no vrf \(vrf)"] }

    private var lines: [ConfigurationLine] {
        let header = ConfigurationLine("vrf \(vrf)")
        return [header] + (vni.map { [ConfigurationLine("vni \($0)", in: header.path)] } ?? [])
    }
}

extension ConfigurationLine {
    fileprivate var isInsideBlock: Bool { !context.isEmpty }
}
