import FederationModel
import NetworkTypes

extension FileWalk {
    /// The VPN of a policy.
    struct PolicyScope {
        var vpn: VPNName
        /// The clouds with attachments.
        var members: Set<CloudName>
        let context: VPNContext

        /// An unreadable attachment might match.
        var knowsAll: Bool { context.clouds.count == context.declared.count && !members.isEmpty }

        func picksAny(_ pick: CloudPick) -> Bool {
            members.contains { member in context.clouds[member].map { pick.picks(member, $0) } ?? false }
        }
    }

    /// A pattern's name, or `{pattern: {…}}` with its settings.
    mutating func policy(of item: Item, in scope: PolicyScope) -> VPNPolicy? {
        if item.node.scalar != nil {
            switch word(of: item, as: VPNPolicy.Pattern.self) {
            case nil: return nil
            case .fullMesh: return .fullMesh
            case .hubAndSpoke: return .hubAndSpoke(transit: [])
            case .partialMesh: return .partialMesh(edges(of: nil, policy: item, in: scope))
            }
        }
        guard let fields = fields(of: item, .policy), let name = choice(of: item, fields, .policy)?.first, let body = fields[name],
            let pattern = VPNPolicy.Pattern(rawValue: name)
        else { return nil }
        switch pattern {
        case .fullMesh: return self.fields(of: body, .fullMesh) == nil ? nil : .fullMesh
        case .hubAndSpoke:
            guard let fields = self.fields(of: body, .hubAndSpoke) else { return nil }
            let reason = "the hubs would attract the spokes' Internet traffic"
            return .hubAndSpoke(
                transit: fields["transit"].map {
                    prefixes(of: $0, example: "transit: [10.0.0.0/8]", refusingDefault: reason, scope.context.own)
                } ?? [])
        case .partialMesh:
            guard let fields = self.fields(of: body, .partialMesh) else { return nil }
            return .partialMesh(edges(of: fields["edges"], policy: item, in: scope))
        }
    }

    // MARK: Edges

    private mutating func edges(of item: Item?, policy: Item, in scope: PolicyScope) -> [PolicyEdge] {
        guard let elements = item.map({ elements(of: $0, example: "edges: [{between: [paris, tokyo]}]") }) ?? [] else { return [] }
        if elements.isEmpty {
            report(
                .warning, at: policy.place, path: policy.path,
                reason: "VPN \(scope.vpn) has no edges: its clouds cannot reach each other",
                remedy: "add edges, like “policy: {partial-mesh: {edges: [{between: [paris, tokyo]}]}}”")
        }
        var lines: [PolicyEdge: Int] = [:]
        var edges: [PolicyEdge] = []
        for element in elements {
            guard let edge = edge(of: element, in: scope) else { continue }
            let turned = edge.isOneWay ? edge : PolicyEdge(from: edge.to, to: edge.from)
            if let line = lines[edge] ?? lines[turned] {
                reportTwice(element, "this edge", line)
                continue
            }
            lines[edge] = element.place.line
            edges.append(edge)
        }
        return edges
    }

    private mutating func edge(of item: Item, in scope: PolicyScope) -> PolicyEdge? {
        guard let fields = fields(of: item, .edge), let choice = choice(of: item, fields, .edge) else { return nil }
        let ends: [Item]
        if choice == ["between"], let between = fields["between"] {
            guard let elements = elements(of: between, example: "between: [paris, tokyo]") else { return nil }
            guard elements.count == 2 else {
                report(
                    at: between.place, path: between.path, reason: "“between” must have two ends, has \(elements.count)",
                    remedy: "write it like “between: [paris, tokyo]”; to connect all clouds of one label, write the label twice")
                return nil
            }
            ends = elements
        } else {
            ends = choice.compactMap { fields[$0] }
        }
        let picks = ends.compactMap { pick(of: $0, in: scope) }
        guard picks.count == 2 else { return nil }
        if case .cloud(let cloud) = picks[0], picks[0] == picks[1] {
            report(
                at: ends[1].place, path: ends[1].path, value: cloud.text, reason: "both ends are cloud \(cloud)",
                remedy: "write another cloud; attachments of one cloud always reach each other")
            return nil
        }
        return PolicyEdge(from: picks[0], to: picks[1], isOneWay: choice != ["between"])
    }

    /// A cloud's name, or labels. Reports a pick that matches nothing.
    private mutating func pick(of item: Item, in scope: PolicyScope) -> CloudPick? {
        let pick: CloudPick
        if item.node.mapping == nil {
            guard let cloud = declaredCloud(of: item, scope.context.declared) else { return nil }
            pick = .cloud(cloud)
        } else {
            guard let labels = labels(of: item) else { return nil }
            guard !labels.isEmpty else {
                report(
                    at: item.place, path: item.path, reason: "the label is missing: every cloud would match",
                    remedy: "write the clouds' label, like “{region: eu}”")
                return nil
            }
            pick = .labels(labels)
        }
        if scope.knowsAll, !scope.picksAny(pick) {
            report(
                .warning, at: item.place, path: item.path, value: pick.flow,
                reason: "\(pick.flow) matches no cloud with attachments in VPN \(scope.vpn)",
                remedy: "add an attachment there, or remove the edge")
        }
        return pick
    }

    // MARK: Roles

    /// - Parameter places: One for each attachment in the file; nil if it is not in `vpn`.
    mutating func checkRoles(of vpn: VPN, _ places: [Item?], _ policy: VPNPolicy, at policyItem: Item, vpn item: Item) {
        var first: [CloudName: (role: AttachmentRole, line: Int)] = [:]
        for (attachment, place) in zip(vpn.attachments, places.compactMap { $0 }) {
            let (cloud, role) = (attachment.cloud, attachment.role)
            if [.hub, .spoke].contains(role), policy.pattern != .hubAndSpoke {
                report(
                    at: place.place, path: place.path, value: role.rawValue,
                    reason: "invalid role “\(role.rawValue)” of cloud \(cloud): policy \(policy.pattern.rawValue) has no \(role.rawValue)s",
                    remedy: "write “policy: hub-and-spoke”, or remove the role")
            }
            if let earlier = first[cloud], earlier.role != role {
                report(
                    at: place.place, path: place.path, value: role.rawValue,
                    reason:
                        "cloud \(cloud) has two roles in VPN \(item.name): “\(role.rawValue)” here, “\(earlier.role.rawValue)”\(otherLine(" on line", earlier.line))",
                    remedy: "give all attachments of a cloud the same role, because they share a VRF")
            } else {
                first[cloud] = (role, place.place.line)
            }
        }
        let isWhole = !places.isEmpty && places.allSatisfy { $0 != nil }
        if policy.pattern == .hubAndSpoke, isWhole, !first.values.contains(where: { $0.role == .hub }) {
            report(
                at: policyItem.place, path: policyItem.path, reason: "VPN \(item.name) has no hub: its spokes can reach nobody",
                remedy: "add “role: hub” to the attachments of the hub clouds")
        }
    }
}

extension CloudPick {
    /// As written in the file.
    fileprivate var flow: String {
        switch self {
        case .cloud(let name): name.text
        case .labels(let labels): "{" + labels.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }
}
