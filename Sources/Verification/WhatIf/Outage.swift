import FederationModel
import NetworkTypes

/// Something that might fail.
package enum Outage: TextualValue {
    /// All gateways of a cloud, or the cloud itself.
    case cloud(CloudName)
    /// One gateway node.
    case gateway(GatewayID)
    /// The underlay between two clouds, both ways. BGP goes on where it has another way: by a route server.
    case link(CloudName, CloudName)

    package var description: String {
        switch self {
        case .cloud(let cloud): "cloud \(cloud) down"
        case .gateway(let gateway): "gateway \(gateway) down"
        case .link(let a, let b): "link \(a) \(b) down"
        }
    }

    /// `cloud paris down`, `gateway down paris/gw1`, `link paris tokyo`: “down” may stand anywhere, or nowhere.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        let said = String(text).split(separator: " ").map(String.init).filter { $0 != "down" }
        switch (said.first, said.count) {
        case ("cloud", 2): self = .cloud(try CloudName(parsing: said[1]))
        case ("gateway", 2): self = .gateway(try GatewayID(parsing: said[1]))
        case ("link", 3) where said[1] != said[2]: self = .link(try CloudName(parsing: said[1]), try CloudName(parsing: said[2]))
        default:
            throw ParseError(
                expected: "outage", value: String(text), reason: "“\(text)” is nothing that can fail",
                remedy: "write “cloud NAME down”, “gateway CLOUD/NODE down” or “link CLOUD CLOUD down”")
        }
    }
}

/// What an outage does to one pair.
package struct Impact: Hashable, Sendable, Codable {
    package enum Effect: String, Hashable, Sendable, Codable, CaseIterable {
        /// The pair works now, and would not.
        case lost
        /// OVN has to move a gateway port to another gateway of the cloud, if its router may go there: seconds, then as before.
        case moved
        /// The pair does not work now, or that is not known: an outage takes nothing that is there.
        case broken
    }

    package var vpn: VPNName
    package var origin: CloudName
    package var viewer: CloudName
    package var effect: Effect
    /// One sentence.
    package var reason: String

    package init(vpn: VPNName, origin: CloudName, viewer: CloudName, effect: Effect, reason: String) {
        self.vpn = vpn
        self.origin = origin
        self.viewer = viewer
        self.effect = effect
        self.reason = reason
    }
}
