import FederationModel
import NetworkTypes

/// The local index of each VPN and VNI, and of each hand-off to a provider bridge, on this node.
///
/// Device names have at most 15 characters, VNIs up to 8 digits, and tables 253–255 belong to the kernel: so devices and tables are numbered
/// locally. The indexes are stored, because devices that forward carry them when the agent restarts.
package struct LocalIndexes: Hashable, Sendable, Codable {
    package private(set) var instances: [VPNInstance: Int]
    package private(set) var handoffs: [Handoff: Int]

    /// Where a VPN meets a provider network: one veth pair each.
    package struct Handoff: Hashable, Sendable, Codable {
        package var instance: VPNInstance
        package var network: ProviderNetwork

        package init(instance: VPNInstance, network: ProviderNetwork) {
            self.instance = instance
            self.network = network
        }
    }

    package init() {
        instances = [:]
        handoffs = [:]
    }

    /// Reads what an agent stored that knew only one VNI per VPN.
    /// - Parameter vnis: the VNI of each VPN. A VPN without one is no longer intended; its devices are found and removed.
    package init(_ former: Former, vnis: [VPNName: VNI]) {
        func instance(_ vpn: VPNName) -> VPNInstance? { vnis[vpn].map { VPNInstance(vpn: vpn, vni: $0) } }
        self.init()
        for (vpn, index) in former.vpns { if let instance = instance(vpn) { instances[instance] = index } }
        for (handoff, index) in former.handoffs {
            guard let instance = instance(handoff.vpn) else { continue }
            handoffs[Handoff(instance: instance, network: ProviderNetwork(bridge: handoff.bridge, vlan: handoff.vlan))] = index
        }
    }

    /// The numbers as they were stored when they were those of VPNs.
    package struct Former: Decodable {
        let vpns: [VPNName: Int]
        let handoffs: [Handoff: Int]

        struct Handoff: Hashable, Decodable {
            var vpn: VPNName
            var bridge: String
            var vlan: UInt16?
        }
    }

    /// The number that it has, or the lowest free one from 1.
    package mutating func index(of instance: VPNInstance) -> Int {
        if let index = instances[instance] { return index }
        let index = Self.lowestFree(Set(instances.values))
        instances[instance] = index
        return index
    }

    package mutating func index(of handoff: Handoff) -> Int {
        if let index = handoffs[handoff] { return index }
        let index = Self.lowestFree(Set(handoffs.values))
        handoffs[handoff] = index
        return index
    }

    /// Frees its indexes. Only when nothing on the node carries them any more.
    package mutating func release(_ instance: VPNInstance) {
        instances[instance] = nil
        handoffs = handoffs.filter { $0.key.instance != instance }
    }

    private static func lowestFree(_ used: Set<Int>) -> Int {
        var candidate = 1
        while used.contains(candidate) { candidate += 1 }
        return candidate
    }
}

/// The names of a VPN's devices and its table number on this node.
package struct LocalNames: Hashable, Sendable {
    package let index: Int

    package init(index: Int) { self.index = index }

    package var vrf: String { "fed\(index)" }
    package var bridge: String { "fedbr\(index)" }
    package var vxlan: String { "fedvx\(index)" }
    package var table: UInt32 { Self.firstTable + UInt32(index) }

    /// The veth end in the VRF.
    package static func handoffInside(_ index: Int) -> String { "fedin\(index)" }
    /// The veth end on the provider bridge.
    package static func handoffOutside(_ index: Int) -> String { "fedov\(index)" }

    /// Table 10000 + index: away from the kernel's own (253–255) and from tables that operators number by hand.
    package static let firstTable: UInt32 = 10_000

    /// The index in a device name of ours with the given stem; nil for any other name.
    package static func index(in name: String, stem: String) -> Int? {
        guard name.hasPrefix(stem), let first = name.dropFirst(stem.count).utf8.first, first != 0x30 else { return nil }
        let digits = name.dropFirst(stem.count)
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits)
    }

    /// The VRF index of a VRF name of ours.
    package static func index(ofVRF name: String) -> Int? { index(in: name, stem: "fed") }

    /// Whether a device of that name is ours.
    package static func isOurs(_ name: String) -> Bool {
        ["fed", "fedbr", "fedvx", "fedin", "fedov"].contains { index(in: name, stem: $0) != nil }
    }
}
