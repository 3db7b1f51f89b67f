/// JSON that is the same for equal values, byte for byte, in every process: keys of objects are sorted, and so are the members of sets and
/// the pairs of dictionaries whose keys are no strings, which Swift keeps in an order of chance. `JSONDecoder` reads it.
enum CanonicalJSON {
    static func text(of value: some Encodable) throws -> String {
        var text = ""
        try JSONValue(encoding: value).write(to: &text)
        return text
    }
}

/// A JSON value that is being put together.
final class JSONValue {
    enum Content {
        case empty
        /// As it is written.
        case scalar(String)
        case object([String: JSONValue])
        case array([JSONValue])
    }

    var content = Content.empty

    init(_ content: Content = .empty) { self.content = content }

    convenience init(encoding value: some Encodable) throws {
        self.init()
        try value.encode(to: CanonicalEncoder(self, codingPath: []))
        try sort(as: value)
    }

    /// Puts what has no order of its own into one.
    private func sort(as value: Any) throws {
        guard case .array(let members) = content else { return }
        if value is any UnorderedSet {
            content = .array(members.map { ($0.text, $0) }.sorted { $0.0 < $1.0 }.map(\.1))
        } else if value is any UnorderedDictionary {
            let pairs = stride(from: 0, to: members.count - 1, by: 2).map { (members[$0].text, [members[$0], members[$0 + 1]]) }
            content = .array(pairs.sorted { $0.0 < $1.0 }.flatMap(\.1))
        }
    }

    var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    func write(to text: inout String) {
        switch content {
        case .empty: text += "{}"
        case .scalar(let scalar): text += scalar
        case .array(let members):
            text += "["
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                member.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, (key, member)) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { text += "," }
                text += "\(Self.quoted(key)):"
                member.write(to: &text)
            }
            text += "}"
        }
    }

    /// As a JSON string (RFC 8259, section 7).
    static func quoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

/// What Swift keeps in an order of chance.
private protocol UnorderedSet {}
private protocol UnorderedDictionary {}
extension Set: UnorderedSet {}
extension Dictionary: UnorderedDictionary {}
