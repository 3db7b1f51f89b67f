import EVPN
import OVN

extension RouterView {
    /// Its gateway ports on a node, with where they come out there; one whose provider network is not mapped comes out nowhere.
    func exits(at node: LocalNode) -> [(port: GatewayPort, provider: ProviderPort)] {
        gateways(on: node.chassis).compactMap { port in
            port.localnet(mappedBy: node.bridgeMappings).flatMap { localnet in
                node.bridgeMappings[localnet.physicalNetwork].map { bridge in
                    let patch = localnet.patchPort(integrationBridge: node.integrationBridge)
                    return (port, ProviderPort(bridge: bridge, patchPort: patch, vlan: localnet.tag))
                }
            }
        }
    }
}
