import NetworkTypes

/// A VRF in which probes go and are answered.
package struct ProbedVRF: Hashable, Sendable, Codable {
    /// Names it in paths; each VRF has its own.
    package var index: Int
    /// The VRF device, `fed1`.
    package var device: String
    /// The device of it by which packets come from other gateways, `fedbr1`. What comes by another one is a tenant's.
    package var ingress: String
    /// The node's own probe addresses, one of each family at most.
    package var addresses: [IPAddress]
    /// The largest packet that it carries for tenants, in bytes.
    package var mtu: Int
    /// Sorted by address, each address once.
    package var peers: [Peer]

    /// Another gateway in this VRF, by its probe address of one family.
    package struct Peer: Hashable, Sendable, Codable {
        package var address: IPAddress
        /// Probes are sent there; else its own are answered only.
        package var isProbed: Bool
        package var end: End

        package init(address: IPAddress, isProbed: Bool, end: End = .gateway) {
            self.address = address
            self.isProbed = isProbed
            self.end = end
        }

        /// What sends a probe back.
        package enum End: String, Hashable, Sendable, Codable {
            /// The other gateway, which counts and stamps it.
            case gateway
            /// A router behind that one, which knows nothing of probes: what was sent comes back as it is.
            case router
        }
    }

    package init(index: Int, device: String, ingress: String, addresses: [IPAddress], mtu: Int, peers: [Peer]) {
        self.index = index
        self.device = device
        self.ingress = ingress
        self.addresses = addresses
        self.mtu = mtu
        self.peers = peers
    }
}

/// From this node to another gateway in one VRF and one family.
package struct ProbePath: Hashable, Sendable, Codable {
    /// Of the VRF.
    package var vrf: Int
    /// The other gateway's probe address.
    package var peer: IPAddress

    package init(vrf: Int, peer: IPAddress) {
        self.vrf = vrf
        self.peer = peer
    }
}

/// The sizes that are probed.
package enum ProbeSize: String, Hashable, Sendable, Codable, CaseIterable {
    /// 44 bytes of UDP.
    case small
    /// As large as the VRF's MTU.
    case large
}

/// A datagram that is to be sent, from the node's own probe address of the family, not to be fragmented.
package struct ProbeTransmission: Hashable, Sendable {
    package var path: ProbePath
    package var bytes: [UInt8]
    package var end = ProbedVRF.Peer.End.gateway
}
