import FederationModel

/// What the coordinator says in an agent's session (agent.proto).
package enum CoordinatorMessage: Hashable, Sendable, Codable {
    /// Always the first, and only then.
    case welcome(Welcome)
    case base(BaseIntent)
    case vpn(VPNIntent)
    /// A VPN that this release cannot read, in this version; what was in force of it stays.
    case unreadableVPN(VPNName, ResourceVersion, reason: String)
    case vpnRemoved(VPNName)
    /// What the names of this cloud's attachments mean, all of them; before any VPN, and whenever it changes.
    case pins([AttachmentPin])
    /// Everything of this revision that concerns the gateway was sent.
    case complete(revision: UInt64)
}

/// Whom the agent speaks to, and for whom it is taken.
package struct Welcome: Hashable, Sendable, Codable {
    package var federation: FederationID
    package var epoch: String
    package var revision: UInt64
    package var gateway: GatewayID
    /// Epochs of the databases that this one was restored from and takes the place of.
    package var succeeds: [String]

    package init(federation: FederationID, epoch: String, revision: UInt64, gateway: GatewayID, succeeds: [String] = []) {
        self.federation = federation
        self.epoch = epoch
        self.revision = revision
        self.gateway = gateway
        self.succeeds = succeeds
    }
}
