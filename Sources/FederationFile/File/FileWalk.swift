import Federation
import NetworkTypes
import Yams

/// A walk over the nodes of a document that collects all problems.
struct FileWalk {
    /// A node with its path and the place of its name.
    struct Item {
        var node: Node
        /// `clouds.paris.as`
        var path: String
        /// The last part of the path, as written.
        var name: String
        /// The place of the name, or of the element if it has no name.
        var namePlace: Place
        /// The place of the node.
        var place: Place
        /// The same name appeared before in the mapping. It is checked, but its value is not used.
        var isRepeated = false
    }

    let document: YAMLDocument
    let fileName: String
    private(set) var diagnostics: [Diagnostic] = []
    /// The place of each path; of repeated keys the first.
    private(set) var places: [String: Place] = [:]

    init(_ document: YAMLDocument, fileName: String) {
        self.document = document
        self.fileName = fileName
    }

    /// A reference to another line, ` on line 7`. Empty where the file has no name: an edit by key has no file that anybody could open.
    func otherLine(_ words: String, _ line: Int, _ end: String = "") -> String { fileName.isEmpty ? "" : "\(words) \(line)\(end)" }

    /// Adds a diagnostic; its source line is filled in at the end.
    mutating func report(
        _ severity: Diagnostic.Severity = .error, at place: Place, path: String, value: String? = nil, reason: String, remedy: String
    ) {
        diagnostics.append(
            Diagnostic(
                severity: severity, file: fileName, line: place.line, column: place.column, length: place.length, path: path,
                value: value, reason: reason, remedy: remedy, source: ""))
    }

    mutating func report(_ error: ParseError, at place: Place, path: String) {
        report(
            at: place, path: path, value: error.value, reason: error.summary,
            remedy: error.remedy)
    }

    // MARK: Mappings

    /// The values of a mapping with fixed keys. Reports unknown, repeated and missing keys; nil if it is not a mapping.
    mutating func fields(of item: Item, _ keys: FileKeys) -> [String: Item]? {
        guard let entries = entries(of: item, as: keys.subject, example: keys.example) else { return nil }
        var fields: [String: Item] = [:]
        for entry in entries where !entry.isRepeated {
            guard keys.all.contains(entry.name) else {
                reportUnknown(entry, among: keys)
                continue
            }
            fields[entry.name] = entry
        }
        for key in keys.all where fields[key] == nil {
            guard let remedy = keys.required[key] else { continue }
            report(at: item.namePlace, path: item.path, reason: "missing key “\(key)”", remedy: remedy)
        }
        return fields
    }

    /// The entries of a mapping with free names in file order, including repeated names. An empty value is an empty mapping.
    mutating func entries(of item: Item, as subject: String, example: String) -> [Item]? {
        guard hasPlainTag(item) else { return nil }
        guard case .mapping(let mapping) = item.node else {
            if item.node.isNothing { return [] }
            report(
                at: item.place, path: item.path, value: item.node.scalar?.string,
                reason: "\(subject) must be a mapping of keys to values, not \(item.node.form)",
                remedy: "write it like “\(example)”")
            return nil
        }
        var entries: [Item] = []
        var first: [String: Place] = [:]
        for (key, value) in mapping {
            let place = place(of: key)
            guard let text = key.scalar?.string, !key.isNothing else {
                report(
                    at: place, path: item.path, reason: "a key must be a name, not \(key.form)",
                    remedy: "write a plain name before the colon")
                continue
            }
            let name = document.key(text)
            let path = item.path.isEmpty ? name : "\(item.path).\(name)"
            if let earlier = first[name] {
                report(
                    at: place, path: path, value: name,
                    reason: "“\(shortened(name))” appears twice\(otherLine(", first on line", earlier.line))", remedy: "keep one of them")
            }
            var entry = Item(node: value, path: path, name: name, namePlace: place, place: self.place(of: value))
            entry.isRepeated = first.updateValue(first[name] ?? place, forKey: name) != nil
            places[path] = places[path] ?? (entry.node.isNothing ? place : entry.place)
            entries.append(entry)
        }
        return entries
    }

    private mutating func reportUnknown(_ entry: Item, among keys: FileKeys) {
        let known = keys.all.isEmpty ? "no keys" : keys.all.map { "“\($0)”" }.joined(separator: ", ")
        let remedy: String
        if entry.name == "<<" {
            remedy = "repeat the values: YAML 1.2 has no merge keys"
        } else if let meant = nearMiss(of: entry.name, among: keys.all) {
            remedy = "did you mean “\(meant)”?"
        } else if let home = FileKeys.tables.first(where: { $0.all.contains(entry.name) }) {
            remedy = "“\(entry.name)” belongs to \(home.subject); \(keys.subject) has \(known)"
        } else {
            remedy = "remove it; \(keys.subject) has \(known)"
        }
        report(
            at: entry.namePlace, path: entry.path, value: entry.name,
            reason: "unknown key “\(shortened(entry.name))” in \(keys.subject)", remedy: remedy)
    }

