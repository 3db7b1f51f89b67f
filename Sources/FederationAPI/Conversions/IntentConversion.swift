import FederationModel
import NetworkTypes

extension GatewayID {
    package init(_ wire: WireGateway) throws(ConversionError) {
        self.init(cloud: try parse(wire.cloud, "cloud"), node: try parse(wire.node, "node"))
    }
}

extension WireGateway {
    package init(_ gateway: GatewayID) {
        cloud = gateway.cloud.text
        node = gateway.node.text
    }
}

extension GatewayIntent {
    package init(_ wire: WireGatewayIntent) throws(ConversionError) {
        try require(wire.hasGateway, "gateway")
        try require(wire.hasBase, "base")
        let vpns = try convert(wire.vpns, "vpns", VPNIntent.init(_:))
        self.init(
            federation: try parse(wire.federation, "federation"), epoch: wire.epoch, revision: wire.revision,
            gateway: try convert(wire.gateway, "gateway", GatewayID.init(_:)),
            base: try convert(wire.base, "base", BaseIntent.init(_:)), vpns: try keyed(vpns, by: \.name, "vpns"))
    }
}

extension WireGatewayIntent {
    package init(_ intent: GatewayIntent) {
        federation = intent.federation.text
        epoch = intent.epoch
        revision = intent.revision
        gateway = WireGateway(intent.gateway)
        base = WireBaseIntent(intent.base)
        vpns = intent.vpns.values.sorted { $0.name < $1.name }.map(WireVPNIntent.init(_:))
    }
}

extension BaseIntent {
    package init(_ wire: WireBaseIntent) throws(ConversionError) {
        // What VXLAN takes must be left over; the kernel's MTU has no sign.
        guard Cloud.underlayMTURange.contains(Int(wire.underlayMtu)) else {
            throw ConversionError(
                field: "underlay_mtu", reason: "invalid MTU \(wire.underlayMtu): must be \(Cloud.underlayMTURange.lowerBound)–65535")
        }
        self.init(
            version: wire.version, asn: try parse(number: wire.asn, "asn", "AS number", ASN.init(value:)),
            vtep: try parse(wire.vtep, "vtep"), routerMAC: try parse(wire.routerMac, "router_mac"),
            probeAddress: try parse(wire.probeAddress, "probe_address"),
            management: try BGPManagement(wire.management, "management"),
            peers: try convert(wire.peers, "peers", EVPNPeer.init(_:)), underlayMTU: Int(wire.underlayMtu), isDraining: wire.isDraining,
            maximumPrefixes: wire.hasMaximumPrefixes ? Int(wire.maximumPrefixes) : nil, filtersVXLAN: wire.filtersVxlan,
            failureDetection: wire.usesBfd ? .bfd : nil,
            maximumHops: wire.hasMaximumHops
                ? try parse(number: wire.maximumHops, "maximum_hops", "number of hops") { (1...254).contains($0) ? UInt8($0) : nil } : nil,
            onSouthboundLoss: SouthboundLoss(wire.onSouthboundLoss))
    }
}

extension WireBaseIntent {
    package init(_ intent: BaseIntent) {
        version = intent.version
        asn = intent.asn.value
        vtep = intent.vtep.description
        routerMac = intent.routerMAC.description
        probeAddress = intent.probeAddress.description
        management = WireBGPManagement(intent.management)
        peers = intent.peers.map(WireEVPNPeer.init(_:))
        underlayMtu = UInt32(clamping: intent.underlayMTU)
        isDraining = intent.isDraining
        if let limit = intent.maximumPrefixes { maximumPrefixes = UInt32(clamping: limit) }
        filtersVxlan = intent.filtersVXLAN
        usesBfd = intent.failureDetection == .bfd
        if let hops = intent.maximumHops { maximumHops = UInt32(hops) }
        onSouthboundLoss = WireSouthboundLoss(intent.onSouthboundLoss)
    }
}

