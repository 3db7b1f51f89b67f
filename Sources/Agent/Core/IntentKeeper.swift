import FederationAPI
import FederationModel

/// Keeps the intent in force: takes resources as they come, refuses a coordinator that went back in time, and knows what to
/// acknowledge. Losing the coordinator changes nothing here.
package struct IntentKeeper: Hashable, Sendable, Codable {
    /// Why a coordinator is refused; the intent in force stays.
    package enum Refusal: Error, Hashable, Sendable, Codable, CustomStringConvertible {
        case otherEpoch(held: String, offered: String)
        case olderRevision(held: UInt64, offered: UInt64)
        case otherGateway(held: GatewayID, offered: GatewayID)

        package var description: String {
            switch self {
            case .otherEpoch(let held, let offered):
                "the coordinator has a different database (epoch \(offered), held \(held)): if it was restored from a backup, “fedctl adopt” makes all agents accept it; to accept it on this node only, restart the agent with --accept-new-epoch"
            case .olderRevision(let held, let offered):
                "the coordinator is at revision \(offered), this node at \(held): the coordinator runs on an old copy of its database; restore the newest one with “fed-coordinator restore” and adopt it, or restart the agent with --accept-new-epoch"
            case .otherGateway(let held, let offered):
                "the certificate is for \(offered), the stored intent for \(held): give each agent its own state directory"
            }
        }
    }

    /// A version of a VPN that cannot be read, and why.
    package struct Unreadable: Hashable, Sendable, Codable {
        package var version: ResourceVersion
        package var reason: String
    }

    /// Nil until the base is known: nothing can be done without it.
    package private(set) var intent: GatewayIntent?
    /// Whether the intent names all VPNs of this gateway. While it is being sent for the first time it does not, and what it does
    /// not name yet must not be taken down.
    package private(set) var isComplete: Bool
    /// VPNs that were sent in a form that this release cannot read. What was in force of them stays.
    package private(set) var unreadable: [VPNName: Unreadable] = [:]
    private var welcome: Welcome?
    private var base: BaseIntent?
    private var vpns: [VPNName: VPNIntent]
    private var revision: UInt64
    private var acceptsNewEpoch: Bool

    package init(stored: GatewayIntent?, acceptsNewEpoch: Bool = false) {
        intent = stored
        isComplete = stored != nil
        base = stored?.base
        vpns = stored?.vpns ?? [:]
        revision = stored?.revision ?? 0
        self.acceptsNewEpoch = acceptsNewEpoch
    }

    package func hello(software: String) -> Hello {
        var held: [ResourceName: ResourceVersion] = [:]
        if let base { held[.base] = base.version }
        for vpn in vpns.values { held[.vpn(vpn.name)] = vpn.version }
        return Hello(software: software, epoch: intent?.epoch, revision: revision, held: held)
    }

    /// - Returns: whether the intent in force changed.
    /// - Throws: `Refusal`: the session must end, and what is in force stays.
    package mutating func receive(_ message: CoordinatorMessage) throws(Refusal) -> Bool {
        let before = intent
        switch message {
        case .welcome(let offered):
            try check(offered)
            welcome = offered
            // Whatever still differs is sent again.
            unreadable = [:]
        case .base(let resource): base = resource
        case .vpn(let resource): (vpns[resource.name], unreadable[resource.name]) = (resource, nil)
        case .unreadableVPN(let name, let version, let reason): unreadable[name] = Unreadable(version: version, reason: reason)
        case .vpnRemoved(let name): (vpns[name], unreadable[name]) = (nil, nil)
        // Not of the intent: what was found in the cloud.
        case .pins: break
        case .complete(let completed):
            revision = completed
            acceptsNewEpoch = false
            // If a VPN cannot be read and has no version in force, the agent cannot tell which objects on the node belong to it.
            isComplete = isComplete || (base != nil && unreadable.keys.allSatisfy { vpns[$0] != nil })
        }
        rebuild()
        return intent != before
    }

    private mutating func check(_ offered: Welcome) throws(Refusal) {
        guard let intent else { return }
        if intent.gateway != offered.gateway { throw .otherGateway(held: intent.gateway, offered: offered.gateway) }
        if acceptsNewEpoch || offered.succeeds.contains(intent.epoch) {
            // Until it is complete, the next session may offer the same again.
            revision = 0
            return
        }
        if intent.epoch != offered.epoch { throw .otherEpoch(held: intent.epoch, offered: offered.epoch) }
        if offered.revision < revision { throw .olderRevision(held: revision, offered: offered.revision) }
    }

    private mutating func rebuild() {
        guard let base else { return }
        guard let gateway = welcome?.gateway ?? intent?.gateway, let federation = welcome?.federation ?? intent?.federation,
            let epoch = welcome?.epoch ?? intent?.epoch
        else { return }
        intent = GatewayIntent(federation: federation, epoch: epoch, revision: revision, gateway: gateway, base: base, vpns: vpns)
    }
}