    // MARK: Lists and values

    /// The elements of a list; nil if it is not a list. An empty value is an empty list.
    mutating func elements(of item: Item, example: String) -> [Item]? {
        guard hasPlainTag(item) else { return nil }
        guard case .sequence(let sequence) = item.node else {
            if item.node.isNothing { return [] }
            report(
                at: item.place, path: item.path, value: item.node.scalar?.string,
                reason: "“\(item.name)” must be a list, not \(item.node.form)", remedy: "write it like “\(example)”")
            return nil
        }
        return sequence.enumerated().map { index, node in
            let place = place(of: node)
            let path = "\(item.path)[\(index)]"
            places[path] = places[path] ?? place
            return Item(node: node, path: path, name: "\(item.name)[\(index)]", namePlace: place, place: place)
        }
    }

    /// A value's text; nil, with a report, if it is empty or not a value.
    mutating func text(of item: Item, remedy: String = "write a value, or remove the key") -> String? {
        guard hasPlainTag(item) else { return nil }
        guard case .scalar(let scalar) = item.node else {
            report(
                at: item.place, path: item.path, reason: "“\(item.name)” must be one value, not \(item.node.form)",
                remedy: item.node.isTemplate
                    ? "render the template first: YAML reads “{{ … }}” as a mapping" : "write it after the colon, on the same line")
            return nil
        }
        guard !item.node.isNothing, !scalar.string.isEmpty else {
            report(at: item.namePlace, path: item.path, reason: "“\(item.name)” has no value", remedy: remedy)
            return nil
        }
        if let hidden = scalar.string.unicodeScalars.first(where: \.isHiddenInText) {
            report(
                at: item.place, path: item.path,
                reason: "“\(item.name)” contains the invisible character U+\(hidden.hexadecimal)",
                remedy: "remove control characters and direction marks")
            return nil
        }
        return scalar.string
    }

    mutating func value<Value: TextualValue>(of item: Item, as type: Value.Type = Value.self) -> Value? {
        guard let text = text(of: item) else { return nil }
        do {
            return try Value(parsing: text)
        } catch {
            report(error, at: item.place, path: item.path)
            return nil
        }
    }

    /// The typed name of an entry.
    mutating func name<Name: TextualValue>(of item: Item, as type: Name.Type = Name.self) -> Name? {
        do {
            return try Name(parsing: item.name)
        } catch {
            report(error, at: item.namePlace, path: item.path)
            return nil
        }
    }

    /// One of a fixed set of words.
    mutating func word<Word: RawRepresentable & CaseIterable>(of item: Item, as type: Word.Type = Word.self) -> Word?
    where Word.RawValue == String {
        guard let text = text(of: item) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        report(
            at: item.place, path: item.path, value: text, reason: "unknown \(item.name) \(cited(text))",
            remedy: nearMiss(of: text, among: words).map { "did you mean “\($0)”?" }
                ?? "write \(words.map { "“\($0)”" }.joined(separator: " or "))")
        return nil
    }

    // MARK: Places

    func place(of node: Node) -> Place {
        guard let mark = node.mark else { return .start }
        guard case .scalar(let scalar) = node else { return Place(mark) }
        let quotes = [.singleQuoted, .doubleQuoted].contains(scalar.style) ? 2 : 0
        return Place(mark, length: max(1, document.key(scalar.string).unicodeScalars.count + quotes))
    }

    /// A federation file has only strings, mappings and lists; `!!binary` and similar tags would change the meaning.
    private mutating func hasPlainTag(_ item: Item) -> Bool {
        let tag: String
        switch item.node {
        case .scalar(let scalar): tag = scalar.tag.rawValue
        case .mapping(let mapping): tag = mapping.tag.rawValue
        case .sequence(let sequence): tag = sequence.tag.rawValue
        case .alias: tag = ""
        }
        let plain = ["", "!", "str", "int", "map", "seq"]
        guard !plain.contains(tag), !plain.contains(where: { tag == "tag:yaml.org,2002:\($0)" }) else { return true }
        report(
            at: item.place, path: item.path, value: tag, reason: "unknown tag “\(shortened(tag))”",
            remedy: "remove the tag")
        return false
    }
}

/// A value for a message, at most 64 characters.
func shortened(_ text: String) -> String { text.count <= 64 ? text : "\(text.prefix(60))…" }

extension Node {
    /// An empty value, or an unquoted YAML null.
    var isNothing: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// `{{ name }}` of Jinja and Helm: in YAML a mapping whose key is a mapping.
    var isTemplate: Bool {
        guard case .mapping(let mapping) = self, mapping.count == 1, let pair = mapping.first else { return false }
        return pair.key.mapping != nil && pair.value.isNothing
    }

    /// Its form, for messages.
    var form: String {
        switch self {
        case .scalar(let scalar): isNothing ? "empty" : "the value “\(shortened(scalar.string))”"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
