import FederationModel

/// The keys of one kind of mapping in the federation file. `topologies/federation.schema.json` holds the same for editors.
package struct FileKeys: Hashable, Sendable {
    /// What the mapping describes, with an article: `a cloud`.
    package let subject: String
    /// A valid example on one line.
    package let example: String
    /// All keys, in writing order.
    package let all: [String]
    /// Required keys, each with the remedy if it is missing.
    package let required: [String: String]
    /// Sets of keys of which exactly one is required; empty: no choice.
    package let choices: [[String]]

    init(subject: String, example: String, all: [String], required: [String: String] = [:], choices: [[String]] = []) {
        self.subject = subject
        self.example = example
        self.all = all
        self.required = required
        self.choices = choices
    }

    /// Every kind of mapping with fixed keys.
    package static let tables: [FileKeys] = [
        document, cloud, bgp, routeServer, gateway, vpn, attachment, selector, bgpvpn, limits, policy, fullMesh, hubAndSpoke, partialMesh,
        edge,
        filters, share, externalOrigin, pools, targetPool, reservation,
    ]
}

extension FileKeys {
    package static let document = FileKeys(
        subject: "a federation file", example: "federation: demo", all: ["federation", "pools", "reserved", "clouds", "vpns"],
        required: [
            "federation": "begin the file with the federation's name, like “federation: demo”",
            "clouds": "add the clouds, like “clouds: {paris: {gateways: {gw1: {vtep: 192.0.2.1}}}}”",
        ])
    package static let pools = FileKeys(
        subject: "pools", example: "{as: 4200000000-4200000999, vni: 10000-19999}",
        all: ["as", "vni", "rt", "probeAddresses", "quarantine"])
    package static let targetPool = FileKeys(
        subject: "the route target pool", example: "{administrator: 64900, numbers: 16777216-17000000}", all: ["administrator", "numbers"])
    package static let reservation = FileKeys(
        subject: "a reservation", example: "{vni: 20001-20010, reason: old fabric}",
        all: ["as", "vni", "rt", "routerMAC", "address", "reason"],
        required: ["reason": "add what uses the values, like “reason: old fabric”"],
        choices: [["as"], ["vni"], ["rt"], ["routerMAC"], ["address"]])
}

extension FileKeys {
    package static let cloud = FileKeys(
        subject: "a cloud", example: "{as: 65001, gateways: {gw1: {vtep: 192.0.2.1}}}",
        all: ["as", "labels", "drain", "onSouthboundLoss", "limits", "bgp", "underlayMTU", "vxlanFilter", "vtepPool", "gateways"],
        required: ["gateways": "add its gateway nodes, like “gateways: {gw1: {vtep: 192.0.2.1}}”"])
    package static let limits = FileKeys(
        subject: "limits", example: "{prefixesPerVPN: 1000, prefixes: 10000}",
        all: ["prefixesPerVPN", "prefixes", "learnedPerVPN", "learnedPerOrigin"])
    package static let bgp = FileKeys(
        subject: "bgp", example: "{management: agent}", all: ["management", "routeServers", "bfd", "maximumHops"])
    package static let routeServer = FileKeys(
        subject: "a route server", example: "{name: spine, address: 192.0.2.254, as: 65000}", all: ["name", "address", "as"],
        required: [
            "address": "add its address for EVPN sessions, like “address: 192.0.2.254”",
            "as": "add its AS number, like “as: 65000”",
        ])
    package static let gateway = FileKeys(
        subject: "a gateway", example: "{vtep: 192.0.2.1}", all: ["vtep", "routerMAC", "probeAddress"])
}

extension FileKeys {
    package static let vpn = FileKeys(
        subject: "a VPN", example: "{vni: 10001, attachments: [{cloud: paris, router: {id: 31817569-24a8-4129-8d89-2967d33748f6}}]}",
        all: [
            "project", "labels", "vni", "rt", "kind", "policy", "tenants", "projects", "attachments", "importTargets", "exportTargets",
            "externalOrigins",
            "filters", "maximumPrefixes", "maximumLearned", "maximumLearnedPerOrigin", "localPreference", "mtu", "anycast", "allowOverlap",
            "shares",
        ])
    package static let attachment = FileKeys(
        subject: "an attachment", example: "{cloud: paris, router: {id: 31817569-24a8-4129-8d89-2967d33748f6}}",
        all: ["cloud", "router", "network", "port", "bgpvpn", "role", "advertise", "export"],
        required: ["cloud": "add the cloud of the router, network, port or BGPVPN, like “cloud: paris”"],
        choices: [["router"], ["network"], ["port"], ["bgpvpn"]])
    package static let selector = FileKeys(
        subject: "a router, network or port", example: "{id: 31817569-24a8-4129-8d89-2967d33748f6}",
        all: ["name", "project", "id", "label"],
        choices: [["name"], ["id"], ["label"]])
    package static let bgpvpn = FileKeys(
        subject: "a BGPVPN", example: "{id: 31817569-24a8-4129-8d89-2967d33748f6}", all: ["name", "project", "id", "vni"],
        choices: [["name", "project"], ["id"], ["vni"]])
    package static let filters = FileKeys(
        subject: "filters", example: "{import: [\"permit 10.0.0.0/8 le 32\"]}", all: ["import", "export"])
    package static let externalOrigin = FileKeys(
        subject: "an external origin", example: "{vtep: 192.0.2.9, as: 65010}", all: ["vtep", "as", "defaultRoute"],
        required: [
            "vtep": "add its VXLAN tunnel endpoint address, like “vtep: 192.0.2.9”",
            "as": "add the AS number that originates its routes, like “as: 65010”",
        ])
    package static let share = FileKeys(
        subject: "a share", example: "{to: red, prefixes: [10.1.9.0/24]}", all: ["to", "prefixes", "clouds"],
        required: [
            "to": "add the VPN that receives the prefixes, like “to: red”",
            "prefixes": "add the shared prefixes, like “prefixes: [10.1.9.0/24]”",
        ])
}

extension FileKeys {
    package static let policy = FileKeys(
        subject: "a policy", example: "{hub-and-spoke: {transit: [10.0.0.0/8]}}", all: VPNPolicy.Pattern.allCases.map(\.rawValue),
        choices: VPNPolicy.Pattern.allCases.map { [$0.rawValue] })
    package static let fullMesh = FileKeys(subject: "a full mesh", example: "full-mesh", all: [])
    package static let hubAndSpoke = FileKeys(subject: "a hub and spoke", example: "{transit: [10.0.0.0/8]}", all: ["transit"])
    package static let partialMesh = FileKeys(
        subject: "a partial mesh", example: "{edges: [{between: [paris, tokyo]}]}", all: ["edges"])
    package static let edge = FileKeys(
        subject: "an edge", example: "{between: [paris, tokyo]}", all: ["between", "from", "to"], choices: [["between"], ["from", "to"]])
}
