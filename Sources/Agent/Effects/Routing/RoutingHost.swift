import EVPN
import FRR
import Logging
import NetworkTypes
import VTY

/// bgpd and zebra of this node, over their vty sockets: reads what is there, and writes what steps say. It compares nothing.
///
/// An actor, because two configuration sessions on one daemon do not exclude each other.
actor RoutingHost {
    enum Failure: Error, CustomStringConvertible {
        case refused([VTYRejection])
        /// What a step was made from is not what runs any more.
        case changedMeanwhile

        var description: String {
            switch self {
            case .refused(let rejections): "FRR refused \(VTYRejection.summary(rejections))"
            case .changedMeanwhile: "bgpd’s configuration has changed since it was read"
            }
        }
    }

    private let bgpd: VTYClient
    private let zebra: VTYClient
    /// For long answers, so that none holds a change up.
    private let tables: VTYClient
    private let said: SaidReasons
    /// Neighbours of the default instance that we made since the start: one that did not come to join our group is still ours.
    private var claimed: Set<IPAddress> = []
    /// Nil: sessions have no passwords.
    private var passwordFile: PasswordFile?
    private let bfdd: VTYClient

    /// - Parameter passwords: the file with the passwords of sessions; nil: they have none.
    init(directory: String, passwords: String?, log: Logger) {
        bfdd = VTYClient(path: directory + "/bfdd.vty", logger: log)
        passwordFile = passwords.map(PasswordFile.init(path:))
        bgpd = VTYClient(path: directory + "/bgpd.vty", logger: log)
        zebra = VTYClient(path: directory + "/zebra.vty", logger: log)
        tables = VTYClient(path: directory + "/bgpd.vty", logger: log)
        said = SaidReasons(log, expected: [.daemons])
    }

    /// Configuration lines since the start.
    var writes: UInt64 {
        get async { UInt64(await bgpd.configurationLinesWritten) + UInt64(await zebra.configurationLinesWritten) }
    }

    /// Whether both connections stand.
    var isReachable: Bool {
        get async {
            let (bgpd, zebra) = (await bgpd.isConnected, await zebra.isConnected)
            return bgpd && zebra
        }
    }

    // MARK: - Looking

    /// Why bgpd or zebra cannot be asked; nil: they can.
    var failure: String? { said.reason(.daemons) ?? said.reason(.tables) }

    /// Nil while one of the daemons cannot be asked.
    func look() async -> ObservedRouting? {
        do {
            let observed = try await read()
            said.say(nil, .daemons)
            return observed
        } catch {
            said.say("\(error)", .daemons)
            return nil
        }
    }

    private func read() async throws -> ObservedRouting {
        for client in [bgpd, zebra] where await !client.isConnected { try await client.connect() }
        passwordFile?.refresh()
        var found = ObservedRouting(
            bgpd: try await configuration(of: bgpd), zebra: try await configuration(of: zebra),
            vnis: try BGPVNI.decode(await bgpd.showDefaultInstance("show bgp l2vpn evpn vni json") ?? "{}"),
            zebraVNIs: try ZebraVNI.decode(await zebra.show("show vrf vni json")),
            interfaces: try ZebraInterface.decode(await zebra.show("show interface vrf all json")), claimed: claimed,
            importTable: try EVPNImportTable.decode(await bgpd.showDefaultInstance("show bgp l2vpn evpn vrf-import-rt json") ?? "{}"))
        found.passwords = passwordFile?.known
        found.detection = await isDetecting ? .bfd : nil
        return found
    }

    /// bfdd answers.
    private var isDetecting: Bool {
        get async {
            if await !bfdd.isConnected { try? await bfdd.connect(within: .seconds(1)) }
            return await bfdd.isConnected
        }
    }

    private func configuration(of daemon: VTYClient) async throws -> RunningConfiguration {
        RunningConfiguration(
            parsing: try await daemon.show("show running-config"), passwords: passwordFile?.passwords ?? SessionPasswords())
    }

    /// What only reports need; nil while bgpd cannot be asked.
    /// - Parameters:
    ///   - vrfs: Those whose imported routes are wanted.
    ///   - now: Milliseconds since 1970.
    func readTables(of vrfs: [String], at now: Int64) async -> RoutingTables? {
        do {
            if await !tables.isConnected { try await tables.connect() }
            let found = try await RoutingTables(reading: tables, vrfs: vrfs, at: now)
            said.say(nil, .tables)
            return found
        } catch {
            said.say("\(error)", .tables)
            return nil
        }
    }

    /// What the VRFs of these VPNs have by their route targets; nil while bgpd cannot be asked. A VRF without an instance has nothing.
    func readOffers(of indexes: [Int]) async -> [Int: [OfferedRoute]]? {
        do {
            if await !tables.isConnected { try await tables.connect() }
            var found: [Int: [OfferedRoute]] = [:]
            for index in indexes {
                let routes = try await RoutingTables.imported(LocalNames(index: index).vrf, tables)
                found[index] = routes.map { OfferedRoute(prefix: $0.prefix, nextHops: $0.nextHops) }
            }
            said.say(nil, .offers)
            return found
        } catch {
            said.say("\(error)", .offers)
            return nil
        }
    }

    // MARK: - Writing

    /// - Throws: `Failure`, `VTYError`, `BGPConflict`.
    func carryOut(_ step: Step) async throws {
        let lines = try step.lines()
        if case .configureBase(_, let wanted) = step { try await claim(wanted, lines) }
        guard !lines.isEmpty else { return }
        let passwords = passwordFile?.passwords ?? SessionPasswords()
        let rejections: [VTYRejection]
        do {
            rejections = try await (step.surface == .zebra ? zebra : bgpd).configure(passwords.reveal(lines))
        } catch {
            // It may quote the line that had no answer.
            throw error.rewritten(passwords.without)
        }
        guard rejections.isEmpty else {
            throw Failure.refused(
                rejections.map { VTYRejection(line: passwords.without($0.line), status: $0.status, text: passwords.without($0.text)) })
        }
    }

    /// VRFs of ours that zebra has an empty block of.
    func bareVRFs() async throws -> [String] {
        if await !zebra.isConnected { try await zebra.connect() }
        // What stands in a block is in the running configuration, and an empty block is not.
        let configured = ZebraVRF.parse(try await zebra.show("show vrf")).filter(\.isConfigured).map(\.name)
        let full = try await configuration(of: zebra).vrfs
        return Set(configured.filter { LocalNames.index(ofVRF: $0) != nil }).subtracting(full).sorted()
    }

    /// Makes zebra forget VRFs of ours that it still has a block of; where the operator has lines of his own in one, it stays.
    /// - Returns: those that it had until now: zebra keeps a block while it has not heard that the device is gone.
    func forgetVRFs() async throws -> [String] {
        let empty = try await bareVRFs()
        for vrf in empty { _ = try await zebra.configure(ZebraVRFStanza.forget(vrf: vrf)) }
        return empty
    }

    /// Looks once more before it writes: the operator may have been at work since, in the same instance.
    private func claim(_ wanted: EVPNBaseStanza, _ lines: [String]) async throws {
        let running = try await configuration(of: bgpd)
        let base = EVPNBaseStanza.parse(running, claimed: claimed)
        guard try EVPNBaseStanza.changes(from: base, to: wanted) == lines else { throw Failure.changedMeanwhile }
        let peers = Set(wanted.peers.map(\.address))
        claimed = peers.subtracting(running.neighbours).union(claimed.intersection(peers))
    }
}

extension SaidReasons.Topic {
    fileprivate static let daemons = Self(
        failing: "no answer from bgpd or zebra; nothing is changed meanwhile", working: "bgpd and zebra answer")
    fileprivate static let tables = Self(failing: "cannot read bgpd's tables", working: "bgpd's tables can be read again")
    fileprivate static let offers = Self(failing: "cannot read the routes of VRFs", working: "the routes of VRFs can be read again")
}
