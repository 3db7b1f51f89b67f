import EVPN
import FRR
import FederationAPI
import FederationModel
import NetworkTypes
import OVN
import Probing

/// All that the agent thinks. An event and the time go in, actions come out; it knows no socket and no clock, so that the
/// same events at the same times always give the same actions: a recording of them replays anywhere.
package struct AgentCore: Hashable, Sendable, Codable {
    /// How packets of VPNs travel.
    static let dataPlane: some DataPlane = VXLANDataPlane()

    package internal(set) var keeper: IntentKeeper
    package internal(set) var indexes: LocalIndexes
    package internal(set) var host = ObservedHost()
    /// What the cloud's databases say, and how far it is believed.
    package internal(set) var trust: CloudTrust
    package internal(set) var sources = SourceWatch()
    /// What an agent that starts after this one finds.
    var memory: CloudMemory
    /// The VPNs that routers were last found to belong to, by the routers' ids; nil: none.
    var owners: [String: VPNName]?
    package internal(set) var node: LocalNode?
    package internal(set) var selection = Selection()
    /// What names mean in this cloud.
    package internal(set) var pins: Pins
    /// What the node needs, as last decided.
    package internal(set) var design: HostDesign?
    /// What NAT leaves alone, in the northbound database.
    package internal(set) var exemptions = Exemptions()
    package internal(set) var journal = DriftJournal()
    /// Without the resources that are not done yet.
    package internal(set) var acknowledgements: [ResourceName: Acknowledgement] = [:]
    package internal(set) var problems: [VPNName: [Problem]] = [:]
    package internal(set) var baseProblems: [Problem] = []
    /// What must come about by itself, as last decided.
    package internal(set) var waits: [String] = []
    /// Destinations that were last steered to, by VPN and router.
    package internal(set) var steered: [VPNName: [String: Set<IPPrefix>]] = [:]
    var destinations = Destinations()
    var hasSeededDestinations = false
    var attempts = Attempts()
    /// Targets that were set anew, with what was in force before.
    var restated: [VPNInstance: BGPVNI] = [:]
    /// The step of the base, or of VPNs that go, that last failed.
    var commonFailure: CommonFailure?
    var watch = TunnelWatch()
    var instance = InstanceWatch()
    /// Whether what is offered can be delivered.
    var delivery = Delivery()
    /// Gateway ports that move all the time.
    var damping = GatewayDamping()
    /// Machines whose port is gone for a moment.
    var lapses = Lapses()
    /// When something that is held back, or held on to, ends by itself; nil: nothing does.
    var deadline: Int64?
    /// What each VPN advertises within its limits; nil until bgpd was seen.
    var admitted: [VPNName: Set<IPPrefix>]?
    /// The designs that were last found in force: what differs from them later was changed by somebody else.
    var inForce: [VPNInstance: VPNDesign] = [:]
    /// Since when VPNs with two VNIs send in one only.
    var sentAlone: [VPNName: SentAlone] = [:]
    var schedule = Schedule()
    /// bgpd as it was last seen, without what this agent expects of its own steps; nil: it cannot be asked.
    var reportedRouting: ObservedRouting?
    /// What is let in of what is learned; nil before bgpd was seen.
    package internal(set) var learned: [VPNName: LearnedLimits]?
    /// What bgpd has in the VRFs of VPNs that exceed a maximum, by index; nil: not known, or not asked for.
    var offers: [Int: [OfferedRoute]]?
    var offersLookedAt: Int64?
    var nextHops = NextHopWatch()
    /// Nil means no.
    private var offersLook: Bool?
    var isLookingAtOffers: Bool {
        get { offersLook ?? false }
        set { offersLook = newValue ? true : nil }
    }
    /// Where probes go, as last said; nil: not said yet.
    var probed: [ProbedVRF]?
    /// When the last event came.
    private var latest: Int64?
    /// Nil: between turns.
    var turn: Turn?
    var flowLook: FlowLook?

    struct CommonFailure: Hashable, Sendable, Codable {
        var step: Step
        var reason: String
        var pause: Pause
    }

    struct SentAlone: Hashable, Sendable, Codable {
        var encapsulation: Encapsulation
        var since: Int64
    }

    /// A look at the flows that is under way.
    enum FlowLook: Hashable, Sendable, Codable {
        case current
        /// Since it began, flows were changed by us: what it sees is old.
        case outdated
    }

    /// What is there in the cloud, as far as it is believed; nil: not known yet.
    package var cloud: CloudView? { trust.believed }

    /// - Parameter remembered: the cloud as an agent before this one believed it.
    package init(
        stored: GatewayIntent?, indexes: LocalIndexes, pins: Pins = Pins(), remembered: RememberedCloud? = nil,
        acceptsNewEpoch: Bool = false
    ) {
        self.pins = pins
        trust = CloudTrust(remembered: remembered)
        memory = CloudMemory(remembered)
        owners = remembered?.owners
        keeper = IntentKeeper(stored: stored, acceptsNewEpoch: acceptsNewEpoch)
        self.indexes = indexes
    }

    /// The inbox. Facts and messages are taken in; what to do about them is decided at the next `.timer`, and goes on with each answer
    /// to what was asked for, until `.wait` ends the turn.
    ///
    /// - Parameter now: milliseconds since 1970.
    package mutating func handle(_ event: Event, at now: Int64) -> [Action] {
        // A clock that was set back would keep every look waiting for the time that was.
        if let latest, now < latest { schedule = Schedule() }
        latest = now
        sources.begin(at: now)
        switch event {
        case .node(let view): node = view
        case .cloud(let view): trust.see(view, at: now)
        case .switching(let view): host.switching = view
        case .northbound(let view): see(view)
        case .kernelChanged: schedule.kernelSoon(now)
        case .routingLost: schedule.soon(.routing, now)
        case .source(let source, let status):
            sources.hear(status, of: source, at: now)
            if source == .northbound, status == .followed { exemptions.heardAgain() }
        case .kernel(let view, let time): see(view, after: time, at: now)
        case .routing(let view, let time): see(view, after: time, at: now)
        case .flows(let view): see(view, at: now)
        case .offers(let view): see(view, at: now)
        case .nextHops(let view):
            see(known: view, at: now)
            let echoes = echoes(at: now)
            return (echoes.isEmpty ? [] : [.sendEchoes(echoes)]) + goOn(at: now)
        case .echoesSent:
            nextHops.asking(false)
            return []
        case .carriedOut(let count, let instance, let stop): carriedOut(count, of: instance, stop, at: now)
        case .exempted(let router, let failure):
            exemptions.wrote(router, failure: failure, at: now)
            return [.lookAtNorthbound]
        case .session: return [.greet(keeper.hello(software: GatewayAgent.software))]
        case .message(let message): return receive(message)
        case .timer: return turn == nil ? begin(at: now) : []
        }
        return goOn(at: now)
    }

    private mutating func receive(_ message: CoordinatorMessage) -> [Action] {
        // What comes back is acknowledged anew, though it be the same version.
        if case .vpnRemoved(let name) = message { acknowledgements[.vpn(name)] = nil }
        if case .pins(let offered) = message { return pins.adopt(offered) ? [.savePins(pins.all)] : [] }
        do throws(IntentKeeper.Refusal) {
            // Half of a first intent would take the rest down at the next start.
            guard try keeper.receive(message), keeper.isComplete, let intent = keeper.intent else { return [] }
            return [.saveIntent(intent)]
        } catch {
            return [.refuse(error)]
        }
    }
}
