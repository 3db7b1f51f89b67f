import Coordinator
import FederationAPI
import FederationModel
import FederationViews
import Foundation
import GRPCCore
import Logging
import NetworkTypes
import ServiceLifecycle

/// A real coordinator on a loopback port, in this process, and fedctl pointed at it.
struct Headquarters: Sendable {
    let controlPlane: ControlPlane
    let tool: Tool

    static func open(
        clock: @escaping @Sendable () -> Int64 = ControlPlane.wallClock, _ body: @Sendable (Headquarters) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            try prepare(directory)
            try await open(in: directory, clock: clock, body)
        }
    }

    /// Certificates in a directory.
    static func prepare(_ directory: String) throws {
        let authority = try CertificateAuthority.create(in: directory + "/certs", federation: FederationID(parsing: "demo"))
        _ = try authority.issue(.coordinator(addresses: ["127.0.0.1"]))
        _ = try authority.issue(.admin(CertificateSubject.defaultAdmin))
    }

    /// Over the database that is there, if one is.
    static func open(
        in directory: String, clock: @escaping @Sendable () -> Int64, _ body: @Sendable (Headquarters) async throws -> Void
    ) async throws {
        do {
            let certs = directory + "/certs"
            let log = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
            let files = CredentialFiles(
                certificate: "\(certs)/coordinator.pem", key: "\(certs)/coordinator.key", trustRoots: "\(certs)/ca.pem")
            let credentials = try Credentials(files: files, side: .server, log: log)
            let store = try SQLiteStore(path: directory + "/coordinator.sqlite", federation: credentials.identity.federation)
            let controlPlane = try await ControlPlane(store: store, log: log, clock: clock)
            let server = try CoordinatorServer(
                controlPlane: controlPlane, listen: FederationAPI.Endpoint(host: "127.0.0.1", port: 0), credentials: credentials)
            let group = ServiceGroup(services: [server], logger: log)
            let running = Task { try await group.run() }
            var failure: (any Error)?
            do {
                let address = try await server.address
                let environment = ["FEDCTL_COORDINATOR": address?.description ?? "", "FEDCTL_CERTS": certs]
                try await body(Headquarters(controlPlane: controlPlane, tool: Tool(directory: directory, environment: environment)))
            } catch {
                failure = error
            }
            await group.triggerGracefulShutdown()
            try await running.value
            try store.close()
            if let failure { throw failure }
        }
    }

    static let file = """
        federation: demo   # kept
        clouds:
          paris: {gateways: {gw1: {vtep: 10.255.1.1}}}
          tokyo: {gateways: {gw1: {vtep: 10.255.2.1}}}
        vpns:
          blue: {attachments: [{cloud: paris, router: blue-router}, {cloud: tokyo, router: blue-router}]}

        """

    /// The host route of the one VM that each cloud has.
    private static func machine(of cloud: String) throws -> IPPrefix { try prefix(cloud == "paris" ? "10.1.0.11/32" : "10.2.0.11/32") }

    /// Lets an agent connect, apply everything and report a gateway on which everything works.
    /// - Parameters:
    ///   - steered: whether OVS hands traffic for the other cloud to the VRF.
    ///   - told: parts that were reported in this session before.
    ///   - foreign: VRFs of the node that are not the federation's.
    @discardableResult
    func connect(
        _ name: String, steered: Bool = true, since session: AgentSession? = nil, told: Int = 0, foreign: [ForeignVRF] = []
    ) throws -> AgentSession {
        let id = try gateway(name)
        let intents = controlPlane.current.intents
        guard let intent = intents[id], let other = intents.values.first(where: { $0.gateway != id }) else { throw Missing() }
        let begun = session ?? controlPlane.begin(id, hello: Hello(software: "test-agent 1"))
        read(begun)
        for (resource, version) in [(ResourceName.base, intent.base.version)] + intent.vpns.map({ (.vpn($0.key), $0.value.version) }) {
            try controlPlane.receive(.acknowledgement(resource, .applied(version)), in: begun)
        }
        let hop = IPAddress.v4(other.base.vtep)
        let theirs = try Self.machine(of: other.gateway.cloud.text)
        var parts: [ReportPart.Content] = [
            .base(
                BaseReport(
                    sessions: intent.base.peers.map {
                        PeerSession(address: $0.address, asn: $0.asn, state: "Established", prefixesReceived: 1)
                    },
                    writes: WriteCounters(reconciles: 7, netlink: 3), software: "test-agent 1",
                    foreignVRFs: ForeignVRFs(foreign)))
        ]
        var received: [ReceivedRoute] = []
        for vpn in intent.vpns.values {
            let mine = try Self.machine(of: id.cloud.text)
            parts.append(
                .vpn(
                    VPNReport(
                        name: vpn.name,
                        attachments: vpn.attachments.map {
                            AttachmentReport(selector: $0.selector, routers: ["id"], hosted: ["id"], chassis: name, subnets: [])
                        },
                        effective: EffectiveVPN(
                            encapsulation: vpn.encapsulation, routeDistinguisher: vpn.routeDistinguisher, importTargets: vpn.importTargets,
                            exportTargets: vpn.exportTargets, routerMAC: intent.base.routerMAC, isUp: true),
                        expected: [mine], advertised: [mine], imported: [ImportedRoute(prefix: theirs, nextHop: hop, isBest: true)],
                        installed: [InstalledRoute(prefix: theirs, nextHop: hop, tunnelReady: true)], steered: steered ? [theirs] : [],
                        exempted: [theirs])))
            guard let theirVPN = other.vpns[vpn.name] else { continue }
            received.append(
                ReceivedRoute(
                    prefix: theirs, routeDistinguisher: theirVPN.routeDistinguisher, nextHop: hop, routeTargets: theirVPN.exportTargets,
                    routerMAC: other.base.routerMAC, asPath: [other.base.asn.value], isValid: true, isBest: true))
        }
        parts.append(.received(received, isFirst: true, isLast: true))
        for (index, part) in parts.enumerated() {
            try controlPlane.receive(.report(ReportPart(sequence: UInt64(told + index + 1), observedAt: 0, content: part)), in: begun)
        }
        return begun
    }

    /// Lets an agent refuse what one resource is to be now; the rest it has applied.
    func refuse(_ name: String, _ resource: String, _ reason: String) throws {
        let id = try gateway(name)
        let session = controlPlane.begin(id, hello: Hello(software: "test-agent 1"))
        read(session)
        for (known, version) in controlPlane.current.intents[id]?.versions ?? [:] {
            let answer: Acknowledgement = known.description == resource ? .rejected(version, reason: reason) : .applied(version)
            try controlPlane.receive(.acknowledgement(known, answer), in: session)
        }
    }

    /// Takes all that the coordinator has to say.
    private func read(_ session: AgentSession) { while controlPlane.next(for: session) != nil {} }

    private struct Missing: Error {}
}
