import FederationModel
import NetworkTypes

extension FileWalk {
    /// The VPN that a policy is read for.
    struct PolicyScope {
        var vpn: VPNName
        /// The clouds that have attachments.
        var members: Set<CloudName>
        let context: VPNContext

        /// What could not be read may have been picked.
        var knowsAll: Bool { context.clouds.count == context.declared.count && !members.isEmpty }

        func picksAny(_ pick: CloudPick) -> Bool {
            members.contains { member in context.clouds[member].map { pick.picks(member, $0) } ?? false }
        }
    }

    /// A pattern's name, or `{pattern: {…}}` with what it needs.
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
            let reason = "the hubs would take the spokes' Internet traffic"
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
                reason: "the partial mesh \(scope.vpn) has no edges, and nobody reaches anybody",
                remedy: "add some, like “policy: {partial-mesh: {edges: [{between: [paris, tokyo]}]}}”")
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
                    at: between.place, path: between.path, reason: "an edge is between two, and this has \(elements.count)",
                    remedy: "write it like “between: [paris, tokyo]”; all clouds of a label among themselves are twice the same label")
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
                at: ends[1].place, path: ends[1].path, value: cloud.text, reason: "the edge joins \(cloud) with itself",
                remedy: "write another cloud; what is attached inside one cloud always reaches itself")
            return nil
        }
        return PolicyEdge(from: picks[0], to: picks[1], isOneWay: choice != ["between"])
    }

    /// A cloud's name, or labels. Says where nothing is picked.
    private mutating func pick(of item: Item, in scope: PolicyScope) -> CloudPick? {
        let pick: CloudPick
        if item.node.mapping == nil {
            guard let cloud = declaredCloud(of: item, scope.context.declared) else { return nil }
            pick = .cloud(cloud)
        } else {
            guard let labels = labels(of: item) else { return nil }
            guard !labels.isEmpty else {
                report(
                    at: item.place, path: item.path, reason: "no label is given, and every cloud would be picked",
                    remedy: "write the label of the clouds, like “{region: eu}”")
                return nil
            }
            pick = .labels(labels)
        }
        if scope.knowsAll, !scope.picksAny(pick) {
            report(
                .warning, at: item.place, path: item.path, value: pick.flow,
                reason: "\(pick.flow) picks no cloud that has attachments in \(scope.vpn)",
                remedy: "attach something there, or take the edge out")
        }
        return pick
    }

    // MARK: Roles

    /// - Parameter places: Of each attachment that the file has, nil for those that are not in `vpn`.
    mutating func checkRoles(of vpn: VPN, _ places: [Item?], _ policy: VPNPolicy, at policyItem: Item, vpn item: Item) {
        var first: [CloudName: (role: AttachmentRole, line: Int)] = [:]
        for (attachment, place) in zip(vpn.attachments, places.compactMap { $0 }) {
            let (cloud, role) = (attachment.cloud, attachment.role)
            if [.hub, .spoke].contains(role), policy.pattern != .hubAndSpoke {
                report(
                    at: place.place, path: place.path, value: role.rawValue,
                    reason: "a \(policy.pattern.rawValue) has no \(role.rawValue)s, and \(cloud) is to be one",
                    remedy: "write “policy: hub-and-spoke”, or leave the role out")
            }
            if let earlier = first[cloud], earlier.role != role {
                report(
                    at: place.place, path: place.path, value: role.rawValue,
                    reason: "\(cloud) is “\(role.rawValue)” in \(item.name), and “\(earlier.role.rawValue)” on line \(earlier.line)",
                    remedy: "give all attachments of a cloud the same role: they share a VRF")
            } else {
                first[cloud] = (role, place.place.line)
            }
        }
        let isWhole = !places.isEmpty && places.allSatisfy { $0 != nil }
        if policy.pattern == .hubAndSpoke, isWhole, !first.values.contains(where: { $0.role == .hub }) {
            report(
                at: policyItem.place, path: policyItem.path, reason: "\(item.name) has no hub, and spokes reach nobody else",
                remedy: "add “role: hub” to the attachments of the clouds that everybody reaches")
        }
    }
}

extension CloudPick {
    /// As the file has it.
    fileprivate var flow: String {
        switch self {
        case .cloud(let name): name.text
        case .labels(let labels): "{" + labels.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }
}
