import FederationAPI
import FederationModel

/// What one agent has, what it is to have, and what to say next: the deciding half of a session.
///
/// Nothing is queued. The next message is made from the newest intent at the moment when it can be sent, so that a slow
/// agent skips revisions instead of piling them up, and costs no more memory than one entry per resource.
package struct Distribution: Sendable {
    package let gateway: GatewayID
    /// Nil: the graph does not have this gateway (yet).
    private var intent: GatewayIntent?
    private var federation: FederationID
    private var epoch: String
    private let succeeds: [String]
    private var revision: UInt64

    /// What the agent has or will have once it read what was sent.
    private var sent: [ResourceName: ResourceVersion]
    /// What the intent had since the session began.
    private var granted: Set<ResourceName> = []
    /// Resources that differ between `sent` and the intent; sorted, the next one last.
    private var pending: [ResourceName] = []
    private var isWelcomed = false
    /// What names mean in its cloud, and what of that the agent has or will have.
    private var pins: [AttachmentPin]
    private var sentPins: [AttachmentPin] = []
    /// The revision whose end was announced.
    private var completed: UInt64?

    /// - Parameters:
    ///   - hello: what the agent holds.
    ///   - current: the revision in force.
    ///   - pins: what names mean in its cloud.
    ///   - succeeds: epochs that its database takes the place of.
    package init(gateway: GatewayID, hello: Hello, current: Revision, pins: [AttachmentPin] = [], succeeds: [String] = []) {
        self.gateway = gateway
        self.pins = pins
        federation = current.federation
        epoch = current.epoch
        self.succeeds = succeeds
        revision = current.number
        intent = current.intents[gateway]
        sent = hello.held
        compare()
    }

    /// A new revision is in force; older ones are ignored.
    package mutating func revise(_ current: Revision) {
        guard current.number > revision else { return }
        federation = current.federation
        revision = current.number
        intent = current.intents[gateway]
        compare()
    }

    /// The meaning of names in its cloud has changed.
    package mutating func revise(_ pins: [AttachmentPin]) { self.pins = pins }

    /// Whether the agent may say anything of a resource: it is to have it, or was to have it since the session began. What is taken away may
    /// come back before the agent hears of either, and then it tells nothing anew.
    package func includes(_ resource: ResourceName) -> Bool { resource == .base || granted.contains(resource) }

    /// Whether the agent has a resource, or was sent it and not told since that it is gone.
    package func hasSent(_ resource: ResourceName) -> Bool { sent[resource] != nil }

    /// Whether the agent was not told everything yet.
    package var isBehind: Bool { !isWelcomed || !pending.isEmpty || completed != revision }

    /// The next message; nil where the agent was told everything.
    package mutating func next() -> CoordinatorMessage? {
        guard isWelcomed else {
            isWelcomed = true
            return .welcome(Welcome(federation: federation, epoch: epoch, revision: revision, gateway: gateway, succeeds: succeeds))
        }
        // Before the VPNs that have the names: a new gateway must not find out by itself.
        if pins != sentPins {
            sentPins = pins
            return .pins(pins)
        }
        while let resource = pending.popLast() {
            switch resource {
            case .base:
                guard let base = intent?.base else { continue }
                sent[.base] = base.version
                return .base(base)
            case .vpn(let name):
                guard let vpn = intent?.vpns[name] else {
                    sent[resource] = nil
                    return .vpnRemoved(name)
                }
                sent[resource] = vpn.version
                return .vpn(vpn)
            }
        }
        guard completed != revision else { return nil }
        completed = revision
        return .complete(revision: revision)
    }

    /// Finds what differs. The base comes first, because VPNs stand on it; then removals, because a VPN may take over the
    /// VNI of one that goes.
    private mutating func compare() {
        let intended = intent?.versions ?? [:]
        granted.formUnion(intended.keys)
        let removed = sent.keys.filter { intended[$0] == nil && $0 != .base }
        let changed = intended.keys.filter { intended[$0] != sent[$0] }
        pending = (changed.filter { $0 == .base } + removed.sorted() + changed.filter { $0 != .base }.sorted()).reversed()
    }
}
