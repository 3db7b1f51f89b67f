import EVPN
import FederationAPI
import FederationModel
import Foundation
import Logging
import Netlink
import NetworkTypes

/// The agent of one gateway node: brings events to the core, does what it decides, and tells it what became of that.
///
/// One loop, one action at a time. It decides nothing itself.
package actor GatewayAgent: CoordinatorSession.Listener {
    package static let software = "fed-agent 0.1.0"

    var core: AgentCore
    var writes = WriteCounters()
    /// When the oldest of what is being decided on reached the process.
    private var arrival: ContinuousClock.Instant?
    /// As they were last stored.
    var savedPins: [AttachmentPin]
    /// When each thing was last seen, by the name of its fact, and when the agent began: milliseconds since 1970.
    var seenAt: [String: Int64] = [:]
    let startedAt = GatewayAgent.now
    /// When the next turn begins, whatever happens.
    private var wakesAt = ContinuousClock.now

    let store: StateDirectory
    private let databases: Databases
    private let inbox = Inbox()
    let effects: Effects
    private let recorder: Recorder?
    let log: Logger
    /// Raised when there may be something new to report.
    package nonisolated let news = Signal()

    /// - Parameter recording: the file that events and decisions are recorded in; nil: in none.
    package init(
        surroundings: Surroundings, store: StateDirectory, acceptsNewEpoch: Bool, recording: String? = nil, log: Logger
    ) throws {
        self.store = store
        self.log = log
        databases = Databases(remotes: surroundings.databases, log: log)
        effects = try Effects(surroundings, databases, log: log)
        let intent = store.loadIntent()
        let pins = store.loadPins()
        savedPins = pins.all
        seenAt["intent"] = store.intentStoredAt
        let core = AgentCore(
            stored: intent, indexes: store.loadIndexes(of: intent) ?? LocalIndexes(), pins: pins, remembered: store.loadCloud(),
            acceptsNewEpoch: acceptsNewEpoch)
        self.core = core
        do {
            recorder = try recording.map { try Recorder(path: $0, core: core, log: log) }
        } catch {
            // The agent's work does not depend on its recording.
            recorder = nil
            log.error("no recording", metadata: ["reason": "\(error)"])
        }
    }

    // MARK: - The coordinator

    package func hello() -> Hello {
        for case .greet(let hello) in handle(.session) { return hello }
        return Hello(software: Self.software)
    }

    package func receive(_ message: CoordinatorMessage) throws {
        for action in handle(.message(message)) {
            if case .refuse(let refusal) = action { throw refusal }
            try save(action)
        }
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
            group.addTask { await self.effects.probes.run() }
            try await group.next()
            group.cancelAll()
        }
    }

    private nonisolated func followKernel() async throws {
        let tables = LocalNames.firstTable...LocalNames.firstTable + 65_536
        let events = try KernelEvents(scope: EventScope(tables: tables, neighbourInterfacePrefix: "fed"))
        for await _ in events { inbox.tell(.kernelChanged) }
    }

    /// A daemon that went is noticed soon, and asked again as soon as it is back.
    private nonisolated func followRouting() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(Schedule.retry))
            if await !effects.routing.isReachable { inbox.tell(.routingLost) }
        }
    }

    private func loop() async {
        while !Task.isCancelled {
            let news = await inbox.next(within: max(.zero, wakesAt - .now))
            arrival = news.since
            for event in news.events { await perform(handle(effects.current(event))) }
            writes.reconciles += 1
            await perform(handle(.timer))
        }
    }

    /// Does one action after the other, with what follows from each.
    private func perform(_ actions: [Action]) async {
        var queue = actions[...]
        while let action = queue.popFirst() {
            if let answer = await perform(action) { queue += handle(answer) }
        }
    }

    /// What the core says to an event. Every event comes by here.
    private func handle(_ event: Event) -> [Action] {
        let now = Self.now
        let actions = core.handle(event, at: now)
        if event.isSighting { seenAt[Explanation.fact(of: event)] = now }
        recorder?.add(event, at: now, actions, core: core)
        return actions
    }

    /// Milliseconds since 1970.
    static var now: Int64 { Int64(Date.now.timeIntervalSince1970 * 1000) }

    // MARK: - Actions

    /// - Returns: what became of it, if that is asked for.
    private func perform(_ action: Action) async -> Event? {
        switch action {
        case .lookAtKernel(let indexes): return await effects.lookAtKernel(indexes)
        case .lookAtRouting: return await effects.lookAtRouting()
        case .lookAtNorthbound: return effects.lookAtNorthbound()
        case .lookAtFlows(let bridges):
            Task { [effects, inbox] in inbox.tell(await effects.lookAtFlows(bridges)) }
        case .lookAtOffers(let indexes):
            Task { [effects, inbox] in inbox.tell(await effects.lookAtOffers(indexes)) }
        case .lookAtNextHops(let ports):
            Task { [effects, inbox] in inbox.tell(await effects.lookAtNextHops(ports)) }
        case .sendEchoes(let echoes):
            Task { [effects, inbox] in
                await effects.send(echoes)
                inbox.tell(.echoesSent)
            }
        case .carryOut(let steps, let instance): return await carryOut(steps, of: instance)
        case .exempt(let transaction):
            writes.ovsdb += 1
            Task { [effects, inbox] in inbox.tell(await effects.exempt(transaction)) }
        case .filterTunnels(let filter): await effects.tunnels.keep(filter)
        case .probe(let vrfs): await effects.probes.assign(vrfs)
        case .saveIntent, .saveIndexes, .savePins, .saveCloud:
            do {
                try save(action)
            } catch {
                log.error("state cannot be stored", metadata: ["reason": "\(error)"])
            }
        case .report: news.raise()
        case .wait(let until): wakesAt = .now + .milliseconds(until - Self.now)
        // Said in a session, and answered there.
        case .greet, .refuse: break
        }
        return nil
    }

    private func carryOut(_ steps: [Step], of instance: VPNInstance?) async -> Event {
        for (count, step) in steps.enumerated() {
            if case .configureVRF(let from, let to) = step, let vpn = instance?.vpn {
                say(from?.networks ?? [], to.networks, of: vpn)
            }
            do {
                Effects.count(step, in: &writes)
                try await effects.carryOut(step)
            } catch RoutingHost.Failure.changedMeanwhile {
                return .carriedOut(count, of: instance, stop: .outdated)
            } catch {
                var metadata: Logger.Metadata = ["step": "\(step)", "reason": "\(error)"]
                if let instance { metadata["vpn"] = "\(instance.vpn)" }
                log.error("step failed", metadata: metadata)
                return .carriedOut(count, of: instance, stop: .failure("\(error)"))
            }
        }
        return .carriedOut(steps.count, of: instance, stop: nil)
    }

    /// One line for each change of what is advertised, with the agent's own share of the time: from the row's being known to
    /// the command's leaving for bgpd.
    private func say(_ old: Set<IPPrefix>, _ new: Set<IPPrefix>, of vpn: VPNName) {
        guard old != new else { return }
        var metadata: Logger.Metadata = [
            "vpn": "\(vpn)", "advertise": "\(new.subtracting(old).count)", "withdraw": "\(old.subtracting(new).count)",
        ]
        if let arrival { metadata["own_share_us"] = "\(Int64((ContinuousClock.now - arrival) / .microseconds(1)))" }
        log.info("routes change", metadata: metadata)
    }
}
