import Agent
import EVPN
import FederationAPI
import FederationModel
import NetworkTypes
import OVN
import SimulatedGateway

/// The core in a simulated node and cloud, with a clock of its own: what the agent's shell is to it elsewhere.
struct World {
    var core: AgentCore
    var host = SimulatedHost()
    var northbound = SimulatedNorthbound()
    var routers: [CloudBuilder.Router] = [.init(name: "blue-router"), .init(name: "red-router", number: 2)]
    /// How the cloud's databases are, beside the routers in them.
    var cloud = CloudBuilder([])
    /// What the core last had stored of the cloud.
    var remembered: RememberedCloud?
    var now: Int64 = 1_000_000
    var steps: [Step] = []
    /// What bgpd has in VRFs, by index; nil: it does not tell.
    var offers: [Int: [OfferedRoute]]? = [:]
    /// Addresses whose MAC OVN knows behind any gateway port; nil: it does not tell.
    var knownNextHops: Set<IPAddress>?
    /// What OVN was given to make it ask.
    var echoes: [EchoRequest] = []
    /// Open vSwitch takes them.
    var answersEchoes = true
    /// The bridge that the provider network is mapped to.
    var bridge = "br-ex"
    /// Of the flows, only those of bridges that are asked for are told.
    var looksAtMappedBridges = false
    /// Steps of this VPN are refused by the node.
    var refuses: VPNName?
    /// And those of any VPN with this VNI.
    var refusesVNI: VNI?
    /// Open vSwitch takes no flows.
    var refusesFlows = false
    /// Steps of the base are refused by the node.
    var refusesBase = false
    /// The northbound database does not answer; what it was given, in order.
    var hangs = false
    var unanswered: [ExemptionTransaction] = []

    /// Hears of each event, its time, what was decided on it, and how the core is after it.
    var hears: ((Event, Int64, [Action], AgentCore) -> Void)?

    static let both = Samples.intent(vpns: [Samples.vpn("blue"), Samples.vpn("red", vni: 10002, index: 2)])

    init(stored: GatewayIntent? = World.both, indexes: LocalIndexes = LocalIndexes(), remembered: RememberedCloud? = nil) {
        core = AgentCore(stored: stored, indexes: indexes, remembered: remembered)
        host.switching.patchPorts = ["patch-provnet-1-to-br-int": 2]
    }

    /// All there is to see.
    func facts(cloud: Bool = true) -> [Event] {
        let built = builder
        return [
            .node(LocalNode(chassis: "gw1", bridgeMappings: ["physnet1": bridge])), .switching(host.switching),
            .kernel(host.kernel, took: 0), .routing(host.routing, took: 0),
        ] + (looksAtMappedBridges ? [] : [.flows(host.flows)])
            + (cloud ? [.cloud(built.view()), .northbound(built.hasNorthbound ? northbound.view(of: built) : nil)] : [])
    }

    private var builder: CloudBuilder {
        var builder = cloud
        builder.routers = routers
        return builder
    }

    mutating func look(cloud: Bool = true) {
        host.settle()
        for event in facts(cloud: cloud) { tell(event) }
    }

    @discardableResult
    mutating func tell(_ event: Event) -> [Action] {
        let actions = core.handle(event, at: now)
        hears?(event, now, actions, core)
        return actions
    }

    /// What the coordinator says.
    /// - Returns: whether something is to be stored for it.
    @discardableResult
    mutating func receive(_ message: CoordinatorMessage) throws -> Bool {
        let actions = tell(.message(message))
        for case .refuse(let refusal) in actions { throw refusal }
        return !actions.isEmpty
    }

    /// One turn of the agent's loop. Returns what was done.
    @discardableResult
    mutating func turn() -> [Step] {
        var done: [Step] = []
        var queue = tell(.timer)[...]
        while let action = queue.popFirst() {
            if let answer = perform(action, &done) { queue += tell(answer) }
        }
        return done
    }

    mutating func perform(_ action: Action, _ done: inout [Step]) -> Event? {
        switch action {
        case .lookAtKernel: return .kernel(host.kernel, took: 0)
        case .lookAtRouting: return .routing(host.routing, took: 0)
        case .lookAtFlows(let bridges): return .flows(looksAtMappedBridges ? host.flows.filter { bridges.contains($0.key) } : host.flows)
        case .lookAtOffers(let indexes):
            return .offers(offers.map { all in Dictionary(uniqueKeysWithValues: indexes.map { ($0, all[$0] ?? []) }) })
        case .lookAtNextHops(let ports):
            return .nextHops(knownNextHops.map { known in Dictionary(uniqueKeysWithValues: ports.map { ($0, known) }) })
        case .sendEchoes(let sent):
            echoes += sent
            return answersEchoes ? .echoesSent : nil
        case .lookAtNorthbound: return .northbound(builder.hasNorthbound ? northbound.view(of: builder) : nil)
        case .carryOut(let steps, let instance):
            for (count, step) in steps.enumerated() {
                if refuses(step, of: instance) { return .carriedOut(count, of: instance, stop: .failure("refused by the test")) }
                host.apply(step)
                done.append(step)
            }
            return .carriedOut(steps.count, of: instance, stop: nil)
        case .exempt(let transaction) where hangs:
            unanswered.append(transaction)
            return nil
        case .exempt(let transaction): return .exempted(router: transaction.router, failure: northbound.apply(transaction))
        case .filterTunnels, .probe, .saveIntent, .saveIndexes, .savePins, .greet, .refuse, .report, .wait: return nil
        case .saveCloud(let cloud):
            remembered = cloud
            return nil
        }
    }

    private func refuses(_ step: Step, of instance: VPNInstance?) -> Bool {
        if refusesFlows, case .changeFlows = step { return true }
        if let instance { return instance.vpn == refuses || instance.vni == refusesVNI }
        if refusesBase, case .configureBase = step { return true }
        return false
    }

    /// bgpd tells zebra of the first VRF's routes once more.
    var announcement: Step { .announceRoutes(host.routing.vrfs["fed1"]!) }

    /// Until nothing is left to do. Returns what was done.
    @discardableResult
    mutating func run(rounds: Int = 15, cloud: Bool = true) -> [Step] {
        var done: [Step] = []
        for _ in 0..<rounds {
            look(cloud: cloud)
            let steps = turn()
            done += steps
            now += 50
            if steps.isEmpty && core.waits.isEmpty { break }
        }
        steps += done
        return done
    }
}