extension SouthboundLoss {
    /// A word of a newer peer: nothing is done.
    init(_ wire: WireSouthboundLoss) {
        switch wire {
        case .drain: self = .drain
        case .withdraw: self = .withdraw
        case .keep, .unspecified, .UNRECOGNIZED: self = .keep
        }
    }
}

extension WireSouthboundLoss {
    init(_ loss: SouthboundLoss) {
        switch loss {
        case .keep: self = .keep
        case .drain: self = .drain
        case .withdraw: self = .withdraw
        }
    }
}

extension BGPManagement {
    init(_ wire: WireBGPManagement, _ field: String) throws(ConversionError) {
        switch wire {
        case .agent: self = .agent
        case .external: self = .external
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: field, reason: "unknown BGP management \(wire.rawValue)")
        }
    }
}

extension WireBGPManagement {
    init(_ management: BGPManagement) {
        switch management {
        case .agent: self = .agent
        case .external: self = .external
        }
    }
}

extension EVPNPeer {
    package init(_ wire: WireEVPNPeer) throws(ConversionError) {
        self.init(
            name: wire.name, address: try parse(wire.address, "address"),
            asn: try parse(number: wire.asn, "asn", "AS number", ASN.init(value:)))
    }
}

extension WireEVPNPeer {
    package init(_ peer: EVPNPeer) {
        name = peer.name
        address = peer.address.description
        asn = peer.asn.value
    }
}

extension VPNIntent {
    package init(_ wire: WireVPNIntent) throws(ConversionError) {
        self.init(
            version: wire.version, name: try parse(wire.name, "name"), kind: try VPNKind(wire.kind, "kind"),
            encapsulation: try convert(wire.encapsulation, "encapsulation", Encapsulation.init(_:)),
            routeDistinguisher: try parse(wire.routeDistinguisher, "route_distinguisher"),
            importTargets: try parse(wire.importTargets, "import_targets"),
            exportTargets: try parse(wire.exportTargets, "export_targets"),
            attachments: try convert(wire.attachments, "attachments", AttachmentIntent.init(_:)),
            originated: try parse(wire.originated, "originated"),
            importFilter: try convert(wire.importFilter, "import_filter", PrefixRule.init(_:)),
            exportFilter: try convert(wire.exportFilter, "export_filter", PrefixRule.init(_:)),
            origins: try convert(wire.origins, "origins", RouteOrigin.init(_:)),
            rights: wire.rights.isEmpty ? nil : try convert(wire.rights, "rights", OriginRight.init(_:)),
            tunnelSources: try parse(wire.tunnelSources, "tunnel_sources"),
            maximumPrefixes: wire.hasMaximumPrefixes ? Int(wire.maximumPrefixes) : nil,
            maximumLearned: wire.hasMaximumLearned ? Int(wire.maximumLearned) : nil,
            maximumLearnedPerOrigin: wire.hasMaximumLearnedPerOrigin ? Int(wire.maximumLearnedPerOrigin) : nil,
            localPreference: wire.hasLocalPreference ? wire.localPreference : nil,
            mtu: wire.hasMtu
                ? try parse(number: wire.mtu, "mtu", "MTU of a VPN") { VPN.mtuRange.contains(Int($0)) ? Int($0) : nil } : nil,
            secondary: wire.hasSecondary ? try convert(wire.secondary, "secondary", Binding.init(_:)) : nil,
            vniStep: wire.hasVniStep ? wire.vniStep : nil)
        guard let secondary else { return }
        if secondary.encapsulation == encapsulation {
            throw ConversionError(field: "secondary.encapsulation", reason: "\(encapsulation) is already the VPN's first one")
        }
        if secondary.routeDistinguisher == routeDistinguisher {
            throw ConversionError(
                field: "secondary.route_distinguisher",
                reason: "\(routeDistinguisher) is already used by the VPN's first VRF: each VRF would withdraw the other's routes")
        }
    }
}

extension VPNKind {
    init(_ wire: WireVPNKind, _ field: String) throws(ConversionError) {
        switch wire {
        case .l3: self = .l3
        case .unspecified, .UNRECOGNIZED:
            throw ConversionError(field: field, reason: "VPN kind \(wire.rawValue) is unknown to this release; upgrade it")
        }
    }
}

