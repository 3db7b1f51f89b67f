import FederationModel
import NetworkTypes

/// A cloud in a VPN, by what the graph says; without any allocated value.
struct Member: Hashable, Sendable {
    var cloud: CloudName
    /// That of its own attachments; a cloud that is here only because another VPN shares something has none.
    var role: AttachmentRole?
    /// Another VPN's prefixes are shared here: everybody may reach them.
    var isServing: Bool
    /// In order, each once.
    var attachments: [AttachmentIntent]

    /// Whether the policy's targets are imported at all; raw targets go with it.
    var learns: Bool { role != .exportOnly }
    var advertises: Bool { role != .importOnly }
    /// Here through shares only: it reaches the members, and no other guest.
    var isGuest: Bool { role == nil }

    /// By cloud.
    static func members(of name: VPNName, in graph: FederationGraph, _ shares: IncomingShares) -> [Member] {
        guard let vpn = graph.vpns[name] else { return [] }
        var members: [CloudName: Member] = [:]
        members.reserveCapacity(vpn.attachments.count)
        for attachment in vpn.attachments where graph.clouds[attachment.cloud] != nil {
            let intent = AttachmentIntent(selector: attachment.selector, advertise: attachment.advertise, export: attachment.export)
            if var member = members.removeValue(forKey: attachment.cloud) {
                // A file has one role for all; of two, the same one whatever their order.
                if let role = member.role, attachment.role.rawValue < role.rawValue { member.role = attachment.role }
                member.attachments.append(intent)
                members[attachment.cloud] = member
            } else {
                members[attachment.cloud] = Member(
                    cloud: attachment.cloud, role: attachment.role, isServing: false, attachments: [intent])
            }
        }
        for guest in shares[name] {
            members[guest.cloud, default: Member(cloud: guest.cloud, role: nil, isServing: true, attachments: [])].isServing = true
            members[guest.cloud]?.attachments += guest.attachments
        }
        var sorted = members.values.sorted { $0.cloud < $1.cloud }
        for index in sorted.indices where sorted[index].attachments.count > 1 {
            sorted[index].attachments = Set(sorted[index].attachments).sorted(by: AttachmentIntent.isOrdered)
        }
        return sorted
    }
}

extension FederationGraph {
    /// The targets that a VPN's policy needs.
    func targetOwners(of name: VPNName, _ shares: IncomingShares) -> [TargetOwner] {
        let guests: [TargetOwner] = shares[name].isEmpty ? [] : [.guests(name)]
        return switch vpns[name]?.policy {
        case nil: []
        case .fullMesh: [.vpn(name)] + guests
        case .hubAndSpoke: [.vpn(name), .spoke(name)] + guests
        case .partialMesh:
            [.vpn(name)] + Member.members(of: name, in: self, shares).map { .cloud(name, $0.cloud) }
        }
    }
}
