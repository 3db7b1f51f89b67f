import NetworkTypes

extension FederationGraph {
    /// What every gateway has to do so that the federation is as this graph says.
    ///
    /// Deterministic, and each resource's version depends on its content alone: what a change of the graph does
    /// not touch keeps its version.
    ///
    /// - Parameters:
    ///   - ledger: Has allocated for this graph.
    ///   - epoch: Names the coordinator's database.
    ///   - revision: Of the graph.
    /// - Throws: Where the ledger has not allocated for this graph.
    package func intents(
        with ledger: Ledger, epoch: String, revision: UInt64
    ) throws(CompilationError) -> [GatewayID: GatewayIntent] {
        var autonomousSystems: [CloudName: ASN] = [:]
        for cloud in clouds.keys.sorted() { autonomousSystems[cloud] = try allocated(ledger.asn(of: cloud), "AS", cloud) }
        let mesh = Mesh(self, autonomousSystems)
        let memberships = try members(with: ledger)
        var intents: [GatewayID: GatewayIntent] = [:]
        for (name, cloud) in clouds {
            let asn = try allocated(autonomousSystems[name], "AS", name)
            let peers = mesh.peers(of: name)
            for (node, gateway) in cloud.gateways {
                let id = GatewayID(cloud: name, node: node)
                guard case .v4(let vtep) = gateway.vtep else { throw CompilationError(what: "IPv4 VTEP address", owner: id.description) }
                var base = BaseIntent(
                    version: "", asn: asn, vtep: vtep,
                    routerMAC: try allocated(ledger.routerMAC(of: id), "router MAC", id),
                    probeAddress: try allocated(ledger.probeAddress(of: id), "probe address", id),
                    management: cloud.bgp.management, peers: peers, underlayMTU: cloud.underlayMTU ?? Cloud.defaultUnderlayMTU,
                    isDraining: cloud.isDraining, maximumPrefixes: cloud.limits.prefixes)
                base.version = base.contentVersion
                var vpns: [VPNName: VPNIntent] = [:]
                for member in memberships[name] ?? [] { vpns[member.name] = member.intent(vtep: vtep) }
                intents[id] = GatewayIntent(
                    federation: federation, epoch: epoch, revision: revision, gateway: id, base: base, vpns: vpns)
            }
        }
        return intents
    }

    /// The VPNs of each cloud, by name.
    private func members(with ledger: Ledger) throws(CompilationError) -> [CloudName: [Member]] {
        var members: [CloudName: [Member]] = [:]
        for (name, vpn) in vpns.sorted(by: { $0.key < $1.key }) {
            let vni = try allocated(ledger.vni(of: name), "VNI", name)
            let target = try allocated(ledger.routeTarget(of: name), "route target", name)
            let index = try allocated(ledger.distinguisherIndex(of: name), "RD index", name)
            for (cloud, attachments) in Dictionary(grouping: vpn.attachments, by: \.cloud) where clouds[cloud] != nil {
                let intents = Set(
                    attachments.map { AttachmentIntent(selector: $0.selector, advertise: $0.advertise, export: $0.export) }
                ).sorted()
                members[cloud, default: []].append(
                    Member(name: name, vni: vni, policy: vpn.policy, target: target, index: index, attachments: intents))
            }
        }
        return members
    }

    private func allocated<Value>(_ value: Value?, _ what: String, _ owner: some CustomStringConvertible) throws(CompilationError) -> Value
    {
        guard let value else { throw CompilationError(what: what, owner: owner.description) }
        return value
    }
}

/// The ledger has no value for something in the graph: it did not allocate for this graph.
package struct CompilationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `route target`
    package let what: String
    /// `blue`
    package let owner: String

    package var description: String { "\(owner) has no \(what) allocated; allocate for the graph before compiling it" }
}

/// One VPN in one cloud.
private struct Member {
    var name: VPNName
    var vni: VNI
    var policy: VPNPolicy
    var target: RouteTarget
    var index: DistinguisherIndex
    var attachments: [AttachmentIntent]

    func intent(vtep: IPv4Address) -> VPNIntent {
        let targets: (imports: [RouteTarget], exports: [RouteTarget]) =
            switch policy {
            // Everybody reaches everybody: one target, both ways.
            case .fullMesh, .hubAndSpoke, .partialMesh: ([target], [target])
            }
        var intent = VPNIntent(
            version: "", name: name, vni: vni, routeDistinguisher: RouteDistinguisher(.ipv4(vtep, index.value)),
            importTargets: targets.imports, exportTargets: targets.exports, attachments: attachments)
        intent.version = intent.contentVersion
        return intent
    }
}

extension BaseIntent {
    /// The version that goes with the content.
    package var contentVersion: ResourceVersion {
        var digest = Digest()
        digest.combine("asn", asn)
        digest.combine("vtep", vtep)
        digest.combine("routerMAC", routerMAC)
        digest.combine("probeAddress", probeAddress)
        digest.combine("management", management.rawValue)
        digest.combine("peers", each: peers.flatMap { [$0.name, $0.address.description, $0.asn.description] })
        digest.combine("underlayMTU", underlayMTU)
        digest.combine("isDraining", isDraining)
        digest.combine("maximumPrefixes", maximumPrefixes.map(String.init) ?? "")
        return digest.text
    }
}

extension VPNIntent {
    /// The version that goes with the content.
    package var contentVersion: ResourceVersion {
        var digest = Digest()
        digest.combine("name", name)
        digest.combine("vni", vni)
        digest.combine("routeDistinguisher", routeDistinguisher)
        digest.combine("importTargets", each: importTargets)
        digest.combine("exportTargets", each: exportTargets)
        digest.combine("attachments", attachments.count)
        for attachment in attachments {
            let selector = attachment.selector
            digest.combine("attachment", each: [selector.kind.rawValue, selector.key.rawValue, selector.value])
            digest.combine("advertise", attachment.advertise.rawValue)
            digest.combine("export", each: attachment.export)
            digest.combine("only", each: attachment.only)
        }
        digest.combine("originated", each: originated)
        digest.combine("importFilter", each: importFilter)
        digest.combine("exportFilter", each: exportFilter)
        digest.combine("maximumPrefixes", maximumPrefixes.map(String.init) ?? "")
        digest.combine("localPreference", localPreference.map(String.init) ?? "")
        return digest.text
    }
}
