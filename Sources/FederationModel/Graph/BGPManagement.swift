/// Who writes `router bgp` and its EVPN sessions.
package enum BGPManagement: String, Hashable, Sendable, Codable, CaseIterable {
    /// The agent.
    case agent
    /// The operator; the agent adds VRFs only.
    case external
}
