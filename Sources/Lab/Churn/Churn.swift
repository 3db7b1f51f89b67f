import NetworkTypes

/// What happens to a cloud in the course of months, in minutes: one act after another, drawn by lot, the same for the same seed.
///
/// It decides, and keeps what must be there afterwards; `Judge.churn` does it.
package struct Churn: Sendable {
    /// A port that comes and goes, in the first network of a cloud's first router.
    package struct Port: Hashable, Sendable, Comparable {
        package var cloud: String
        package var number: Int
        package static func < (a: Self, b: Self) -> Bool { (a.cloud, a.number) < (b.cloud, b.number) }
    }

    package enum Act: Hashable, Sendable {
        /// The port is made with an address (the last number of it), or gets another one.
        case address(Port, Int)
        case delete(Port)
        case plug(Port, node: String)
        case unplug(Port)
        case move(cloud: String, router: String, to: String)
        /// Killed, and started again after so many milliseconds.
        case kill(Step.Victim, Int)
        case drift(Host, Damage)
    }

    /// What somebody removes by hand.
    package enum Damage: String, Hashable, Sendable, CaseIterable {
        case flow, route, neighbour, network, device
    }

    /// A port that there is.
    package struct State: Hashable, Sendable {
        /// The last number of its address.
        package var address: Int
        package var node: String?
    }

    package private(set) var ports: [Port: State] = [:]
    /// By cloud and router: who hosts it, as far as nobody failed.
    package private(set) var hosts: [String: String] = [:]
    private let scenario: Scenario
    private let victims: [Step.Victim]
    private var chance: SeededGenerator

    /// Ports of each cloud, and the addresses that they share: from 100 on.
    package static let ports = 6
    private static let addresses = 100..<120

    package init(_ scenario: Scenario, seed: UInt64) {
        self.scenario = scenario
        chance = SeededGenerator(seed: seed)
        victims = scenario.hosts.flatMap { host in scenario.daemons(of: host).map { Step.Victim(kinds: [$0], host: host) } }
            .filter { $0.host != .spine && !Self.survives($0, in: scenario) }
        for cloud in scenario.clouds { for router in cloud.routers { hosts["\(cloud.name)/\(router.name)"] = router.gateways.first } }
    }

    /// The last cloud's agents are never killed: what they hold at the end can be compared with the beginning.
    package static func survives(_ victim: Step.Victim, in scenario: Scenario) -> Bool {
        victim.kinds == [.agent] && scenario.clouds.last.map { victim.host.description.hasPrefix("\($0.name)/") } == true
    }

    /// The clouds that have what is needed: a network, a gateway, agents.
    private var clouds: [Scenario.Cloud] { scenario.clouds.filter { $0.isFederated && !$0.networks.isEmpty } }

    /// The next act; it counts as done.
    package mutating func next() -> Act? {
        guard let cloud = clouds.randomElement(using: &chance) else { return nil }
        switch Int.random(in: 0..<20, using: &chance) {
        case 0..<9: return portAct(cloud)
        case 9..<12: return move(cloud) ?? portAct(cloud)
        case 12..<15: return victims.randomElement(using: &chance).map { .kill($0, Int.random(in: 100...2500, using: &chance)) }
        default:
            guard let gateway = cloud.gateways.randomElement(using: &chance), let damage = Damage.allCases.randomElement(using: &chance)
            else { return nil }
            return .drift(.node(cloud.name, gateway.name), damage)
        }
    }

    private mutating func portAct(_ cloud: Scenario.Cloud) -> Act? {
        let port = Port(cloud: cloud.name, number: Int.random(in: 0..<Self.ports, using: &chance))
        guard var state = ports[port] else { return readdress(port, node: nil) }
        switch Int.random(in: 0..<6, using: &chance) {
        case 0:
            ports[port] = nil
            return .delete(port)
        case 1: return readdress(port, node: state.node)
        default:
            guard state.node == nil else {
                state.node = nil
                ports[port] = state
                return .unplug(port)
            }
            guard let node = cloud.nodes.randomElement(using: &chance) else { return nil }
            state.node = node
            ports[port] = state
            return .plug(port, node: node)
        }
    }

    /// An address that no other port of the cloud has.
    private mutating func readdress(_ port: Port, node: String?) -> Act? {
        let taken = Set(ports.filter { $0.key.cloud == port.cloud }.map(\.value.address))
        guard let address = Self.addresses.filter({ !taken.contains($0) }).randomElement(using: &chance) else { return nil }
        ports[port] = State(address: address, node: node)
        return .address(port, address)
    }

    private mutating func move(_ cloud: Scenario.Cloud) -> Act? {
        guard let router = cloud.routers.filter({ $0.gateways.count > 1 }).randomElement(using: &chance) else { return nil }
        let key = "\(cloud.name)/\(router.name)"
        guard let gateway = router.gateways.filter({ $0 != hosts[key] }).randomElement(using: &chance) else { return nil }
        hosts[key] = gateway
        return .move(cloud: cloud.name, router: router.name, to: gateway)
    }

    /// What makes all as it was at first; it counts as done.
    package mutating func ending() -> [Act] {
        defer { ports = [:] }
        var acts = ports.keys.sorted().map(Act.delete)
        for cloud in scenario.clouds {
            for router in cloud.routers {
                guard let first = router.gateways.first, let host = hosts.updateValue(first, forKey: "\(cloud.name)/\(router.name)"),
                    host != first
                else { continue }
                acts.append(.move(cloud: cloud.name, router: router.name, to: first))
            }
        }
        return acts
    }

    /// The last numbers of the addresses that other clouds must have routes to, by cloud.
    package var advertised: [String: Set<Int>] {
        ports.filter { $0.value.node != nil }.reduce(into: [:]) { $0[$1.key.cloud, default: []].insert($1.value.address) }
    }
}

/// Chance that repeats itself (SplitMix64).
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

extension Churn.Act: CustomStringConvertible {
    package var description: String {
        switch self {
        case .address(let port, let number): "\(port) has .\(number)"
        case .delete(let port): "\(port) deleted"
        case .plug(let port, let node): "\(port) plugged at \(node)"
        case .unplug(let port): "\(port) unplugged"
        case .move(let cloud, let router, let gateway): "\(cloud)/\(router) moves to \(gateway)"
        case .kill(let victim, let time): "\(victim.kinds.map(\.rawValue).joined(separator: ", ")) of \(victim.host) killed for \(time) ms"
        case .drift(let host, let damage): "\(damage.rawValue) removed at \(host)"
        }
    }
}

extension Churn.Port: CustomStringConvertible {
    package var description: String { "\(cloud)/churn-\(number)" }
}
