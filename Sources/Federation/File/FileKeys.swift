/// The keys that a mapping of the federation file may have. `topologies/federation.schema.json` says the same to editors.
package struct FileKeys: Hashable, Sendable {
    /// What the mapping describes, with an article: `a cloud`.
    package let subject: String
    /// A good one in one line.
    package let example: String
    /// All keys, in the order in which they are written.
    package let all: [String]
    /// Keys that must be there, each with what to do where it is not.
    package let required: [String: String]

    package static let document = FileKeys(
        subject: "a federation file", example: "federation: demo", all: ["federation", "clouds", "vpns"],
        required: [
            "federation": "begin the file with its name, like “federation: demo”",
            "clouds": "add the clouds, like “clouds: {paris: {gateways: {gw1: {vtep: 192.0.2.1}}}}”",
        ])
    package static let cloud = FileKeys(
        subject: "a cloud", example: "{as: 65001, gateways: {gw1: {vtep: 192.0.2.1}}}", all: ["as", "bgp", "underlayMTU", "gateways"],
        required: ["gateways": "add its gateway nodes, like “gateways: {gw1: {vtep: 192.0.2.1}}”"])
    package static let bgp = FileKeys(
        subject: "bgp", example: "{management: agent}", all: ["management", "routeServers"], required: [:])
    package static let routeServer = FileKeys(
        subject: "a route server", example: "{name: spine, address: 192.0.2.254, as: 65000}", all: ["name", "address", "as"],
        required: [
            "address": "add the address that it takes EVPN sessions on, like “address: 192.0.2.254”",
            "as": "add its AS number, like “as: 65000”",
        ])
    package static let gateway = FileKeys(
        subject: "a gateway", example: "{vtep: 192.0.2.1}", all: ["vtep", "routerMAC", "probeAddress"],
        required: ["vtep": "add the address of its VXLAN tunnel endpoint, like “vtep: 192.0.2.1”"])
    package static let vpn = FileKeys(
        subject: "a VPN", example: "{vni: 10001, attachments: [{cloud: paris, router: blue-router}]}",
        all: ["vni", "rt", "kind", "policy", "attachments"], required: [:])
    package static let attachment = FileKeys(
        subject: "an attachment", example: "{cloud: paris, router: blue-router}", all: ["cloud", "router", "network"],
        required: ["cloud": "say whose router or network it is, like “cloud: paris”"])
    package static let selector = FileKeys(
        subject: "a router or network", example: "{name: blue-router}", all: ["name", "id"], required: [:])

    /// Every kind of mapping with fixed keys.
    package static let tables: [FileKeys] = [document, cloud, bgp, routeServer, gateway, vpn, attachment, selector]
}
