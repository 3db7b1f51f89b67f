import NetworkTypes

@testable import FRR

/// What an operator may have in bgpd around the federation's lines, by chance.
struct OperatorConfiguration {
    let asn: String
    let lines: [String]

    /// Whose neighbours may be configured by hand.
    static let peers = ["10.255.0.2", "10.255.0.3"]
    static let peerASN = "4200000002"

    init(_ chance: inout SeededGenerator) {
        func maybe(_ lines: [String]) -> [String] { Bool.random(using: &chance) ? lines : [] }
        asn = ["4200000001", "65001"].randomElement(using: &chance) ?? "65001"
        var text = maybe(["ip prefix-list UNDERLAY seq 5 permit 10.255.0.0/16 le 32"])
        text += ["route-map UNDERLAY permit 10", "exit"]
        text += maybe(["route-map FEDORA permit 10", " set local-preference 7", "exit"])
        text += maybe(["bgp extcommunity-list standard THEIRS seq 5 permit rt 1:1"])
        // A gateway without any BGP of his is one that the federation makes the instance on.
        if Int.random(in: 0..<6, using: &chance) > 0 {
            text.append("router bgp \(asn)")
            text += maybe([" bgp router-id 192.0.2.1"]) + maybe([" no bgp default ipv4-unicast"])
            text += maybe([" bgp bestpath as-path multipath-relax"])
            text += maybe([" neighbor FABRIC peer-group", " neighbor FABRIC remote-as external", " neighbor 10.0.1.0 peer-group FABRIC"])
            text += maybe([" neighbor 10.0.1.2 remote-as 4200009999"])
            // The simplest underlay there is, at the address of a peer of ours.
            text += maybe([" neighbor \(Self.peers[0]) remote-as \(Self.peerASN)"])
            text += maybe([" neighbor \(Self.peers[1]) remote-as \(Self.peerASN)", " neighbor \(Self.peers[1]) description spine"])
            text += maybe([" address-family ipv4 unicast", "  network 10.255.0.1/32", "  redistribute connected", " exit-address-family"])
            text += maybe([" neighbor fd00::7 remote-as 65007", " address-family ipv6 unicast", "  neighbor fd00::7 activate"])
            text.append("exit")
            text += maybe([
                "router bgp \(asn) vrf ops", " neighbor 10.9.0.1 remote-as 65100", " address-family ipv4 unicast", "  network 10.9.0.0/24",
                "exit",
            ])
        }
        lines = text
    }
}

extension RunningConfiguration {
    /// Every line with the blocks around it, as often as it is there; empty address families are no lines.
    var places: [ConfigurationLine: Int] {
        var found: [ConfigurationLine: Int] = [:]
        for section in sections where !section.header.hasPrefix("frr ") {
            found[ConfigurationLine(section.header), default: 0] += 1
            for line in section.body where !line.text.hasPrefix("address-family ") { found[line, default: 0] += 1 }
        }
        return found
    }
}
