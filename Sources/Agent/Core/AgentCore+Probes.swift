import EVPN
import FederationModel
import NetworkTypes
import Probing

/// Where probes go, and what they found.
extension AgentCore {
    /// Where probes go, if that is another place than it was.
    mutating func probe(_ intent: GatewayIntent) -> [Action] {
        let vrfs = design.map { probedVRFs(intent, $0) } ?? []
        guard vrfs != probed ?? [] else { return [] }
        probed = vrfs
        return [.probe(vrfs)]
    }

    /// The VRFs of this node in which probes go and are answered, by index.
    private func probedVRFs(_ intent: GatewayIntent, _ design: HostDesign) -> [ProbedVRF] {
        let ways = ProbeWays(intent)
        return intent.vpns.values.flatMap { vpn -> [ProbedVRF] in
            vpn.instances.compactMap { instance in
                guard let made = design.vpns[instance], host.kernel?.links[made.names.vrf]?.kind != nil else { return nil }
                // One that is not asked may ask.
                let asked = instance == vpn.instances.first ? Set(ways.asked(of: vpn).map(\.vtep)) : []
                let peers = peers(ways.origins(of: vpn), of: made, asked: asked).sorted { $0.address < $1.address }
                // With nobody to ask and to answer, there is nothing to listen for.
                guard !peers.isEmpty else { return nil }
                return ProbedVRF(
                    index: made.index, device: made.names.vrf, ingress: made.names.bridge,
                    addresses: AddressFamily.allCases.map { ProbeWays.address(intent.base.probeAddress, $0) }, mtu: intent.mtu(of: vpn),
                    peers: peers)
            }
        }.sorted { $0.index < $1.index }
    }

    /// A gateway is probed in the families in which something was learned from it, and in which it may have learned something from here:
    /// without that, it has no way back. All may ask.
    private func peers(_ origins: [RouteOrigin], of design: VPNDesign, asked: Set<IPv4Address>) -> [ProbedVRF.Peer] {
        var learned: [AddressFamily: Set<IPAddress>] = [:]
        if !asked.isEmpty {
            let own = Set(design.routing.networks.map(\.family))
            for tunnel in tunnels(of: design.index).values where own.contains(tunnel.prefix.family) {
                learned[tunnel.prefix.family, default: []].formUnion([tunnel.nextHop] + tunnel.further)
            }
        }
        return origins.flatMap { origin -> [ProbedVRF.Peer] in
            guard let probe = origin.probeAddress else { return [] }
            return AddressFamily.allCases.flatMap { family -> [ProbedVRF.Peer] in
                let isProbed = asked.contains(origin.vtep) && learned[family]?.contains(.v4(origin.vtep)) ?? false
                let gateway = ProbedVRF.Peer(address: ProbeWays.address(probe, family), isProbed: isProbed)
                guard isProbed else { return [gateway] }
                return [gateway, .init(address: ProbeWays.turningAddress(probe, family), isProbed: true, end: .router)]
            }
        }
    }

    /// What probes found in the VRF that a VPN sends in. While it has two, packets may take either, and nothing is said.
    func probeReports(of vpn: VPNIntent, _ findings: ProbeFindings) -> [ProbeReport] {
        guard vpn.secondary == nil, let instance = vpn.instances.first, let index = indexes.instances[instance] else { return [] }
        return vpn.origins.flatMap { origin -> [ProbeReport] in
            guard let probe = origin.probeAddress else { return [] }
            return AddressFamily.allCases.compactMap { family in
                let path = ProbePath(vrf: index, peer: ProbeWays.address(probe, family))
                let router = findings.paths[ProbePath(vrf: index, peer: ProbeWays.turningAddress(probe, family))]
                return findings.paths[path].map { ProbeReport($0, router, of: origin.vtep, family, interval: findings.interval) }
            }
        }
    }
}

/// What is known of all paths of the node.
package struct ProbeFindings: Hashable, Sendable {
    package var paths: [ProbePath: ProbeFinding]
    /// Between two small probes of a path, in nanoseconds.
    package var interval: Int64

    package init(paths: [ProbePath: ProbeFinding] = [:], interval: Int64 = 0) {
        self.paths = paths
        self.interval = interval
    }
}

extension ProbeReport {
    /// - Parameter router: of probes through the gateway's router.
    fileprivate init(
        _ finding: ProbeFinding, _ router: ProbeFinding?, of vtep: IPv4Address, _ family: AddressFamily, interval: Int64
    ) {
        self.init(
            vtep: vtep, family: family, small: Part(finding.small), large: Part(finding.large), largeSize: finding.largeSize,
            interval: Int(interval / 1_000_000), lossOut: finding.lossOut, lossBack: finding.lossBack,
            roundTrip: finding.roundTrip.map { Int($0 / 1_000) },
            router: router.map { Router(small: Part($0.small), large: Part($0.large), loss: $0.lossOut + $0.lossBack) })
    }
}

extension ProbeReport.Part {
    fileprivate init(_ part: ProbeFinding.Part) {
        let outcome: ProbeReport.Outcome =
            switch part.outcome {
            case .waiting: .waiting
            case .returned: .returned
            case .lossy: .lossy
            case .lost: .lost
            }
        self.init(outcome: outcome, since: part.since / 1_000_000, isHeard: part.isHeard)
    }
}
