import NetworkTypes
import Yams

/// What is wrong in a scenario file, and where.
package struct ScenarioProblem: Hashable, Sendable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var column: Int
    package var text: String

    package var description: String { "\(file):\(line):\(column): \(text)" }
}

/// All problems of a file at once.
package struct ScenarioError: Error, CustomStringConvertible {
    package let problems: [ScenarioProblem]
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Walks a YAML tree, strictly: what it does not know is a problem. Problems are collected, not thrown,
/// so that one run of the parser names them all.
final class YAMLReader {
    let file: String
    private(set) var problems: [ScenarioProblem] = []

    init(file: String) { self.file = file }

    func complain(_ text: String, at node: Node?) {
        problems.append(
            ScenarioProblem(file: file, line: node?.mark?.line ?? 1, column: node?.mark?.column ?? 1, text: text))
    }

    /// The document's root; a syntax error is the only problem then.
    func root(of text: String) -> Node? {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
            complain("the file is empty; it needs `spine`, `clouds` and `stages`", at: nil)
        } catch {
            if case YamlError.parser(_, let problem, let mark, _) = error {
                problems.append(ScenarioProblem(file: file, line: mark.line, column: mark.column, text: "invalid YAML: \(problem)"))
            } else {
                complain("invalid YAML: \(error)", at: nil)
            }
        }
        return nil
    }

    /// A mapping with these keys and no others.
    func mapping(_ node: Node, _ what: String, required: [String] = [], optional: [String] = []) -> Fields {
        var fields: [String: Node] = [:]
        guard case .mapping(let mapping) = node else {
            complain("\(what) must be a mapping with \((required + optional).joined(separator: ", "))", at: node)
            return Fields(node: node, values: [:])
        }
        for (key, value) in mapping {
            let name = key.string ?? "?"
            if fields[name] != nil { complain("\(what) has key `\(name)` twice; remove one", at: key) }
            if !required.contains(name), !optional.contains(name) {
                complain("\(what) has no key `\(name)`; its keys are \((required + optional).joined(separator: ", "))", at: key)
            }
            fields[name] = value
        }
        for name in required where fields[name] == nil { complain("\(what) lacks `\(name)`", at: node) }
        return Fields(node: node, values: fields)
    }

    struct Fields {
        let node: Node
        let values: [String: Node]
        subscript(name: String) -> Node? { values[name] }
    }

    /// A mapping from names that the file chooses, in its order.
    func named(_ node: Node?, _ what: String) -> [(name: String, key: Node, value: Node)] {
        guard let node else { return [] }
        guard case .mapping(let mapping) = node else {
            complain("\(what) must be a mapping from names", at: node)
            return []
        }
        var seen: Set<String> = []
        return mapping.map { key, value in
            let name = key.string ?? ""
            if !Self.isName(name) {
                complain("invalid name “\(name)”: must be 1–20 lower-case letters, digits or “-”, beginning with a letter", at: key)
            }
            if !seen.insert(name).inserted { complain("\(what) has key `\(name)` twice; remove one", at: key) }
            return (name, key, value)
        }
    }

    /// Names become parts of namespaces and files.
    static func isName(_ text: String) -> Bool {
        (1...20).contains(text.utf8.count) && text.first?.isLetter == true
            && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }

    func items(_ node: Node?, _ what: String) -> [Node] {
        guard let node else { return [] }
        guard case .sequence(let sequence) = node else {
            complain("\(what) must be a list", at: node)
            return []
        }
        return Array(sequence)
    }

    func string(_ node: Node?, _ what: String) -> String? {
        guard let node else { return nil }
        guard case .scalar(let scalar) = node else {
            complain("\(what) must be a text", at: node)
            return nil
        }
        return scalar.string
    }

    func strings(_ node: Node?, _ what: String) -> [String] { items(node, what).compactMap { string($0, what) } }

    /// A whole number in a range.
    func number(_ node: Node?, _ what: String, in range: ClosedRange<Int>) -> Int? {
        guard let node, let text = string(node, what) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            complain("invalid \(what) “\(text)”: must be \(range.lowerBound)–\(range.upperBound)", at: node)
            return nil
        }
        return number
    }

    func flag(_ node: Node?, _ what: String) -> Bool? {
        guard let node, let text = string(node, what) else { return nil }
        guard text == "true" || text == "false" else {
            complain("invalid \(what) “\(text)”: write true or false", at: node)
            return nil
        }
        return text == "true"
    }

    /// A time, `5s` or `200ms`, in milliseconds.
    func milliseconds(_ node: Node?, _ what: String) -> Int? {
        guard let node, let text = string(node, what) else { return nil }
        let factor = text.hasSuffix("ms") ? 1 : 1000
        let digits = text.hasSuffix("ms") ? text.dropLast(2) : text.hasSuffix("s") ? text.dropLast(1) : ""
        guard let number = Int(digits), (1...3_600_000 / factor).contains(number) else {
            complain("invalid \(what) “\(text)”: write it like 5s or 200ms", at: node)
            return nil
        }
        return number * factor
    }

    /// Whole seconds, rounded up.
    func seconds(_ node: Node?, _ what: String) -> Int? { milliseconds(node, what).map { ($0 + 999) / 1000 } }

    func value<T: TextualValue>(_ node: Node?, _ type: T.Type) -> T? {
        guard let node, let text = string(node, "\(T.self)") else { return nil }
        do {
            return try T(parsing: text)
        } catch {
            complain(error.description, at: node)
            return nil
        }
    }
}
