import NetworkTypes

extension FileWalk {
    /// The whole document. What is wrong is reported and left out.
    mutating func graph(of root: Item) -> FederationGraph? {
        guard let fields = fields(of: root, .document) else { return nil }
        var claims = Claims()
        let federation = fields["federation"].flatMap { value(of: $0, as: FederationID.self) }
        var clouds: [CloudName: Cloud] = [:]
        var declared: Set<CloudName> = []
        if let item = fields["clouds"], let entries = entries(of: item, as: "“clouds”", example: "clouds: {paris: {…}}") {
            for entry in entries {
                guard let name = name(of: entry, as: CloudName.self) else { continue }
                declared.insert(name)
                clouds[name] = cloud(of: entry, &claims)
            }
        }
        var vpns: [VPNName: VPN] = [:]
        if let item = fields["vpns"], let entries = entries(of: item, as: "“vpns”", example: "vpns: {blue: {…}}") {
            var membership = Membership(clouds: declared)
            for entry in entries {
                guard let name = name(of: entry, as: VPNName.self) else { continue }
                vpns[name] = vpn(of: entry, &claims, &membership)
            }
        }
        return federation.map { FederationGraph(federation: $0, clouds: clouds, vpns: vpns) }
    }

    private mutating func cloud(of item: Item, _ claims: inout Claims) -> Cloud? {
        guard let fields = fields(of: item, .cloud) else { return nil }
        var cloud = Cloud()
        if let item = fields["as"], let asn = value(of: item, as: ASN.self) {
            claims.claim(.asn, asn, for: item, in: &self)
            cloud.asn = asn
        }
        if let item = fields["underlayMTU"] { cloud.underlayMTU = mtu(of: item) }
        var addresses: Set<IPAddress> = []
        if let list = fields["gateways"], let entries = entries(of: list, as: "“gateways”", example: "gateways: {gw1: {vtep: 192.0.2.1}}") {
            if entries.isEmpty {
                report(
                    at: list.namePlace, path: list.path, reason: "\(item.name) has no gateway, and nothing to reach it through",
                    remedy: FileKeys.cloud.required["gateways"] ?? "")
            }
            for entry in entries {
                guard let name = name(of: entry, as: NodeName.self), let gateway = gateway(of: entry, &claims) else { continue }
                cloud.gateways[name] = gateway
                if let vtep = gateway.vtep { addresses.insert(vtep) }
            }
        }
        if let item = fields["bgp"] { cloud.bgp = bgp(of: item, ownAddresses: addresses) ?? BGPSettings() }
        return cloud
    }

    private mutating func mtu(of item: Item) -> Int? {
        guard let text = text(of: item) else { return nil }
        let range = Cloud.underlayMTURange
        if let mtu = Int(text), mtu.description == text, range.contains(mtu) { return mtu }
        report(
            at: item.place, path: item.path, value: text,
            reason: "“\(shortened(text))” is no MTU: it is no number from \(range.lowerBound) to \(range.upperBound)",
            remedy: "write the bytes that a packet between VTEPs may have (VXLAN takes 50 of them), or leave it out for 1500")
        return nil
    }

    private mutating func gateway(of item: Item, _ claims: inout Claims) -> Gateway? {
        guard let fields = fields(of: item, .gateway) else { return nil }
        let vtep = fields["vtep"].flatMap { unicastAddress(of: $0, &claims) }
        let probe = fields["probeAddress"].flatMap { unicastAddress(of: $0, &claims) }
        var routerMAC: MACAddress?
        if let item = fields["routerMAC"], let mac = value(of: item, as: MACAddress.self) {
            if mac.isMulticast || mac.bits == 0 {
                report(
                    at: item.place, path: item.path, value: mac.description,
                    reason: mac.bits == 0 ? "\(mac) is nobody's MAC" : "\(mac) is a group's MAC, and a router MAC is one interface's",
                    remedy: "write one like 02:00:00:00:00:01, or leave it out and one is allocated")
            } else {
                claims.claim(.routerMAC, mac, for: item, in: &self)
                routerMAC = mac
            }
        }
        return vtep.map { Gateway(vtep: .v4($0), routerMAC: routerMAC, probeAddress: probe) }
    }

    private mutating func unicastAddress(of item: Item, _ claims: inout Claims) -> IPv4Address? {
        guard let address = value(of: item, as: IPv4Address.self) else { return nil }
        guard address.isUnicast else {
            report(
                at: item.place, path: item.path, value: address.description,
                reason: "\(address) cannot be the address of a gateway: it is loopback, multicast or reserved",
                remedy: "write a unicast address like 192.0.2.1")
            return nil
        }
        claims.claim(.address, address, for: item, in: &self)
        return address
    }

    /// `bgp: external` is short for `bgp: {management: external}`.
    private mutating func bgp(of item: Item, ownAddresses: Set<IPAddress>) -> BGPSettings? {
        if item.node.scalar != nil, !item.node.isNothing {
            return word(of: item, as: BGPManagement.self).map { BGPSettings(management: $0) }
        }
        guard let fields = fields(of: item, .bgp) else { return nil }
        var bgp = BGPSettings()
        if let item = fields["management"], let management = word(of: item, as: BGPManagement.self) { bgp.management = management }
        let example = "routeServers: [{name: spine, address: 192.0.2.254, as: 65000}]"
        guard let list = fields["routeServers"], let elements = elements(of: list, example: example) else { return bgp }
        var lines: [IPAddress: Int] = [:]
        for element in elements {
            guard let fields = self.fields(of: element, .routeServer) else { continue }
            let name = fields["name"].flatMap { text(of: $0) }
            let asn = fields["as"].flatMap { value(of: $0, as: ASN.self) }
            guard let item = fields["address"], let address = value(of: item, as: IPAddress.self) else { continue }
            if let line = lines.updateValue(item.place.line, forKey: address) {
                report(
                    at: item.place, path: item.path, value: address.description,
                    reason: "the route server \(address) is given twice, first on line \(line)", remedy: "keep one of them")
            } else if ownAddresses.contains(address) {
                report(
                    at: item.place, path: item.path, value: address.description,
                    reason: "\(address) is a gateway of the same cloud, and a gateway has no session with itself",
                    remedy: "write the address of the route server")
            } else if let asn {
                bgp.routeServers.append(RouteServer(name: name, address: address, asn: asn))
            }
        }
        return bgp
    }
}
