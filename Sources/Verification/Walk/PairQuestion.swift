import FederationModel
import NetworkTypes

/// What an admin wants to have explained: packets of one cloud to another one, and their answers.
package struct PairQuestion: Hashable, Sendable {
    /// A cloud, or one address in it: `tokyo`, `tokyo/10.2.0.11`.
    package struct End: Hashable, Sendable, CustomStringConvertible {
        package var cloud: CloudName
        package var address: IPAddress?

        package init(cloud: CloudName, address: IPAddress? = nil) {
            self.cloud = cloud
            self.address = address
        }

        package var description: String { address.map { "\(cloud)/\($0)" } ?? cloud.text }
    }

    /// Nil: the one that has both ends.
    package var vpn: VPNName?
    package var from: End
    package var to: End

    package init(vpn: VPNName? = nil, from: End, to: End) {
        self.vpn = vpn
        self.from = from
        self.to = to
    }
}

/// The answer: the way of the packets, and the way of their answers.
package struct PairExplanation: Hashable, Sendable, Codable {
    /// Packets of `from` to `to`.
    package var forth: PairWalk
    /// Their answers; nil where the policy does not connect the clouds in this direction.
    package var back: PairWalk?

    package init(forth: PairWalk, back: PairWalk?) {
        self.forth = forth
        self.back = back
    }
}

/// Why a question has no answer.
package enum PairQuestionError: Error, Hashable, Sendable {
    /// No VPN lets `from` reach `to`.
    case notConnected(from: CloudName, to: CloudName, vpn: VPNName?)
    /// Several VPNs have both ends.
    case ambiguous([VPNName])
    /// The cloud has no prefix in these VPNs that holds the address.
    case noPrefix(PairQuestion.End, [VPNName])
    /// The import filter of the other cloud denies the prefix that holds the address.
    case denied(PairQuestion.End, IPPrefix, by: CloudName, VPNName)

    package var reason: String {
        switch self {
        case .notConnected(let from, let to, let vpn?): "VPN \(vpn) does not let \(from) reach \(to)"
        case .notConnected(let from, let to, nil): "no VPN lets \(from) reach \(to)"
        case .ambiguous(let vpns): "several VPNs have both ends: \(vpns.map(\.text).joined(separator: ", "))"
        case .noPrefix(let end, let vpns):
            "\(end.cloud) has no prefix in \(vpns.map { "VPN \($0)" }.joined(separator: ", ")) that holds \(end.address?.description ?? "it")"
        case .denied(_, let prefix, let cloud, let vpn): "the import filter of \(cloud) in VPN \(vpn) denies \(prefix)"
        }
    }

    package var remedy: String {
        switch self {
        case .notConnected: "`fedctl get vpns` shows the VPNs and their clouds"
        case .ambiguous(let vpns): "name one: --vpn \(vpns.first?.text ?? "NAME")"
        case .noPrefix(let end, let vpns):
            "`fedctl routes --cloud \(end.cloud)\(vpns.count == 1 ? " --vpn \(vpns[0])" : "")` shows what it has"
        case .denied(_, _, let cloud, let vpn): "that is as the federation file has it: “import” under “filters” of \(cloud) in VPN \(vpn)"
        }
    }
}
