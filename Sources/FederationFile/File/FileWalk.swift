import Federation
import NetworkTypes
import Yams

/// A walk over the nodes of a document that collects everything that is wrong and goes on.
struct FileWalk {
    /// A node, how one comes to it, and where its name stands.
    struct Item {
        var node: Node
        /// `clouds.paris.as`
        var path: String
        /// The last part of the path, as the file has it.
        var name: String
        /// Where the name stands; the element itself where it has none.
        var namePlace: Place
        /// Where the node stands.
        var place: Place
        /// Its name stood before in the same mapping, which is reported. It is read for its own mistakes, and nothing becomes of it.
        var isRepeated = false
    }

    let document: YAMLDocument
    let fileName: String
    private(set) var diagnostics: [Diagnostic] = []
    /// Where each path stands; of values given twice the first.
    private(set) var places: [String: Place] = [:]

    init(_ document: YAMLDocument, fileName: String) {
        self.document = document
        self.fileName = fileName
    }

    /// Notes a finding; the source line is filled in at the end, when it is known that it is needed.
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
            at: place, path: path, value: error.value, reason: "“\(shortened(error.value))” is no \(error.expected): \(error.reason)",
            remedy: error.remedy)
    }

    // MARK: Mappings

    /// The values of a mapping with fixed keys. Reports unknown, repeated and missing keys; nil where it is no mapping.
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
            report(at: item.namePlace, path: item.path, reason: "“\(key)” is missing", remedy: remedy)
        }
        return fields
    }

    /// The entries of a mapping with free names, in the file's order, those too whose name is given again. Nothing at all is an empty mapping.
    mutating func entries(of item: Item, as subject: String, example: String) -> [Item]? {
        guard hasPlainTag(item) else { return nil }
        guard case .mapping(let mapping) = item.node else {
            if item.node.isNothing { return [] }
            report(
                at: item.place, path: item.path, value: item.node.scalar?.string,
                reason: "\(subject) is a mapping of keys to values, and this is \(item.node.form)",
                remedy: "write it like “\(example)”")
            return nil
        }
        var entries: [Item] = []
        var first: [String: Place] = [:]
        for (key, value) in mapping {
            let place = place(of: key)
            guard let text = key.scalar?.string, !key.isNothing else {
                report(
                    at: place, path: item.path, reason: "a key is a name, and this is \(key.form)",
                    remedy: "write a plain name before the colon")
                continue
            }
            let name = document.key(text)
            let path = item.path.isEmpty ? name : "\(item.path).\(name)"
            if let earlier = first[name] {
                report(
                    at: place, path: path, value: name,
                    reason: "“\(shortened(name))” is given twice, first on line \(earlier.line)", remedy: "keep one of them")
            }
            var entry = Item(node: value, path: path, name: name, namePlace: place, place: self.place(of: value))
            entry.isRepeated = first.updateValue(first[name] ?? place, forKey: name) != nil
            places[path] = places[path] ?? (entry.node.isNothing ? place : entry.place)
            entries.append(entry)
        }
        return entries
    }

    private mutating func reportUnknown(_ entry: Item, among keys: FileKeys) {
        let known = keys.all.isEmpty ? "none" : keys.all.map { "“\($0)”" }.joined(separator: ", ")
        let remedy: String
        if entry.name == "<<" {
            remedy = "write the values out: merge keys are not part of YAML 1.2"
        } else if let meant = nearMiss(of: entry.name, among: keys.all) {
            remedy = "did you mean “\(meant)”?"
        } else if let home = FileKeys.tables.first(where: { $0.all.contains(entry.name) }) {
            remedy = "“\(entry.name)” belongs to \(home.subject); \(keys.subject) has \(known)"
        } else {
            remedy = "remove it; \(keys.subject) has \(known)"
        }
        report(
            at: entry.namePlace, path: entry.path, value: entry.name,
            reason: "\(keys.subject) has no key “\(shortened(entry.name))”", remedy: remedy)
    }

    // MARK: Lists and values

    /// The elements of a list; nil where it is none. Nothing at all is an empty list.
    mutating func elements(of item: Item, example: String) -> [Item]? {
        guard hasPlainTag(item) else { return nil }
        guard case .sequence(let sequence) = item.node else {
            if item.node.isNothing { return [] }
            report(
                at: item.place, path: item.path, value: item.node.scalar?.string,
                reason: "“\(item.name)” is a list, and this is \(item.node.form)", remedy: "write it like “\(example)”")
            return nil
        }
        return sequence.enumerated().map { index, node in
            let place = place(of: node)
            let path = "\(item.path)[\(index)]"
            places[path] = places[path] ?? place
            return Item(node: node, path: path, name: "\(item.name)[\(index)]", namePlace: place, place: place)
        }
    }

    /// A value as its text; nil and reported where it is none or empty.
    mutating func text(of item: Item, remedy: String = "write a value, or remove the key") -> String? {
        guard hasPlainTag(item) else { return nil }
        guard case .scalar(let scalar) = item.node else {
            report(
                at: item.place, path: item.path, reason: "“\(item.name)” is one value, and this is \(item.node.form)",
                remedy: item.node.isTemplate
                    ? "render the template before: “{{ … }}” is a mapping to YAML" : "write it behind the colon, on the same line")
            return nil
        }
        guard !item.node.isNothing, !scalar.string.isEmpty else {
            report(at: item.namePlace, path: item.path, reason: "“\(item.name)” has no value", remedy: remedy)
            return nil
        }
        if let hidden = scalar.string.unicodeScalars.first(where: \.isHiddenInText) {
            report(
                at: item.place, path: item.path,
                reason: "“\(item.name)” holds the character U+\(hidden.hexadecimal), which cannot be seen",
                remedy: "write the value without control characters and marks of writing direction")
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

    /// The name of an entry as what it names.
    mutating func name<Name: TextualValue>(of item: Item, as type: Name.Type = Name.self) -> Name? {
        do {
            return try Name(parsing: item.name)
        } catch {
            report(error, at: item.namePlace, path: item.path)
            return nil
        }
    }

    /// One of a few words.
    mutating func word<Word: RawRepresentable & CaseIterable>(of item: Item, as type: Word.Type = Word.self) -> Word?
    where Word.RawValue == String {
        guard let text = text(of: item) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        report(
            at: item.place, path: item.path, value: text, reason: "“\(shortened(text))” is no \(item.name)",
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

    /// A federation file has strings, mappings and lists; `!!binary` and the like would be read as something else than they say.
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
            at: item.place, path: item.path, value: tag, reason: "the tag “\(shortened(tag))” means nothing here",
            remedy: "write the value without a tag")
        return false
    }
}

/// A value as it goes into a message.
func shortened(_ text: String) -> String { text.count <= 64 ? text : "\(text.prefix(60))…" }

extension Node {
    /// An empty value, or YAML's null, without quotes.
    var isNothing: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// `{{ name }}`, as Jinja and Helm write it: a mapping whose key is a mapping.
    var isTemplate: Bool {
        guard case .mapping(let mapping) = self, mapping.count == 1, let pair = mapping.first else { return false }
        return pair.key.mapping != nil && pair.value.isNothing
    }

    /// What it is, for people.
    var form: String {
        switch self {
        case .scalar(let scalar): isNothing ? "empty" : "the value “\(shortened(scalar.string))”"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