extension WireVPNKind {
    init(_ kind: VPNKind) {
        switch kind {
        case .l3: self = .l3
        }
    }
}

extension Encapsulation {
    init(_ wire: WireEncapsulation) throws(ConversionError) {
        switch wire.encapsulation {
        case .vxlan(let number): self = .vxlan(try parse(number: number, "vxlan", "VNI", VNI.init(value:)))
        case nil: throw ConversionError(field: "encapsulation", reason: "missing, or unknown to this release: upgrade it")
        }
    }
}

extension WireEncapsulation {
    init(_ encapsulation: Encapsulation) {
        switch encapsulation {
        case .vxlan(let vni): vxlan = vni.value
        }
    }
}

extension Binding {
    package init(_ wire: WireBinding) throws(ConversionError) {
        self.init(
            encapsulation: try convert(wire.encapsulation, "encapsulation", Encapsulation.init(_:)),
            routeDistinguisher: try parse(wire.routeDistinguisher, "route_distinguisher"),
            importTargets: try parse(wire.importTargets, "import_targets"), exportTargets: try parse(wire.exportTargets, "export_targets"))
    }
}

extension WireBinding {
    package init(_ binding: Binding) {
        encapsulation = WireEncapsulation(binding.encapsulation)
        routeDistinguisher = binding.routeDistinguisher.description
        importTargets = binding.importTargets.map(\.description)
        exportTargets = binding.exportTargets.map(\.description)
    }
}

extension WireVPNIntent {
    package init(_ intent: VPNIntent) {
        version = intent.version
        name = intent.name.text
        kind = WireVPNKind(intent.kind)
        encapsulation = WireEncapsulation(intent.encapsulation)
        routeDistinguisher = intent.routeDistinguisher.description
        importTargets = intent.importTargets.map(\.description)
        exportTargets = intent.exportTargets.map(\.description)
        attachments = intent.attachments.map(WireAttachmentIntent.init(_:))
        originated = intent.originated.map(\.description)
        importFilter = intent.importFilter.map(WirePrefixRule.init(_:))
        exportFilter = intent.exportFilter.map(WirePrefixRule.init(_:))
        if let limit = intent.maximumPrefixes { maximumPrefixes = UInt32(clamping: limit) }
        if let limit = intent.maximumLearned { maximumLearned = UInt32(clamping: limit) }
        if let limit = intent.maximumLearnedPerOrigin { maximumLearnedPerOrigin = UInt32(clamping: limit) }
        if let preference = intent.localPreference { localPreference = preference }
        if let limit = intent.mtu { mtu = UInt32(clamping: limit) }
        if let binding = intent.secondary { secondary = WireBinding(binding) }
        if let step = intent.vniStep { vniStep = step }
        origins = intent.origins.map(WireRouteOrigin.init(_:))
        rights = (intent.rights ?? []).map(WireOriginRight.init(_:))
        tunnelSources = intent.tunnelSources.map(\.description)
    }
}

extension OriginRight {
    init(_ wire: WireOriginRight) throws(ConversionError) {
        // No rules would permit everything.
        try require(!wire.rules.isEmpty, "rules")
        self.init(clouds: try parse(wire.clouds, "clouds"), rules: try convert(wire.rules, "rules", PrefixRule.init(_:)))
    }
}

extension WireOriginRight {
    init(_ right: OriginRight) {
        clouds = right.clouds.map(\.text)
        rules = right.rules.map(WirePrefixRule.init(_:))
    }
}

extension RouteOrigin {
    package init(_ wire: WireRouteOrigin) throws(ConversionError) {
        self.init(
            vtep: try parse(wire.vtep, "vtep"), asn: try parse(number: wire.asn, "asn", "AS number", ASN.init(value:)),
            originatesDefault: wire.originatesDefault, cloud: wire.cloud.isEmpty ? nil : try parse(wire.cloud, "cloud"),
            probeAddress: wire.probeAddress.isEmpty ? nil : try parse(wire.probeAddress, "probe_address"))
    }
}

