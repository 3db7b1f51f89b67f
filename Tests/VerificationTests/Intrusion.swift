import FederationModel
import NetworkTypes
import Testing
import Verification

/// A route that somebody sends into a VPN, beside all that is lawful there.
struct Intrusion: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var prefix: IPPrefix
    var distinguisher: RouteDistinguisher
    var nextHop: IPAddress
    var originAS: UInt32
    var isInstalled = true
    /// What is to be found, and whose pair with the viewer is to fail by it.
    var reason: Intruder.Reason
    var origin: String

    /// In a world of lima, paris, tokyo and oslo (1 to 4), of whom oslo is not in blue; tokyo looks.
    static let all: [Intrusion] = [
        at("10.255.4.1", "10.99.0.0/24", rd: "10.66.66.66:66", 4, .notMember, "oslo", "a cloud that is no member sends a new prefix"),
        at("10.255.4.1", "10.2.0.11/32", rd: "10.66.66.66:66", 4, .notMember, "oslo", "it takes half of the traffic to a machine of paris"),
        at("10.255.4.1", "10.99.0.0/24", rd: "10.255.2.1:1", 4, .notMember, "oslo", "it uses paris’s distinguisher"),
        at("10.255.4.1", "10.2.0.11/32", rd: "10.255.2.1:1", 2, .notMember, "oslo", "it uses paris’s distinguisher, prefix and AS"),
        at("10.255.4.1", "0.0.0.0/0", rd: "10.66.66.66:66", 4, .notMember, "oslo", "it sends a default route"),
        at("10.255.4.1", "::/0", rd: "10.66.66.66:66", 4, .notMember, "oslo", "it sends an IPv6 default route"),
        at(
            "10.255.2.1", "10.99.0.0/24", rd: "10.66.66.66:66", 2, .unknownDistinguisher, "paris",
            "a member’s next hop with nobody’s distinguisher"),
        at("10.255.2.1", "10.99.0.0/24", rd: "10.255.1.1:1", 2, .foreignDistinguisher, "paris", "a member uses lima’s distinguisher"),
        at("10.255.2.1", "10.2.0.11/32", rd: "10.255.2.1:1", 66, .foreignAS, "paris", "a path that begins in another AS"),
        at("10.255.2.1", "0.0.0.0/0", rd: "10.255.2.1:1", 2, .notAdvertised, "paris", "a default route that paris does not advertise"),
        at("10.255.2.1", "10.2.0.128/25", rd: "10.255.2.1:1", 2, .notAdvertised, "paris", "a more specific prefix than paris advertises"),
        at(
            "10.255.2.1", "10.98.0.1/32", rd: "10.255.2.1:1", 2, .notAdvertised, "paris",
            "a prefix that nobody advertises, with all else right"),
        at("192.0.2.66", "10.99.0.0/24", rd: "192.0.2.66:1", 64999, .unknownVTEP, "paris", "a VTEP that is no gateway’s"),
        at("192.0.2.66", "10.2.0.11/32", rd: "10.255.2.1:1", 2, .unknownVTEP, "paris", "such a VTEP under paris’s distinguisher and AS"),
    ]

    private static func at(
        _ nextHop: String, _ text: String, rd: String, _ asn: UInt32, _ reason: Intruder.Reason, _ origin: String, _ what: String
    ) -> Intrusion {
        Intrusion(
            testDescription: what, prefix: IPPrefix(text)!, distinguisher: RouteDistinguisher(rd)!, nextHop: IPAddress(nextHop)!,
            originAS: asn < 10 ? 4_200_000_000 + asn : asn, reason: reason, origin: origin)
    }
}
