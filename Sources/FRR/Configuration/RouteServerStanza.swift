import NetworkTypes

/// What a route server (RFC 7947) says of its EVPN clients, so that each can announce only what is its own.
///
/// A client gets in type-5 routes with its VTEP as next hop, its AS alone in the path, and exactly the route targets that it exports; it gets
/// out what it imports. Proven on bgpd 8.4.4, which has no way to match an IPv4 route distinguisher (its YANG model refuses it) and none to
/// match the next hop of an EVPN route by a list: `match ip next-hop address` it is. "Exactly" is: all of the targets, and not one more.
///
/// It keeps nobody from announcing with a distinguisher of another member of the same VPN; that is seen where it arrives.
///
/// Filters are named by their content, like `InstallFilter`: a changed one is complete before a neighbor names it, and no route is lost between.
package struct RouteServerStanza: Hashable, Sendable {
    /// A gateway that has its session with the server.
    package struct Client: Hashable, Sendable {
        /// For people: `paris/gw1`.
        package var name: String
        /// The address of its session, and the next hop of its routes.
        package var vtep: IPv4Address
        package var asn: ASN
        /// The targets that its routes bear, of each VRF; none is empty.
        package var exports: Set<Set<RouteTarget>>
        package var imports: Set<RouteTarget>

        package init(name: String, vtep: IPv4Address, asn: ASN, exports: Set<Set<RouteTarget>>, imports: Set<RouteTarget>) {
            self.name = name
            self.vtep = vtep
            self.asn = asn
            self.exports = exports
            self.imports = imports
        }
    }

    package var asn: ASN
    package var address: IPAddress
    package var clients: [Client]

    package init(asn: ASN, address: IPAddress, clients: [Client]) {
        self.asn = asn
        self.address = address
        self.clients = clients
    }

    /// As `vtysh -f FILE` takes it, and twice as well as once. Lists before the maps that name them, maps before the neighbors.
    package var text: String {
        var lines = Set(clients.map(\.asn)).sorted().map { "bgp as-path access-list \(Self.pathList(of: $0)) seq 5 permit ^\($0)$" }
        // Clients of one cloud, and all members of a mesh, share lists.
        let parts = clients.sorted { $0.vtep < $1.vtep }.map { ($0, Self.inbound($0), Self.outbound($0)) }
        lines += Set(parts.flatMap { $1.lists + $2.lists }).sorted { $0.name < $1.name }.flatMap(\.lines)
        for (client, inbound, outbound) in parts { lines += ["!", "! \(client.name)"] + inbound.lines + outbound.lines }
        lines += ["!", "router bgp \(asn)"]
        for (client, _, _) in parts {
            let neighbor = " neighbor \(client.vtep)"
            lines += [
                "\(neighbor) remote-as \(client.asn)", "\(neighbor) description \(client.name)",
                "\(neighbor) ebgp-multihop 255", "\(neighbor) disable-connected-check", "\(neighbor) update-source \(address)",
            ]
        }
        lines.append(" address-family l2vpn evpn")
        for (client, inbound, outbound) in parts {
            let neighbor = "  neighbor \(client.vtep)"
            lines += [
                "\(neighbor) activate", "\(neighbor) route-server-client", "\(neighbor) route-map \(inbound.name) in",
                "\(neighbor) route-map \(outbound.name) out",
            ]
        }
        return (lines + [" exit-address-family", "exit"]).joined(separator: "\n") + "\n"
    }

    // MARK: Filters

    private static func pathList(of asn: ASN) -> String { "FED-AS-\(asn)" }

    private static func inbound(_ client: Client) -> RouteMap {
        var entries: [RouteMap.Entry] = []
        // Those with many targets first: what bears more than the ones still to come is denied between.
        let bySize = Dictionary(grouping: client.exports, by: \.count).sorted { $0.key > $1.key }
        for (count, sets) in bySize {
            entries.append(.init(isPermitted: false, matches: ["extcommunity FED-MORE-THAN-\(count)"], list: .moreTargets(than: count)))
            let list = TargetList.all(of: sets)
            entries.append(
                .init(
                    isPermitted: true,
                    matches: [
                        "evpn route-type prefix", "ip next-hop address \(client.vtep)", "as-path \(pathList(of: client.asn))",
                        "extcommunity \(list.name)",
                    ], list: list))
        }
        return RouteMap(stem: "FED-\(client.name)-IN:", entries: entries)
    }

    private static func outbound(_ client: Client) -> RouteMap {
        guard !client.imports.isEmpty else { return RouteMap(stem: "FED-\(client.name)-OUT:", entries: []) }
        let list = TargetList.all(of: client.imports.map { [$0] })
        let entry = RouteMap.Entry(isPermitted: true, matches: ["evpn route-type prefix", "extcommunity \(list.name)"], list: list)
        return RouteMap(stem: "FED-\(client.name)-OUT:", entries: [entry])
    }
}

/// A list of extended communities, named by its content.
private struct TargetList: Hashable {
    var name: String
    var lines: [String]

    /// Matches routes that bear all targets of at least one set.
    static func all(of sets: some Collection<Set<RouteTarget>>) -> TargetList {
        let permits = Set(sets.map { $0.sorted().map { "rt \($0)" }.joined(separator: " ") }).sorted()
        let name = "FED-RT:" + InstallFilter.digest(permits)
        return TargetList(
            name: name,
            lines: permits.enumerated().map { "bgp extcommunity-list standard \(name) seq \(($0 + 1) * 5) permit \($1)" })
    }

    /// Matches routes that bear more targets than so many.
    static func moreTargets(than count: Int) -> TargetList {
        let name = "FED-MORE-THAN-\(count)"
        let pattern = String(repeating: "RT:.*", count: count) + "RT:"
        return TargetList(name: name, lines: ["bgp extcommunity-list expanded \(name) seq 5 permit \(pattern)"])
    }
}

/// A route-map, named by its content. What no entry permits is denied.
private struct RouteMap {
    struct Entry {
        var isPermitted: Bool
        var matches: [String]
        var list: TargetList
    }

    var stem: String
    var entries: [Entry]

    var lists: [TargetList] { entries.map(\.list) }
    var name: String { stem + InstallFilter.digest(body) }
    var lines: [String] {
        body.map { $0.hasPrefix("route-map ") ? $0.replacing("route-map ", with: "route-map \(name) ", maxReplacements: 1) : $0 }
    }

    private var body: [String] {
        guard !entries.isEmpty else { return ["route-map deny 10", "exit"] }
        return entries.enumerated().flatMap { place, entry in
            ["route-map \(entry.isPermitted ? "permit" : "deny") \((place + 1) * 10)"] + entry.matches.map { " match \($0)" } + ["exit"]
        }
    }
}
