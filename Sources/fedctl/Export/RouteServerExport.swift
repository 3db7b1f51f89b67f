import FRR
import FederationAPI
import FederationModel
import FederationViews
import NetworkTypes
import Terminal

/// The reference configuration of a route server: what each gateway that has its session with it may announce.
struct RouteServerExport {
    let server: EVPNPeer
    let stanza: RouteServerStanza
    let federation: FederationID
    let revision: UInt64

    /// - Parameters:
    ///   - states: of all gateways; what they are to do now counts, both VNIs of one that is changing.
    ///   - name: of the server, or its address; nil where there is only one.
    /// - Throws: `CommandError` where there is no such server, or it is not clear which is meant.
    init(_ states: [GatewayState], name: String?) throws {
        let intents = states.compactMap(\.intent).sorted { $0.gateway < $1.gateway }
        guard let first = intents.first else {
            throw CommandError("no gateway has an intent", remedy: "apply a federation file first: fedctl apply -f FILE")
        }
        let vteps = Set(intents.map { IPAddress.v4($0.base.vtep) })
        let servers = Set(intents.flatMap(\.base.peers).filter { !vteps.contains($0.address) }).sorted()
        let known = servers.map { "\($0.name) (\($0.address))" }.joined(separator: ", ")
        guard !servers.isEmpty else {
            throw CommandError(
                "no cloud has a route server: the gateways have full-mesh sessions",
                remedy: "add one under bgp.routeServers of the clouds in the federation file")
        }
        let meant = name.map { name in servers.filter { $0.name == name || $0.address.description == name } } ?? servers
        // One server may be called differently by two clouds.
        guard let server = meant.first, meant.allSatisfy({ $0.address == server.address && $0.asn == server.asn }) else {
            if let name, meant.isEmpty { throw CommandError("unknown route server “\(name)”", remedy: "choose one of: \(known)") }
            throw CommandError("several route servers exist", remedy: "choose one with --name NAME-OR-ADDRESS: \(known)")
        }
        let clients = intents.filter { $0.base.peers.contains { $0.address == server.address } }
        if let inside = clients.first(where: { $0.base.asn == server.asn }) {
            throw CommandError(
                "\(inside.gateway) is also in AS \(server.asn), so \(server.name) is a route reflector for it: only route servers can be exported",
                remedy: "filter on the reflector by hand; docs/security.md lists what each gateway may announce")
        }
        self.server = server
        federation = first.federation
        revision = intents.map(\.revision).max() ?? 0
        stanza = RouteServerStanza(
            asn: server.asn, address: server.address,
            clients: clients.map(RouteServerStanza.Client.init))
    }

    var text: String {
        """
        ! Route server \(server.name) (\(server.address)) of federation \(federation), revision \(revision). Written by fedctl export --route-server frr.
        ! For FRR 8.4.4 and later: vtysh -f FILE; export it again after each apply and at each step of a VNI change.
        ! It names the gateways of the federation only: filter your other neighbors yourself.

        """ + stanza.text
    }
}

extension RouteServerStanza.Client {
    fileprivate init(_ intent: GatewayIntent) {
        let bindings = intent.vpns.values.flatMap(\.bindings)
        self.init(
            name: intent.gateway.description, vtep: intent.base.vtep, asn: intent.base.asn,
            exports: Set(bindings.map { Set($0.exportTargets.map(\.asConfigured)) }).subtracting([[]]),
            imports: Set(bindings.flatMap(\.importTargets).map(\.asConfigured)))
    }
}
