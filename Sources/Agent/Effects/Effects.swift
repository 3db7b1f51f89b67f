import EVPN
import FederationModel
import Logging
import Netlink
import OVN

/// All that the agent looks at and writes to on its node and in its cloud.
struct Effects: Sendable {
    private let kernel: KernelHost
    private let ports: SwitchPorts
    private let openflow: OpenFlowSwitch
    private let databases: Databases
    let routing: RoutingHost
    let tunnels: TunnelGuard
    let forwarding: ForwardWatch
    let contests: SwitchWatch
    let probes: ProbeHost
    private let said: SaidReasons
    private let log: Logger

    init(_ surroundings: Surroundings, _ databases: Databases, log: Logger) throws(NetlinkError) {
        kernel = try KernelHost()
        ports = SwitchPorts(database: databases.local)
        openflow = OpenFlowSwitch(runDirectory: surroundings.switchDirectory)
        routing = RoutingHost(directory: surroundings.frrDirectory, passwords: surroundings.bgpPasswords, log: log)
        tunnels = TunnelGuard(log: log)
        forwarding = ForwardWatch(log: log)
        contests = SwitchWatch(directory: surroundings.switchDirectory, log: log)
        probes = ProbeHost(log: log)
        self.databases = databases
        self.log = log
        said = SaidReasons(log)
    }

    // MARK: - Looks

    func lookAtKernel(_ indexes: [Int]) async -> Event {
        let start = ContinuousClock.now
        defer { sayIfSlow("read the kernel", since: start) }
        do {
            let view = try await kernel.look(indexes: indexes)
            said.say(nil, .kernel)
            // In steps of 5 ms: what is less makes no difference, and equal looks stay equal.
            return .kernel(view, took: Int64((ContinuousClock.now - start) / .milliseconds(5)) * 5)
        } catch {
            said.say("\(error)", .kernel)
            return .kernel(nil, took: 0)
        }
    }

    func lookAtRouting() async -> Event {
        let start = ContinuousClock.now
        defer { sayIfSlow("read routing", since: start) }
        let view = await routing.look()
        // In steps of 250 ms, rounded up: equal looks stay equal, and none looks newer than it is.
        return .routing(view, took: (Int64((ContinuousClock.now - start) / .milliseconds(250)) + 1) * 250)
    }

    func lookAtFlows(_ bridges: [String]) async -> Event {
        do {
            var flows: [String: Set<Flow>] = [:]
            for bridge in bridges {
                let (ours, strangers) = try await openflow.flows(of: bridge)
                for line in strangers {
                    log.warning("unknown flow with our cookie", metadata: ["bridge": "\(bridge)", "flow": "\(line)"])
                }
                flows[bridge] = ours
            }
            said.say(nil, .flows)
            return .flows(flows)
        } catch {
            said.say("\(error)", .flows)
            return .flows(nil)
        }
    }

    func lookAtOffers(_ indexes: [Int]) async -> Event {
        let start = ContinuousClock.now
        defer { sayIfSlow("read the routes of VRFs", since: start) }
        return .offers(await routing.readOffers(of: indexes))
    }

    func lookAtNextHops(_ ports: [String]) async -> Event {
        guard let southbound = databases.southbound else { return .nextHops(nil) }
        do {
            return .nextHops(try await NextHops.read(of: ports, in: southbound))
        } catch {
            log.debug("cannot read MAC bindings", metadata: ["reason": "\(error)"])
            return .nextHops(nil)
        }
    }

    func send(_ echoes: [EchoRequest]) async {
        var failed: Set<String> = []
        for echo in echoes where !failed.contains(echo.bridge) {
            do {
                try await openflow.send(echo)
            } catch {
                // Each attempt may take ten seconds.
                failed.insert(echo.bridge)
                log.debug("OVN cannot be made to ask for a next hop", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// The replica: what was written is in it when the server has said that it is done.
    /// An event as it is now: the inbox tells that the northbound database changed, not how.
    func current(_ event: Event) -> Event {
        if case .northbound = event { lookAtNorthbound() } else { event }
    }

    func lookAtNorthbound() -> Event { .northbound(databases.northbound?.replica.map { NorthboundView(NorthboundRows($0)) }) }

    // MARK: - Changes

    static func count(_ step: Step, in writes: inout WriteCounters) {
        switch step.surface {
        case .kernel: writes.netlink += UInt64(KernelHost.writes(for: step))
        case .switchDatabase: writes.ovsdb += 1
        case .openflow: if case .changeFlows(_, let add, let remove) = step { writes.openflow += UInt64(add.count + remove.count) }
        // The connections count lines.
        case .bgpd, .zebra: break
        }
    }

    func carryOut(_ step: Step) async throws {
        log.trace("step", metadata: ["step": "\(step)"])
        let start = ContinuousClock.now
        defer { sayIfSlow("step on \(step.surface)", since: start) }
        switch step {
        case .addPort(let port): try await ports.add(port)
        case .removePort(let port): try await ports.remove(port)
        case .changeFlows(let bridge, let add, let remove): try await openflow.change(bridge, add: add, remove: remove)
        case .configureVRF, .restateTargets, .removeVRF, .announceRoutes, .bindVNI, .unbindVNI, .configureBase,
            .removeBase:
            try await routing.carryOut(step)
        default: try await kernel.carryOut(step)
        }
    }

    func exempt(_ transaction: ExemptionTransaction) async -> Event {
        guard let northbound = databases.northbound else {
            return .exempted(router: transaction.router, failure: "the northbound database is not known yet")
        }
        do {
            try await NATExemptions.carryOut(transaction, in: northbound)
            said.say(nil, .exemption(transaction.router))
            return .exempted(router: transaction.router, failure: nil)
        } catch {
            said.say("\(error)", .exemption(transaction.router))
            return .exempted(router: transaction.router, failure: "\(error)")
        }
    }

    /// What takes so long that a change had to wait for it is worth a line.
    private func sayIfSlow(_ what: String, since start: ContinuousClock.Instant) {
        let time = ContinuousClock.now - start
        if time > .milliseconds(250) { log.info("slow", metadata: ["what": "\(what)", "ms": "\(Int64(time / .milliseconds(1)))"]) }
    }
}

extension SaidReasons.Topic {
    fileprivate static let kernel = Self(failing: "cannot read the kernel", working: "the kernel can be read again", level: .error)
    fileprivate static let flows = Self(failing: "cannot read flows", working: "flows can be read again")

    fileprivate static func exemption(_ router: String) -> Self {
        Self(failing: "cannot exempt NAT", working: "NAT can be exempted again", object: ["router": router], level: .error)
    }
}
