import FederationModel
import NetworkTypes

/// A cloud in a VPN as in the graph; without allocated values.
struct Member: Hashable, Sendable {
    var cloud: CloudName
    /// The role of its own attachments; nil for a cloud that is here only because another VPN shares into this one.
    var role: AttachmentRole?
    /// Whether another VPN's prefixes are shared here: all members may reach them.
    var isServing: Bool
    /// Sorted, each once.
    var attachments: [AttachmentIntent]

    /// Whether it imports at all; applies to the policy's targets and to raw targets.
    var learns: Bool { role != .exportOnly }
    var advertises: Bool { role != .importOnly }
    /// Whether it is here only through shares: it reaches the members, but no other guest.
    var isGuest: Bool { role == nil }

    /// By cloud.
    static func members(of name: VPNName, in graph: FederationGraph, _ shares: IncomingShares) -> [Member] {
        guard let vpn = graph.vpns[name] else { return [] }
        var members: [CloudName: Member] = [:]
        members.reserveCapacity(vpn.attachments.count)
        for attachment in vpn.attachments where graph.clouds[attachment.cloud] != nil {
            let intent = AttachmentIntent(selector: attachment.selector, advertise: attachment.advertise, export: attachment.export)
            if var member = members.removeValue(forKey: attachment.cloud) {
                // A file has one role per cloud; of two, the choice must not depend on their order.
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
    /// The targets needed by a VPN's policy.
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
