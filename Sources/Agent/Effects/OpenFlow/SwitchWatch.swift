import EVPN
import FederationModel
import Logging
import NetworkTypes
import OpenFlow

/// Looks at what of others in Open vSwitch takes tenants' packets, beside the loop: ovs-vswitchd may be busy, and nothing waits for that.
package actor SwitchWatch {
    /// Between two looks.
    static let interval = Duration.seconds(4)
    private static let limit = Duration.seconds(3)

    private let directory: String
    private let tracking: ConnectionTracking
    private let said: SaidReasons
    private var dueAt: ContinuousClock.Instant = .now
    private var isLooking = false
    /// By index of the VPN.
    private(set) package var problems: [Int: [Problem]] = [:]
    private(set) package var nodeProblems: [Problem] = [] { didSet { said.say(nodeProblems.first?.message, Self.topic) } }
    private static let topic = SaidReasons.Topic(
        failing: "connection tracking", working: "the connection tracking has room again")

    /// - Parameter directory: of ovs-vswitchd's sockets.
    package init(directory: String, tracking: ConnectionTracking? = nil, log: Logger) {
        self.directory = directory
        self.tracking = tracking ?? ConnectionTracking(directory: directory)
        said = SaidReasons(log)
    }

    /// - Parameter flows: ours, by bridge.
    package func look(_ flows: [String: Set<Flow>], routerMAC: MACAddress, at now: ContinuousClock.Instant = .now) async {
        guard !isLooking, now >= dueAt else { return }
        (isLooking, dueAt) = (true, now + Self.interval)
        defer { isLooking = false }
        var found: [Int: [Problem]] = [:]
        for (bridge, ours) in flows.sorted(by: { $0.key < $1.key }) where !ours.isEmpty {
            // What was seen stands while nothing is seen; that the switch is silent is told elsewhere.
            guard let contest = await contest(on: bridge) else { return }
            found.merge(contest.problems(of: ours, routerMAC: routerMAC)) { $0 + $1 }
        }
        problems = found
        nodeProblems = await tracking.problems()
    }

    private func contest(on bridge: String) async -> SwitchContest? {
        let client = OpenFlowClient(path: "\(directory)/\(bridge).mgmt", limit: Self.limit)
        do {
            return SwitchContest(
                bridge: bridge,
                rules: try await client.rules(from: Designer.leastPriority, except: Flow.cookieMark, mask: Flow.cookieMask),
                ports: try await client.ports())
        } catch {
            return nil
        }
    }
}
