import EVPN
import FederationModel
import Foundation
import Logging
import OVN

/// Takes away all that the agent made on a node, and nothing else: with the planner's own teardown, step by step, until nothing is left.
///
/// The agent must not run meanwhile: it would put everything back.
package struct Cleanup: Sendable {
    package enum Failure: Error, Sendable, CustomStringConvertible {
        case agentRuns
        case notAgreed
        case unseen(String, remedy: String)
        case failed(String)

        package var description: String {
            switch self {
            case .agentRuns: "the agent runs on this node and would put everything back: `systemctl stop fed-agent` first"
            case .notAgreed: "nothing was removed: answer yes, or give --yes"
            case .unseen(let what, let remedy): "\(what) cannot be read, so that what is there cannot be removed: \(remedy)"
            case .failed(let reason): "\(reason); what is left is found when the cleanup is run again"
            }
        }
    }

    /// One thing that is, or was, removed.
    package struct Item: Hashable, Sendable, Codable {
        /// `kernel`, `openflow`, `bgpd`, `northbound`…
        package var surface: String
        package var object: String
    }

    /// Between two looks while something must come about by itself.
    private static let pause = Duration.milliseconds(250)
    /// Kernel tables that are looked into: a node has no more VPNs at once in practice, and an empty table costs nothing.
    private static let tables = 1...1024
    /// One thing is removed so often, and then somebody puts it back.
    private static let mostRounds = 8

    private let surroundings: Surroundings
    private let databases: Databases
    private let effects: Effects
    private let managesBase: Bool
    private let stateDirectory: String
    private let log: Logger

    /// - Parameter stateDirectory: of the agent; only read, and locked while this runs.
    package init(surroundings: Surroundings, stateDirectory: String, log: Logger) throws {
        self.surroundings = surroundings
        self.stateDirectory = stateDirectory
        self.log = log
        databases = Databases(remotes: surroundings.databases, log: log)
        effects = try Effects(surroundings, databases, log: log)
        managesBase = StateDirectory(reading: stateDirectory, log: log).loadIntent()?.base.management != .external
    }

    /// Looks, asks, and removes.
    /// - Parameters:
    ///   - console: where a running agent would listen.
    ///   - patience: for the databases, and for each thing that must come about by itself.
    ///   - agrees: is told what there is; false: nothing is done.
    /// - Returns: what was removed; empty where nothing was there.
    package func run(
        console: ConsoleClient, within patience: Duration, agrees: @Sendable ([Item]) -> Bool
    ) async throws(Failure) -> [Item] {
        guard await !console.isAgentRunning else { throw .agentRuns }
        // An agent may have its console elsewhere, or none.
        let lock = try locked()
        defer { withExtendedLifetime(lock) {} }
        let inbox = Inbox()
        let following = Task { [databases] in try? await databases.run(telling: inbox) }
        defer { following.cancel() }
        let facts = await facts(from: inbox, within: patience)
        guard facts.switching != nil else {
            throw .unseen("the database of Open vSwitch", remedy: "`systemctl status openvswitch-switch`")
        }
        guard let cloud = facts.cloud, let node = facts.node, let northbound = facts.northbound else {
            throw .unseen(
                "the cloud's northbound or southbound database", remedy: "it holds address sets of ours; give --northbound and --southbound"
            )
        }
        let exemptions = ExemptionPlan(desired: [:], federated: [], cloud: cloud, northbound: northbound, chassis: node.chassis)
            .transactions
        let first = try await host(with: inbox, facts.switching)
        let items = items(of: first, exemptions) + (try await remains())
        guard !items.isEmpty else { return [] }
        guard agrees(items) else { throw .notAgreed }
        // First what lets tenants' own addresses out: without steering, NAT must translate again.
        for transaction in exemptions {
            if case .exempted(_, let reason?) = await effects.exempt(transaction) { throw .failed(reason) }
        }
        try await removeAll(inbox, facts.switching, within: patience)
        do {
            try await effects.tunnels.remove()
        } catch {
            throw .failed("the VXLAN filter stays: \(error.reason)")
        }
        try await forgetVRFs(within: patience)
        return items
    }

    private func forgetVRFs(within patience: Duration) async throws(Failure) {
        let deadline = ContinuousClock.now + patience
        while true {
            let kept: [String]
            do {
                kept = try await effects.routing.forgetVRFs()
            } catch {
                throw .failed("zebra keeps blocks of VRFs: \(error)")
            }
            if kept.isEmpty { return }
            guard ContinuousClock.now < deadline else { throw .failed("zebra keeps the blocks of \(kept.joined(separator: ", "))") }
            try? await Task.sleep(for: Self.pause)
        }
    }

    /// Nil where no agent ever had its state.
    private func locked() throws(Failure) -> StateLock? {
        guard FileManager.default.fileExists(atPath: stateDirectory) else { return nil }
        do {
            return try StateLock(directory: stateDirectory)
        } catch {
            switch error {
            case .inUse: throw .agentRuns
            case .inaccessible: throw .unseen("\(error)", remedy: "run it as root")
            }
        }
    }

    private func removeAll(_ inbox: Inbox, _ switching: ObservedSwitch?, within patience: Duration) async throws(Failure) {
        var switching = switching
        var deadline = ContinuousClock.now + patience
        var rounds: [Step: Int] = [:]
        while true {
            let host = try await host(with: inbox, switching)
            switching = host.switching
            let plan = Teardown.everything(on: host, managesBase: managesBase)
            if plan.isSettled { return }
            for step in plan.steps {
                rounds[step, default: 0] += 1
                guard rounds[step, default: 0] <= Self.mostRounds else {
                    throw .failed("another program puts back \(step.repairs.first?.object ?? "what is removed")")
                }
                do {
                    try await effects.carryOut(step)
                } catch {
                    throw .failed("\(step.repairs.first?.object ?? "a step"): \(error)")
                }
                deadline = .now + patience
            }
            guard ContinuousClock.now < deadline else { throw .failed("waited too long for \(plan.waits.joined(separator: ", "))") }
            try? await Task.sleep(for: Self.pause)
        }
    }

    // MARK: - Looking

    private struct Facts {
        var node: LocalNode?
        var switching: ObservedSwitch?
        var cloud: CloudView?
        var northbound: NorthboundView?

        mutating func take(_ event: Event) {
            switch event {
            case .node(let view): node = view
            case .switching(let view): switching = view
            case .cloud(let view): cloud = view
            case .northbound(let view): northbound = view ?? northbound
            default: break
            }
        }

        var isComplete: Bool { node != nil && switching != nil && cloud != nil && northbound != nil }
    }

    private func facts(from inbox: Inbox, within patience: Duration) async -> Facts {
        var facts = Facts()
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline, !facts.isComplete {
            for event in await inbox.next(within: deadline - .now).events { facts.take(effects.current(event)) }
        }
        return facts
    }

    /// The node as it is now.
    private func host(with inbox: Inbox, _ switching: ObservedSwitch?) async throws(Failure) -> ObservedHost {
        var facts = Facts(switching: switching)
        for event in await inbox.next(within: .zero).events { facts.take(event) }
        guard case .kernel(let kernel?, _) = await effects.lookAtKernel(Array(Self.tables)) else {
            throw .unseen("the kernel", remedy: "run it as root")
        }
        guard case .routing(let routing?, _) = await effects.lookAtRouting() else {
            throw .unseen("bgpd or zebra", remedy: "`systemctl status frr`")
        }
        let bridges = facts.switching?.bridges.filter {
            FileManager.default.fileExists(atPath: "\(surroundings.switchDirectory)/\($0).mgmt")
        }
        guard case .flows(let flows?) = await effects.lookAtFlows((bridges ?? []).sorted()) else {
            throw .unseen("the flows of Open vSwitch", remedy: "`systemctl status openvswitch-switch`")
        }
        return ObservedHost(kernel: kernel, switching: facts.switching, flows: flows, routing: routing)
    }

    // MARK: - Telling

    /// What no plan of a VPN has: the VXLAN filter, and zebra's empty blocks.
    private func remains() async throws(Failure) -> [Item] {
        var items: [Item] = []
        do {
            if try await effects.tunnels.stands() { items.append(Item(surface: "nftables", object: "table \(NFTables.table)")) }
        } catch {
            throw .unseen("nftables (\(error.reason))", remedy: "`apt-get install nftables`, and run it as root")
        }
        do {
            items += try await effects.routing.bareVRFs().map { Item(surface: "zebra", object: "block of vrf \($0)") }
        } catch {
            throw .unseen("zebra", remedy: "`systemctl status frr`")
        }
        return items
    }

    /// What is there now.
    private func items(of host: ObservedHost, _ exemptions: [ExemptionTransaction]) -> [Item] {
        var items = exemptions.flatMap(\.steps).flatMap { step in step.repairs.map { Item(surface: "northbound", object: $0.object) } }
        let links = (host.kernel?.links ?? [:]).filter { LocalNames.isOurs($0.key) && $0.value.kind != nil }.keys.sorted()
        items += links.map { Item(surface: "kernel", object: "device \($0)") }
        let routes = host.kernel?.routes.count ?? 0
        if routes > 0 { items.append(Item(surface: "kernel", object: "\(routes) routes in tables of VRFs")) }
        items += (host.switching?.ports ?? [:]).sorted { $0.key < $1.key }.map {
            Item(surface: "Open vSwitch", object: "port \($0.key) of \($0.value.bridge)")
        }
        items += (host.flows ?? [:]).filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map {
            Item(surface: "Open vSwitch", object: "\($0.value.count) flows of \($0.key)")
        }
        items += (host.routing?.vniBindings ?? [:]).sorted { $0.key < $1.key }.map {
            Item(surface: "zebra", object: "vni \($0.value) of vrf \($0.key)")
        }
        items += (host.routing?.vrfs ?? [:]).keys.sorted().map { Item(surface: "bgpd", object: "router bgp vrf \($0)") }
        if managesBase, let base = host.routing?.base, base.isOurs {
            items.append(Item(surface: "bgpd", object: "peer groups, neighbors and route-maps of the federation"))
        }
        return items
    }
}
