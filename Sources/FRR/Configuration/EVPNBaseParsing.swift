import NetworkTypes

extension EVPNBaseStanza {
    /// Our lines that run, and what the operator has around them. Nil: bgpd has neither a default instance nor one of our route-maps.
    /// - Parameter claimed: neighbours whose `remote-as` the caller wrote; all others outside our groups are the operator's.
    package static func parse(_ configuration: RunningConfiguration, claimed: Set<IPAddress> = []) -> Self? {
        var stanza = EVPNBaseStanza(asn: configuration.defaultASN)
        var ours: [ConfigurationLine] = []
        for section in configuration.sections(about: .extendedCommunityList(RoutePreference.listStem)) {
            ours.append(ConfigurationLine(RunningConfiguration.withoutSequenceNumber(section.header)))
        }
        for map in routeMaps {
            for section in configuration.sections(about: .routeMap(map.name)) {
                ours.append(ConfigurationLine(section.header))
                ours += section.body
            }
        }
        stanza.surroundings.claimed = claimed
        for section in configuration.sections(about: .bgp(vrf: nil)) {
            stanza.surroundings.instanceExists = true
            stanza.surroundings.hasRouterID = section.body.contains { $0.text.hasPrefix("bgp router-id ") }
            stanza.surroundings.activatesIPv4Unicast = !section.body.contains { $0.text == "no bgp default ipv4-unicast" }
            ours += stanza.instance.map { ConfigurationLine($0) }
            let body = section.body
                .filter { !$0.text.hasPrefix("address-family ") }
                .map { ConfigurationLine($0.text, in: stanza.instance + $0.context.dropFirst()) }
            ours += stanza.sort(body)
        }
        guard !ours.isEmpty else { return nil }
        // Where there are no groups, nothing else tells it.
        for line in ours where line.text.hasPrefix(ownNextHop) {
            stanza.vtep = IPAddress(String(line.text.dropFirst(ownNextHop.count)))
        }
        for line in ours { stanza.read(line) }
        stanza.readPeers(ours)
        stanza.preferences = RoutePreference.read(ours, map: inboundMap)
        let expected = Set(stanza.lines(beside: stanza.surroundings))
        // Needless on an instance without default activation, and harmless: its opposite would activate what must not be.
        let harmless = Set(groups.map { ConfigurationLine("no neighbor \($0) activate", in: stanza.ipv4Unicast) })
        let instanceWide = { (line: ConfigurationLine) in
            line.text.hasPrefix("bgp router-id ") || line.text == "no bgp default ipv4-unicast"
        }
        stanza.foreign = ours.filter { !expected.contains($0) && !harmless.contains($0) && !instanceWide($0) }
        stanza.absent = expected.subtracting(ours)
        return stanza
    }

    /// Picks our lines out of the shared instance and records what the others say.
    private mutating func sort(_ body: [ConfigurationLine]) -> [ConfigurationLine] {
        var names = Set(Self.groups)
        var linesPerNeighbour: [String: Int] = [:]
        for line in body {
            guard let neighbour = line.neighbour else { continue }
            linesPerNeighbour[neighbour, default: 0] += 1
            let words = line.text.split(separator: " ")
            if words.count == 4, words[2] == "peer-group", Self.groups.contains(String(words[3])) { names.insert(neighbour) }
        }
        var ours: [ConfigurationLine] = []
        for line in body {
            if let neighbour = line.neighbour {
                if names.contains(neighbour) {
                    ours.append(line)
                    continue
                }
                let isBare = linesPerNeighbour[neighbour] == 1 && line.text.hasPrefix("neighbor \(neighbour) remote-as ")
                let asn = isBare ? line.text.split(separator: " ").last.flatMap { ASN(String($0)) } : nil
                if let address = IPAddress(neighbour) {
                    surroundings.neighbours.insert(address)
                    surroundings.bareNeighbours[address] = asn
                }
                surroundings.isShared = true
                if line.context.last == "address-family l2vpn evpn" { surroundings.hasOwnEVPN = true }
            } else if line.text.hasPrefix("bgp router-id ") || line.text == "no bgp default ipv4-unicast"
                || line.text == "advertise-all-vni"
            {
                ours.append(line)
            } else {
                surroundings.isShared = true
                if line.context.last == "address-family l2vpn evpn" { surroundings.hasOwnEVPN = true }
            }
        }
        return ours
    }

    private mutating func read(_ line: ConfigurationLine) {
        let words = line.text.split(separator: " ").map(String.init)
        guard line.context == instance, words.count >= 3 else { return }
        if words[0] == "bgp", words[1] == "router-id" {
            routerID = IPv4Address(words[2])
        } else if words[0] == "neighbor", Self.groups.contains(words[1]), words.count == 3, words[2] == "bfd" {
            failureDetection = .bfd
        } else if words[0] == "neighbor", Self.groups.contains(words[1]), words.count >= 4 {
            switch words[2] {
            case "update-source": vtep = IPAddress(words[3])
            case "timers" where words.count == 5 && words[3] == "connect":
                guard let seconds = UInt16(words[4]) else { return }
                timers = BGPTimers(keepalive: timers.keepalive, hold: timers.hold, connectRetry: seconds)
            case "timers" where words.count == 5:
                guard let keepalive = UInt16(words[3]), let hold = UInt16(words[4]) else { return }
                timers = BGPTimers(keepalive: keepalive, hold: hold, connectRetry: timers.connectRetry)
            default: return
            }
        }
    }

    private mutating func readPeers(_ ours: [ConfigurationLine]) {
        var found: [IPAddress: EVPNNeighbour] = [:]
        for line in ours where line.context == instance {
            let words = line.text.split(separator: " ").map(String.init)
            guard words.count >= 4, words[0] == "neighbor", words[2] == "remote-as", let address = IPAddress(words[1]),
                let asn = ASN(words[3])
            else { continue }
            found[address] = EVPNNeighbour(address: address, asn: asn)
        }
        for line in ours where line.context == instance {
            let words = line.text.split(separator: " ").map(String.init)
            guard words.count >= 4, words[0] == "neighbor", let address = IPAddress(words[1]) else { continue }
            if words[2] == "description" { found[address]?.description = words[3...].joined(separator: " ") }
            if words[2...] == ["password", SessionPasswords.mark] { found[address]?.authentication = .md5 }
            if words[2] == "ttl-security", words.count == 5, found[address] != nil { maximumHops = UInt8(words[4]) }
        }
        peers = Set(found.values)
    }
}
