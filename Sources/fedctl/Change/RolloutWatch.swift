import Federation
import FederationAPI
import FederationModel
import FederationViews

/// Whether the agents did what a revision asks of them: what is waited for, and how far each gateway is.
///
/// A resource that an agent has to apply is done when the agent says so. Of a VPN that is taken from a gateway agents say nothing; there
/// it counts that the agent was told.
struct RolloutWatch: Hashable, Sendable {
    /// One gateway that has something to do.
    struct Row: Hashable, Sendable, Encodable {
        enum State: String, Hashable, Sendable, Encodable {
            case applied, pending, rejected
            /// There is something to do, and the agent is not there (`Presence`).
            case silent
            case neverConnected = "never-connected"

            var isAway: Bool { self == .silent || self == .neverConnected }
            var word: String { rawValue.replacing("-", with: " ") }
        }

        struct RefusedResource: Hashable, Sendable, Encodable {
            var resource: ResourceName
            var reason: String
        }

        var gateway: GatewayID
        var state: State
        /// Of the resources that change.
        var applied: Int
        var total: Int
        /// The resources that are neither applied nor rejected. Sorted.
        var missing: [ResourceName]
        var rejections: [RefusedResource]
        /// In milliseconds: how long the wait was until it was done, or is by now; of an agent that is away since when, nil if it never came.
        var duration: Int64?

        /// Nothing more comes by itself.
        var isDone: Bool { state == .applied || (state == .rejected && missing.isEmpty) }
    }

    /// The revision that was waited for, by its number.
    let revision: UInt64
    /// By gateway.
    private(set) var rows: [Row] = []
    /// The latest that was heard.
    private(set) var status: FederationStatus?

    /// VNIs changed meanwhile, step by step: each is a revision of the coordinator’s own.
    private(set) var hasChangedVNIs = false

    private var watched: [GatewayID: Set<ResourceName>] = [:]
    private var doneAt: [GatewayID: Int64] = [:]

    /// - Parameter plan: what was made; what else agents have not applied is waited for too.
    init(revision: UInt64, plan: Plan? = nil) {
        self.revision = revision
        for change in plan?.gateways ?? [] { watched[change.gateway, default: []].insert(change.resource) }
    }

    /// - Parameters:
    ///   - elapsed: milliseconds since the wait began.
    ///   - now: milliseconds since 1970.
    mutating func take(_ status: FederationStatus, after elapsed: Int64, now: Int64) {
        self.status = status
        if !status.vniChanges.isEmpty { hasChangedVNIs = true }
        for agent in status.agents {
            for resource in agent.resources where resource.isPending { watched[agent.gateway, default: []].insert(resource.resource) }
        }
        let agents = Dictionary(status.agents.map { ($0.gateway, $0) }) { first, _ in first }
        rows = watched.sorted { $0.key < $1.key }.map { gateway, names in
            var row = Row(gateway, names, agents[gateway])
            if row.isDone {
                doneAt[gateway] = doneAt[gateway] ?? elapsed
            } else {
                doneAt[gateway] = nil
            }
            row.duration = row.state.isAway ? agents[gateway]?.lastSeen.map { max(0, now - $0) } : doneAt[gateway] ?? elapsed
            return row
        }
    }

    /// Every resource has its answer, and nothing more comes by itself.
    var isDone: Bool { status != nil && rows.allSatisfy(\.isDone) && (vniChanges.isEmpty || !rejected.isEmpty) }

    /// Those that go on by themselves. On probation they wait for the admin.
    var vniChanges: [VNIProgress] { status?.pendingCommit == nil ? status?.vniChanges ?? [] : [] }

    var rejected: [Row] { rows.filter { $0.state == .rejected } }
    /// Gateways that did not answer yet.
    var missing: [Row] { rows.filter { !$0.missing.isEmpty } }

    var exitStatus: ExitStatus { !rejected.isEmpty ? .error : isDone ? .ok : .changesPending }
}

extension RolloutWatch.Row {
    /// - Parameter agent: nil: the graph does not have the gateway any more, and nobody is connected.
    fileprivate init(_ gateway: GatewayID, _ names: Set<ResourceName>, _ agent: AgentStatus?) {
        let resources = Dictionary((agent?.resources ?? []).map { ($0.resource, $0) }) { first, _ in first }
        var missing: [ResourceName] = []
        var rejections: [RefusedResource] = []
        for name in names.sorted() {
            // What the agent is not asked for any more, and does not have, is done.
            guard let progress = resources[name]?.progress else { continue }
            if case .rejected(let reason) = progress.state {
                rejections.append(RefusedResource(resource: name, reason: reason))
            } else if progress.isOpen {
                missing.append(name)
            }
        }
        let presence = agent?.presence ?? .neverConnected
        let waiting: State = presence == .connected ? .pending : presence == .silent ? .silent : .neverConnected
        self.init(
            gateway: gateway, state: !rejections.isEmpty ? .rejected : missing.isEmpty ? .applied : waiting,
            applied: names.count - missing.count - rejections.count, total: names.count, missing: missing, rejections: rejections)
    }
}
