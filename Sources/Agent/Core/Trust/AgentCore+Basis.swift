import FederationModel
import NetworkTypes
import OVN

/// What is decided on.
struct Basis {
    var intent: GatewayIntent
    var node: LocalNode
    var cloud: CloudView
    /// The databases were not read yet: the cloud is as an earlier agent believed it.
    var isRemembered: Bool
    /// VPNs of which nobody knows what is attached: nothing of theirs is changed.
    var waiting: Set<VPNName>
    /// Routers that these have here, by their ids.
    var taken: [String: VPNName]
    /// What is to be done about a southbound database that is silent; nil: nothing.
    var loss: SouthboundLoss?
    /// All that shall be here is known, so that what else is there goes.
    var isWhole: Bool
}

extension AgentCore {
    /// Nil: nothing is known to be wrong, so nothing is touched.
    mutating func basis(at now: Int64) -> Basis? {
        guard let intent = keeper.intent, let node else { return nil }
        trust.judge(at: node.chassis, now)
        let loss = southboundLoss(intent, at: now)
        // Who hears nothing, and is to go on as before, needs no decision for that.
        guard let cloud = trust.believed ?? (loss == .keep || loss == nil ? nil : trust.remembered) else { return nil }
        let waiting = cloud.northbound == nil ? Set(intent.vpns.values.filter(\.needsNorthbound).map(\.name)) : []
        // Flows tell best what those who wait have.
        guard waiting.isEmpty || host.flows != nil else { return nil }
        let isRemembered = trust.believed == nil
        return Basis(
            intent: intent, node: node, cloud: cloud, isRemembered: isRemembered, waiting: waiting, taken: taken(by: waiting, in: cloud),
            loss: loss, isWhole: keeper.isComplete && waiting.isEmpty && !isRemembered)
    }

    /// No other VPN gets a router that one of these is found to serve, or was before its flows went: two tenants would be connected. Where
    /// others serve it too, they share it.
    private func taken(by waiting: Set<VPNName>, in cloud: CloudView) -> [String: VPNName] {
        guard !waiting.isEmpty else { return [:] }
        let names = Dictionary(indexes.instances.map { ($0.value, $0.key.vpn) }, uniquingKeysWith: { first, _ in first })
        var served: [MACAddress: Set<VPNName>] = [:]
        for flow in (host.flows ?? [:]).values.joined() {
            guard let vpn = names[flow.index] else { continue }
            for mac in [flow.sourceMAC, flow.destinationMAC].compactMap(\.self) { served[mac, default: []].insert(vpn) }
        }
        return cloud.routers.reduce(into: [:]) { taken, router in
            let vpns = router.gateways.reduce(into: Set<VPNName>()) { $0.formUnion(served[$1.mac] ?? []) }
            guard let first = vpns.min() ?? owners?[router.id], waiting.contains(first), vpns.isSubset(of: waiting) else { return }
            taken[router.id] = first
        }
    }
}

extension VPNIntent {
    /// Labels of routers and networks stand in the northbound database only, and so does what tells of networks' BGPVPNs.
    fileprivate var needsNorthbound: Bool {
        attachments.contains { $0.selector.kind == .bgpvpn || $0.selector.key == .label && $0.selector.kind != .port }
    }
}

extension Selection {
    /// Says of VPNs that wait for the northbound database nothing but that.
    mutating func leave(_ waiting: Set<VPNName>) {
        guard !waiting.isEmpty else { return }
        routers.removeAll { waiting.contains($0.vpn) }
        for vpn in waiting {
            (standby[vpn], attachments[vpn]) = (nil, nil)
            problems[vpn] = [
                Problem(
                    code: .northboundIncomplete,
                    message: "VPN \(vpn) is attached by labels or BGPVPNs, and the northbound database, which has them, was not read yet: "
                        + "nothing of the VPN is changed",
                    remedy: Source.northbound.remedy)
            ]
        }
    }

    /// The VPN of each router, by its id.
    /// - Parameter former: of those that are not known now.
    func owners(by vpns: [VPNName: VPNIntent], keeping former: [String: VPNName]) -> [String: VPNName]? {
        var found = former
        for (name, vpn) in vpns {
            for (attachment, report) in zip(vpn.attachments, attachments[name] ?? []) where attachment.only.isEmpty {
                for router in report.routers { found[router] = name }
            }
        }
        return found.isEmpty ? nil : found
    }

    /// Nothing more than that is advertised.
    mutating func advertise(only standing: [VPNName: Set<IPPrefix>]) {
        for index in routers.indices { routers[index].advertised.formIntersection(standing[routers[index].vpn] ?? []) }
    }
    /// Of what only the northbound database tells (extra routes, addresses of load balancers), and told long ago, nothing more than that is
    /// advertised.
    mutating func advertiseUntold(of cloud: CloudView, only standing: [VPNName: Set<IPPrefix>]) {
        for index in routers.indices {
            let hosted = routers[index]
            let untold = cloud.routers(id: hosted.id).reduce(into: Set<IPPrefix>()) {
                $0.formUnion($1.staticRoutes.map(\.prefix) + $1.balanced.map(IPPrefix.init(host:)))
            }
            routers[index].advertised.subtract(untold.subtracting(hosted.connected).subtracting(standing[hosted.vpn] ?? []))
        }
    }
}
