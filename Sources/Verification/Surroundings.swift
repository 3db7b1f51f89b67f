import FederationModel
import NetworkTypes

/// What the judge of one VPN knows of the rest of the federation.
struct Surroundings {
    let view: FederationView
    /// All gateways of all VPNs.
    let sites: [VPNName: [GatewayID: GatewayInVPN]]
    /// What gateways received, of all VPNs.
    let received: [GatewayID: ReceivedIndex]

    func received(by gateway: GatewayID) -> ReceivedIndex { received[gateway] ?? ReceivedIndex() }
}
