import FederationModel
import NetworkTypes
import Yams

extension FederationGraph {
    /// The graph with keys of one thing set, as if they had been written so in the file: the reader of files reads them.
    ///
    /// - Parameter creating: the thing is new; else it must be there.
    package func setting(_ assignments: [Assignment], of object: GraphObject, creating: Bool = false) throws(EditError) -> FederationGraph {
        if creating, object.isIn(self) {
            throw EditError("there is a \(object) already", remedy: "change it: fedctl set \(object.words) KEY=VALUE")
        }
        if !creating { try require(object, else: "make it: fedctl create \(object.words) KEY=VALUE") }
        try requireEachKeyOnce(assignments)
        let text = FederationYAML.write(self)
        guard var root = (try? YAMLDocument(text))?.root else {
            throw EditError(
                "the graph cannot be written and read again", remedy: "edit the file: fedctl export > FILE, then fedctl apply -f FILE")
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

    /// The graph without one thing.
    ///
    /// A cloud takes its attachments with it. What else names it (edges, shares) is an error.
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

    /// The last one would win, and the others would be dropped in silence. A key and what is inside of it are the same key.
    private func requireEachKeyOnce(_ assignments: [Assignment]) throws(EditError) {
        for (position, assignment) in assignments.enumerated() {
            let keys = assignment.keys
            let other = assignments[..<position].first { keys.starts(with: $0.keys) || $0.keys.starts(with: keys) }
            guard let other else { continue }
            throw EditError(
                "“\(keys.joined(separator: "."))” is set twice: \(other) and \(assignment)", remedy: "keep one of them")
        }
    }

    /// - Parameter step: what else may be meant.
    private func require(_ object: GraphObject, else step: String?) throws(EditError) {
        guard !object.isIn(self) else { return }
        let names =
            switch object {
            case .cloud: clouds.keys.sorted().map(\.text)
            case .gateway: gateways.map(\.description)
            case .vpn: vpns.keys.sorted().map(\.text)
            }
        let steps = [names.isEmpty ? nil : "take one of \(names.joined(separator: ", "))", step].compactMap(\.self)
        throw EditError(
            "there is no \(object)",
            remedy: steps.isEmpty ? "see what there is: fedctl get graph" : steps.joined(separator: ", or "))
    }

    private static func checked(_ text: String) throws(EditError) -> FederationGraph {
        let reading = FederationYAML.read(text: text, fileName: "")
        guard let graph = reading.graph else {
            throw EditError(
                problems: reading.errors.map {
                    EditError.Problem(path: $0.path, value: $0.value, reason: withoutLines($0.reason), remedy: $0.remedy)
                })
        }
        return graph
    }
}

/// A sentence about a file, without the lines that it cites: what was edited is in no file that somebody could open.
package func withoutLines(_ sentence: String) -> String {
    sentence.replacing(/,? \(line \d+\)|,? first on line \d+|,? on line \d+/, with: "")
}

extension Node {
    /// Sets or takes out what is at a path of keys; mappings on the way are made.
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
