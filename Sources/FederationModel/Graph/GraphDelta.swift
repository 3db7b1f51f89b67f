/// The difference between two graphs; a revision is stored as this.
package struct GraphDelta: Hashable, Sendable, Codable {
    /// Everything except clouds and VPNs, if it differs.
    var rest: FederationGraph?
    /// New, or changed.
    var clouds: [CloudName: Cloud] = [:]
    var vpns: [VPNName: VPN] = [:]
    /// Sorted.
    var goneClouds: [CloudName] = []
    var goneVPNs: [VPNName] = []

    package init(from old: FederationGraph, to new: FederationGraph) {
        let rest = new.withoutObjects
        if rest != old.withoutObjects { self.rest = rest }
        clouds = new.clouds.filter { old.clouds[$0.key] != $0.value }
        vpns = new.vpns.filter { old.vpns[$0.key] != $0.value }
        goneClouds = old.clouds.keys.filter { new.clouds[$0] == nil }.sorted()
        goneVPNs = old.vpns.keys.filter { new.vpns[$0] == nil }.sorted()
    }
}

extension FederationGraph {
    /// Makes it the graph that the delta leads to.
    package mutating func apply(_ delta: GraphDelta) {
        if var rest = delta.rest {
            (rest.clouds, rest.vpns) = (clouds, vpns)
            self = rest
        }
        for (name, cloud) in delta.clouds { clouds[name] = cloud }
        for (name, vpn) in delta.vpns { vpns[name] = vpn }
        for name in delta.goneClouds { clouds[name] = nil }
        for name in delta.goneVPNs { vpns[name] = nil }
    }

    fileprivate var withoutObjects: FederationGraph {
        var copy = self
        (copy.clouds, copy.vpns) = ([:], [:])
        return copy
    }
}