extension WireRouteOrigin {
    package init(_ origin: RouteOrigin) {
        vtep = origin.vtep.description
        asn = origin.asn.value
        originatesDefault = origin.originatesDefault
        cloud = origin.cloud?.text ?? ""
        probeAddress = origin.probeAddress?.description ?? ""
    }
}

extension AttachmentIntent {
    package init(_ wire: WireAttachmentIntent) throws(ConversionError) {
        try require(wire.hasSelector, "selector")
        var advertise: Advertisement = []
        if wire.advertiseHosts { advertise.insert(.hosts) }
        if wire.advertiseSubnets { advertise.insert(.subnets) }
        if wire.advertiseExtraRoutes { advertise.insert(.extraRoutes) }
        self.init(
            selector: try convert(wire.selector, "selector", AttachmentSelector.init(_:)), advertise: advertise,
            export: try convert(wire.export, "export", PrefixRule.init(_:)), only: try parse(wire.only, "only"),
            refused: try parse(wire.refused, "refused"))
    }
}

extension WireAttachmentIntent {
    package init(_ attachment: AttachmentIntent) {
        selector = WireAttachmentSelector(attachment.selector)
        advertiseHosts = attachment.advertise.contains(.hosts)
        advertiseSubnets = attachment.advertise.contains(.subnets)
        advertiseExtraRoutes = attachment.advertise.contains(.extraRoutes)
        export = attachment.export.map(WirePrefixRule.init(_:))
        only = attachment.only.map(\.description)
        refused = attachment.refused.map(\.description)
    }
}

extension PrefixRule {
    package init(_ wire: WirePrefixRule) throws(ConversionError) {
        self.init(
            wire.permit ? .permit : .deny, try parse(wire.prefix, "prefix"), ge: wire.hasGe ? Int(wire.ge) : nil,
            le: wire.hasLe ? Int(wire.le) : nil)
    }
}

extension WirePrefixRule {
    package init(_ rule: PrefixRule) {
        permit = rule.action == .permit
        prefix = rule.prefix.description
        if let length = rule.minimumLength { ge = UInt32(clamping: length) }
        if let length = rule.maximumLength { le = UInt32(clamping: length) }
    }
}

extension AttachmentSelector {
    package init(_ wire: WireAttachmentSelector) throws(ConversionError) {
        let kind: Kind
        switch wire.kind {
        case .router: kind = .router
        case .network: kind = .network
        case .port: kind = .port
        case .bgpvpn: kind = .bgpvpn
        case .unspecified, .UNRECOGNIZED:
            throw ConversionError(field: "kind", reason: "unknown kind of attachment \(wire.kind.rawValue)")
        }
        let key: Key
        switch wire.key {
        case .name: key = .name
        case .id: key = .id
        case .label: key = .label
        case .vni: key = .vni
        case .unspecified, .UNRECOGNIZED:
            throw ConversionError(field: "key", reason: "unknown key of an attachment \(wire.key.rawValue)")
        }
        if wire.hasProject, key != .name {
            throw ConversionError(field: "project", reason: "valid only with a name")
        }
        guard kind.keys.contains(key) else {
            throw ConversionError(field: "key", reason: "no \(kind.noun) is selected by its \(key.rawValue)")
        }
        if kind == .bgpvpn, key == .name, !wire.hasProject {
            throw ConversionError(field: "project", reason: "a BGPVPN’s name means nothing without it")
        }
        if key == .vni { _ = try parse(wire.value, "value") as VNI }
        self.init(kind: kind, key: key, value: wire.value, project: wire.hasProject ? wire.project : nil)
    }
}

extension WireAttachmentSelector {
    package init(_ selector: AttachmentSelector) {
        switch selector.kind {
        case .router: kind = .router
        case .network: kind = .network
        case .port: kind = .port
        case .bgpvpn: kind = .bgpvpn
        }
        switch selector.key {
        case .name: key = .name
        case .id: key = .id
        case .label: key = .label
        case .vni: key = .vni
        }
        value = selector.value
        if let project = selector.project { self.project = project }
    }
}
