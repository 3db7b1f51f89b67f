import EVPN
import FederationAPI
import FederationModel
import Foundation
import Logging
import Netlink
import NetworkTypes
import OVN

/// The agent of one gateway node: brings facts to the core, carries out what it decides, and looks again.
///
/// One loop, one change at a time. Everything that it knows how to do it does because what should be differs from what is.
package actor GatewayAgent: CoordinatorSession.Listener {
    /// Where this node's things are.
    package struct Surroundings: Sendable {
        package var databases: Databases.Remotes
        /// Of FRR's vty sockets: `/run/frr`.
        package var frrDirectory: String
        /// Of Open vSwitch's management sockets: `/run/openvswitch`.
        package var switchDirectory: String

        package init(databases: Databases.Remotes, frrDirectory: String, switchDirectory: String) {
            self.databases = databases
            self.frrDirectory = frrDirectory
            self.switchDirectory = switchDirectory
        }
    }

    package static let software = "fed-agent 0.1.0"

    private var core: AgentCore
    private var schedule = Schedule()
    private var writes = WriteCounters()
    private var isLookingAtFlows = false
    /// Rises when flows begin to be changed and when they are.
    private var flowGeneration: UInt64 = 0
    private var natProblems: [String: [String]] = [:]
    private var exempted: [String: Set<IPPrefix>] = [:]
    private var baseRetryAt: ContinuousClock.Instant = .now
    /// After a failure, by router.
    private var natRetryAt: [String: ContinuousClock.Instant] = [:]

    private let store: StateDirectory
    private let databases: Databases
    private let inbox = Inbox()
    private let kernel: KernelHost
    private let ports: SwitchPorts
    private let openflow: OpenFlowSwitch
    private let routing: RoutingHost
    private let tunnels: TunnelGuard
    private let log: Logger
    /// Raised when there may be something new to report.
    package nonisolated let news = Signal()

    package init(surroundings: Surroundings, store: StateDirectory, acceptsNewEpoch: Bool, log: Logger) throws {
        self.store = store
        self.log = log
        databases = Databases(remotes: surroundings.databases, log: log)
        kernel = try KernelHost()
        ports = SwitchPorts(database: databases.local)
        openflow = OpenFlowSwitch(runDirectory: surroundings.switchDirectory)
        routing = RoutingHost(directory: surroundings.frrDirectory, log: log)
        tunnels = TunnelGuard(log: log)
        let intent = store.loadIntent()
        core = AgentCore(
            stored: intent, indexes: store.loadIndexes(of: intent) ?? LocalIndexes(), pins: store.loadPins(),
            acceptsNewEpoch: acceptsNewEpoch)
    }

    // MARK: - The coordinator

    package func hello() -> Hello { core.keeper.hello(software: Self.software) }

    package func receive(_ message: CoordinatorMessage) throws {
        let pins = core.pins
        guard try core.receive(message) else { return }
        savePins(since: pins)
        // Half of a first intent would take the rest down at the next start.
        if core.keeper.isComplete, let intent = core.keeper.intent { try store.save(intent) }
        inbox.nudge()
    }

    // MARK: - The loop

    /// Until cancelled. Leaves everything as it is: an agent that stops withdraws nothing.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.databases.run(telling: self.inbox) }
            group.addTask { try await self.followKernel() }
            group.addTask { try await self.followRouting() }
            group.addTask { await self.loop() }
            try await group.next()
            group.cancelAll()
        }
    }

    private nonisolated func followKernel() async throws {
        let tables = LocalNames.firstTable...LocalNames.firstTable + 65_536
        let events = try KernelEvents(scope: EventScope(tables: tables, neighbourInterfacePrefix: "fed"))
        for await _ in events { inbox.tell { $0.kernelIsDirty = true } }
    }

    /// A daemon that went is noticed soon, and asked again as soon as it is back.
    private nonisolated func followRouting() async throws {
        while true {
            try await Task.sleep(for: Schedule.retry)
            if await !routing.isReachable { inbox.tell { $0.routingIsDirty = true } }
        }
    }

    private func loop() async {
        while !Task.isCancelled {
            let news = await inbox.next(within: schedule.timeToNext(after: .now))
            absorb(news)
            await look()
            await act(since: news.since)
        }
    }

    private func absorb(_ news: Inbox.News) {
        if let view = news.switchView {
            core.see(switching: ObservedSwitch(view))
            if let chassis = view.chassis {
                core.see(
                    node: LocalNode(
                        chassis: chassis.systemID, bridgeMappings: chassis.bridgeMappings, integrationBridge: chassis.integrationBridge))
            }
        }
        if let cloud = news.cloud { core.see(cloud: cloud) }
        if news.kernelIsDirty { schedule.kernelSoon(.now) }
        if news.routingIsDirty { schedule.soon(.routing, .now) }
    }

    /// Looks at what is due to be looked at.
    private func look() async {
        guard core.keeper.intent != nil else { return }
        if schedule.isDue(.kernel, at: .now) { await lookAtKernel() }
        if schedule.isDue(.routing, at: .now) {
            let start = ContinuousClock.now
            defer { sayIfSlow("look at routing", since: start) }
            let observed = await routing.look(at: Self.now)
            core.see(routing: observed)
            schedule.looked(.routing, at: .now, succeeded: observed != nil)
        }
        if schedule.isDue(.flows, at: .now) { lookAtFlows() }
    }

    /// What takes so long that a change had to wait for it is worth a line.
    private func sayIfSlow(_ what: String, since start: ContinuousClock.Instant) {
        let time = ContinuousClock.now - start
        if time > .milliseconds(250) { log.info("slow", metadata: ["what": "\(what)", "ms": "\(Int64(time / .milliseconds(1)))"]) }
    }

    private func lookAtKernel() async {
        let start = ContinuousClock.now
        defer { sayIfSlow("look at the kernel", since: start) }
        do {
            core.see(kernel: try await kernel.look(indexes: core.indexes.instances.values))
            schedule.looked(.kernel, at: .now, succeeded: true, after: ContinuousClock.now - start)
            news.raise()
        } catch {
            log.error("the kernel cannot be read", metadata: ["reason": "\(error)"])
            schedule.looked(.kernel, at: .now, succeeded: false)
        }
    }

    /// Begins a look at the flows beside the loop: ovs-vswitchd may be busy, and no change shall wait for that.
    private func lookAtFlows() {
        guard let switching = core.host.switching, let node = core.node else { return }
        schedule.looked(.flows, at: .now, succeeded: true)
        guard !isLookingAtFlows else { return }
        isLookingAtFlows = true
        let bridges = Set(node.bridgeMappings.values).intersection(switching.bridges)
        let (generation, openflow) = (flowGeneration, openflow)
        Task {
            var flows: [String: Set<Flow>] = [:]
            do {
                for bridge in bridges {
                    let (ours, strangers) = try await openflow.flows(of: bridge)
                    for line in strangers {
                        log.warning("a flow with our cookie that is not ours", metadata: ["bridge": "\(bridge)", "flow": "\(line)"])
                    }
                    flows[bridge] = ours
                }
                looked(at: flows, generation)
            } catch {
                log.warning("flows cannot be read", metadata: ["reason": "\(error)"])
                looked(at: nil, generation)
            }
        }
    }

    private func looked(at flows: [String: Set<Flow>]?, _ generation: UInt64) {
        isLookingAtFlows = false
        schedule.looked(.flows, at: .now, succeeded: flows != nil)
        // What was read before or during a change of ours is old.
        guard let flows, generation == flowGeneration else {
            if flows != nil { schedule.soon(.flows, .now) }
            return
        }
        core.see(flows: flows)
        inbox.nudge()
    }

    /// Decides and acts until nothing more can be done now.
    private func act(since arrival: ContinuousClock.Instant?) async {
        guard core.keeper.intent != nil else { return }
        writes.reconciles += 1
        // A bound, so that two that undo each other's work cannot keep the loop from hearing news.
        for _ in 0..<8 {
            let (before, pins) = (core.indexes, core.pins)
            let decision = core.decide(at: Self.now)
            if core.indexes != before { saveIndexes() }
            savePins(since: pins)
            // While the daemons cannot be asked, the look that failed has its own pace.
            schedule.waiting(decision.isWaiting && core.host.routing != nil, at: .now)
            guard !decision.isEmpty else {
                await exempt(decision)
                break
            }
            let touched = await carryOut(decision, since: arrival)
            if touched.contains(.kernel) { await lookAtKernel() }
            if touched.contains(.bgpd) || touched.contains(.zebra) { schedule.soon(.routing, .now) }
            if touched.contains(.openflow) { schedule.soon(.flows, .now) }
            await exempt(decision)
            // bgpd must be seen to have let go of a VNI before anything is built on that.
            guard !touched.isEmpty, !decision.unbinds else { break }
        }
        // Of half an intent, members would be missing whose packets are dropped.
        if core.keeper.isComplete, let intent = core.keeper.intent { await tunnels.keep(VXLANFilter(intent)) }
        news.raise()
    }

    /// - Returns: what was written to.
    private func carryOut(_ decision: AgentCore.Decision, since arrival: ContinuousClock.Instant?) async -> Set<Step.Surface> {
        var touched: Set<Step.Surface> = []
        if baseRetryAt <= .now || core.commonHasNotFailed {
            for step in decision.common {
                do {
                    try await carryOut(step)
                    touched.insert(step.surface)
                } catch RoutingHost.Failure.changedMeanwhile {
                    // Whatever was decided on that is to be decided anew.
                    core.see(routing: nil)
                    touched.insert(step.surface)
                    break
                } catch {
                    log.error("step failed", metadata: ["step": "\(step)", "reason": "\(error)"])
                    core.commonFailed(step, reason: "\(error)")
                    baseRetryAt = .now + .seconds(2)
                    break
                }
            }
        }
        for (design, steps) in decision.vpns {
            for step in steps {
                if case .configureVRF(let from, let to) = step { say(from?.networks ?? [], to.networks, of: design.vpn, since: arrival) }
                do {
                    try await carryOut(step)
                    touched.insert(step.surface)
                } catch {
                    log.error("step failed", metadata: ["vpn": "\(design.vpn)", "step": "\(step)", "reason": "\(error)"])
                    core.failed(design, step: step, reason: "\(error)", at: Self.now)
                    touched.insert(step.surface)
                    break
                }
            }
        }
        return touched
    }

    /// One line for each change of what is advertised, with the agent's own share of the time: from the row's being known to
    /// the command's leaving for bgpd.
    private func say(_ old: Set<IPPrefix>, _ new: Set<IPPrefix>, of vpn: VPNName, since arrival: ContinuousClock.Instant?) {
        guard old != new else { return }
        var metadata: Logger.Metadata = [
            "vpn": "\(vpn)", "advertise": "\(new.subtracting(old).count)", "withdraw": "\(old.subtracting(new).count)",
        ]
        if let arrival { metadata["own_share_us"] = "\(Int64((ContinuousClock.now - arrival) / .microseconds(1)))" }
        log.info("routes change", metadata: metadata)
    }

    private func carryOut(_ step: Step) async throws {
        log.trace("step", metadata: ["step": "\(step)"])
        let start = ContinuousClock.now
        defer { sayIfSlow("step on \(step.surface)", since: start) }
        switch step {
        case .addPort(let port):
            writes.ovsdb += 1
            try await ports.add(port)
        case .removePort(let port):
            writes.ovsdb += 1
            try await ports.remove(port)
        case .changeFlows(let bridge, let add, let remove):
            writes.openflow += UInt64(add.count + remove.count)
            flowGeneration += 1
            defer { flowGeneration += 1 }
            try await openflow.change(bridge, add: add, remove: remove)
        case .configureVRF, .restateTargets, .removeVRF, .announceRoutes, .bindVNI, .unbindVNI, .configureBase:
            try await routing.carryOut(step)
        default:
            writes.netlink += UInt64(KernelHost.writes(for: step))
            try await kernel.carryOut(step)
        }
        core.carriedOut(step)
    }

    private func saveIndexes() {
        do {
            try store.save(core.indexes)
        } catch {
            log.error("local numbers cannot be stored", metadata: ["reason": "\(error)"])
        }
    }

    /// Before anything is done on account of them: a name that was found must mean the same after the next start.
    private func savePins(since before: Pins) {
        let pins = core.pins
        guard pins != before else { return }
        for pin in pins.all where before[pin.selector]?.id != pin.id {
            var metadata: Logger.Metadata = ["selector": "\(pin.selector)", "id": "\(pin.id)", "project": "\(pin.project ?? "not known")"]
            if let former = pin.replaces { metadata["replaces"] = "\(former)" }
            log.notice("a name is found", metadata: metadata)
        }
        do {
            try store.save(pins)
        } catch {
            log.error("what names mean cannot be stored", metadata: ["reason": "\(error)"])
        }
    }

    // MARK: - NAT

    /// Keeps the routers' NAT off federated destinations.
    private func exempt(_ decision: AgentCore.Decision) async {
        guard let desired = decision.exemptions, let cloud = core.cloud, let node = core.node, let northbound = databases.northbound,
            let replica = northbound.replica
        else { return }
        let plan = ExemptionPlan(desired: desired, cloud: cloud, northbound: NorthboundRows(replica), chassis: node.chassis)
        natProblems = Dictionary(grouping: plan.problems, by: \.router).mapValues { $0.map(\.description) }
        exempted = desired.mapValues(\.prefixes)
        for transaction in plan.transactions {
            guard natRetryAt[transaction.router].map({ $0 <= .now }) ?? true else {
                exempted[transaction.router] = nil
                continue
            }
            do {
                writes.ovsdb += 1
                try await NATExemptions.carryOut(transaction, in: northbound)
            } catch {
                natRetryAt[transaction.router] = .now + .seconds(2)
                exempted[transaction.router] = nil
                natProblems[transaction.router, default: []].append("\(error)")
                log.error("NAT cannot be exempted", metadata: ["router": "\(transaction.router)", "reason": "\(error)"])
            }
        }
    }

    /// Milliseconds since 1970.
    private static var now: Int64 { Int64(Date.now.timeIntervalSince1970 * 1000) }
}

