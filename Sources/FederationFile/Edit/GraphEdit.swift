import FederationModel
import NetworkTypes
import Yams

extension FederationGraph {
    /// The graph with keys of one object set. The result is read like a file, with the same checks.
    ///
    /// - Parameter creating: whether the object must be new; otherwise it must exist.
    package func setting(_ assignments: [Assignment], of object: GraphObject, creating: Bool = false) throws(EditError) -> FederationGraph {
        if creating, object.isIn(self) {
            throw EditError("\(object) already exists", remedy: "change it with fedctl set \(object.words) KEY=VALUE")
        }
        if !creating { try require(object, else: "create it with fedctl create \(object.words) KEY=VALUE") }
        try requireEachKeyOnce(assignments)
        let text = FederationYAML.write(self)
        guard var root = (try? YAMLDocument(text))?.root else {
            throw EditError(
                "the graph cannot be edited by key", remedy: "edit the file: fedctl export > FILE, then fedctl apply -f FILE")
        }
        if creating { root.set(.mapping([:]), at: object.keys[...]) }
        for assignment in assignments {
            var value: Node?
            if !assignment.value.isEmpty {
                do {
                    value = try YAMLDocument(assignment.value).root
                } catch {
                    throw EditError("\(assignment): \(error.reason)", remedy: error.remedy)
                }
            }
            root.set(value, at: (object.keys + assignment.keys)[...])
        }
        guard let edited = try? Yams.serialize(node: root) else {
            throw EditError(
                "the settings cannot be written as YAML", remedy: "edit the file: fedctl export > FILE, then fedctl apply -f FILE")
        }
        return try Self.checked(edited)
    }

    /// The graph without one object.
    ///
    /// Deleting a cloud deletes its attachments. Any other reference to the object (edges, shares) is an error.
    package func deleting(_ object: GraphObject) throws(EditError) -> FederationGraph {
        try require(object, else: nil)
        var graph = self
        switch object {
        case .vpn(let name): graph.vpns[name] = nil
        case .gateway(let id): graph.clouds[id.cloud]?.gateways[id.node] = nil
        case .cloud(let name):
            graph.clouds[name] = nil
            for vpn in graph.vpns.keys { graph.vpns[vpn]?.attachments.removeAll { $0.cloud == name } }
        }
        return try Self.checked(FederationYAML.write(graph))
    }

    /// Otherwise the last one would silently win. A key and a key inside of it count as the same key.
    private func requireEachKeyOnce(_ assignments: [Assignment]) throws(EditError) {
        for (position, assignment) in assignments.enumerated() {
            let keys = assignment.keys
            let other = assignments[..<position].first { keys.starts(with: $0.keys) || $0.keys.starts(with: keys) }
            guard let other else { continue }
            throw EditError(
                "“\(keys.joined(separator: "."))” appears twice: \(other) and \(assignment)", remedy: "keep one of them")
        }
    }

    /// - Parameter step: a second remedy.
    private func require(_ object: GraphObject, else step: String?) throws(EditError) {
        guard !object.isIn(self) else { return }
        let names =
            switch object {
            case .cloud: clouds.keys.sorted().map(\.text)
            case .gateway: gateways.map(\.description)
            case .vpn: vpns.keys.sorted().map(\.text)
            }
        let steps = [names.isEmpty ? nil : "choose one of \(names.joined(separator: ", "))", step].compactMap(\.self)
        throw EditError(
            "unknown \(object)",
            remedy: steps.isEmpty ? "list what exists with fedctl get graph" : steps.joined(separator: ", or "))
    }

    private static func checked(_ text: String) throws(EditError) -> FederationGraph {
        let reading = FederationYAML.read(text: text, fileName: "")
        guard let graph = reading.graph else {
            throw EditError(
                problems: reading.errors.map {
                    EditError.Problem(path: $0.path, value: $0.value, reason: $0.reason, remedy: $0.remedy)
                })
        }
        return graph
    }
}

extension Node {
    /// Sets or removes the node at a path of keys; creates mappings on the way.
    fileprivate mutating func set(_ value: Node?, at keys: ArraySlice<String>) {
        guard let key = keys.first else {
            if let value { self = value }
            return
        }
        var mapping = self.mapping ?? [:]
        if keys.count == 1 {
            mapping[Node(key)] = value
        } else if value != nil || mapping[Node(key)] != nil {
            var below = mapping[Node(key)] ?? .mapping([:])
            below.set(value, at: keys.dropFirst())
            mapping[Node(key)] = below
        }
        self = .mapping(mapping)
    }
}