// MARK: - Reports

extension GatewayAgent {
    /// What the loop knows for a report; bgpd's own tables come from elsewhere.
    /// - Parameter tables: Nil while bgpd cannot be asked.
    func report(with tables: RoutingTables?, hostProblems: [Problem]) async -> ReportBoard.Content? {
        guard let intent = core.keeper.intent else { return nil }
        let observedAt = min(core.host.routing?.readAt ?? .max, tables?.readAt ?? .max, Self.now)
        let tables = tables ?? RoutingTables()
        let unreachable = await routing.failure.map(Reporter.unreachable)
        writes.vty = await routing.writes
        var report = GatewayReport(
            base: BaseReport(
                acknowledgement: core.acknowledgements[.base] ?? .pending, asn: core.host.routing?.asn, sessions: tables.sessions,
                problems: core.baseProblems + hostProblems + [unreachable, await tunnels.problem].compactMap(\.self), writes: writes,
                software: "\(Self.software), FRR \(tables.version)"),
            received: tables.received)
        for vpn in intent.vpns.values {
            report.vpns[vpn.name] = core.report(of: vpn, tables, natProblems: natProblems, exempted: exempted)
        }
        return ReportBoard.Content(report: report, acknowledgements: core.acknowledgements, observedAt: observedAt)
    }

    /// bgpd's tables, with those of the VRFs that are sent in; nil while it cannot be asked.
    func readTables() async -> RoutingTables? {
        let sent = core.keeper.intent?.vpns.values.compactMap(\.instances.first) ?? []
        let vrfs = sent.compactMap { core.indexes.instances[$0] }.sorted().map { LocalNames(index: $0).vrf }
        return await routing.readTables(of: vrfs, at: Self.now)
    }
}
