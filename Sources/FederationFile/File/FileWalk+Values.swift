import FederationModel
import NetworkTypes

/// Values that are not simply one textual value.
extension FileWalk {
    /// A whole number. `what` names it in the error.
    mutating func number(of item: Item, _ what: String, in range: ClosedRange<UInt32>, remedy: String) -> UInt32? {
        guard let text = text(of: item) else { return nil }
        if let number = UInt32(text), number.description == text, range.contains(number) { return number }
        report(
            at: item.place, path: item.path, value: text,
            reason: "invalid \(what) \(cited(text)): \(numberFault(text, in: range))", remedy: remedy)
        return nil
    }

    mutating func flag(of item: Item) -> Bool? {
        guard let text = text(of: item) else { return nil }
        if text == "true" || text == "false" { return text == "true" }
        report(
            at: item.place, path: item.path, value: text, reason: "must be true or false, not \(cited(text))",
            remedy: "write “true” or “false”")
        return nil
    }

    /// `N` or `N-M`.
    mutating func range(
        of item: Item, _ what: String, example: String, _ read: (Substring) throws(ParseError) -> UInt32
    ) -> ClosedRange<UInt32>? {
        guard let text = text(of: item) else { return nil }
        let bounds = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        do {
            let lower = try read(bounds[0])
            let upper = bounds.count == 2 ? try read(bounds[1]) : lower
            if lower <= upper { return lower...upper }
            report(
                at: item.place, path: item.path, value: text, reason: "invalid \(what) \(cited(text)): must begin with the smaller number",
                remedy: "write the smaller number first")
        } catch {
            report(
                at: item.place, path: item.path, value: text,
                reason: "invalid \(what) \(cited(text)): \(error.summary)",
                remedy: "write it like \(example)")
        }
        return nil
    }

    /// A time span in milliseconds.
    mutating func duration(of item: Item) -> Int64? {
        guard let text = text(of: item) else { return nil }
        if let duration = TimeSpan.milliseconds(text) { return duration }
        report(
            at: item.place, path: item.path, value: text,
            reason: "invalid time span \(cited(text)): must be a number with ms, s, m, h or d, at most ten years",
            remedy: "write it like 24h or 90m")
        return nil
    }

    /// `{key: value}` with free keys.
    mutating func labels(of item: Item) -> Labels? {
        guard let entries = entries(of: item, as: "“\(item.name)”", example: "{region: eu}") else { return nil }
        var labels: Labels = [:]
        for entry in entries {
            guard let value = text(of: entry) else { continue }
            for (word, place) in [(entry.name, entry.namePlace), (value, entry.place)] where !isLabelWord(word) {
                report(
                    at: place, path: entry.path, value: word,
                    reason: "invalid label word \(cited(word)): must be 1–63 letters, digits, “-”, “_” or “.”",
                    remedy: "write a label like “region: eu”")
            }
            labels[entry.name] = value
        }
        return labels
    }

    /// The distinct values of a list, in order. `read` reports invalid ones.
    mutating func distinct<Value: Hashable & CustomStringConvertible>(
        of item: Item, example: String, _ read: (inout FileWalk, Item) -> Value?
    ) -> [Value]? {
        elements(of: item, example: example).map { distinct(of: $0, read) }
    }

    mutating func distinct<Value: Hashable & CustomStringConvertible>(
        of elements: [Item], _ read: (inout FileWalk, Item) -> Value?
    ) -> [Value] {
        var values: [Value] = []
        var lines: [Value: Int] = [:]
        for element in elements {
            guard let value = read(&self, element) else { continue }
            if let line = lines[value] {
                reportTwice(element, value.description, line)
            } else {
                lines[value] = element.place.line
                values.append(value)
            }
        }
        return values
    }

    mutating func reportTwice(_ item: Item, _ value: String, _ line: Int) {
        report(
            at: item.place, path: item.path, value: value, reason: "\(shortened(value)) appears twice\(otherLine(", first on line", line))",
            remedy: "keep one of them")
    }

    /// The keys of the chosen alternative; nil, with a report, if there is none, a part of one, or several.
    mutating func choice(of item: Item, _ fields: [String: Item], _ keys: FileKeys) -> [String]? {
        let given = keys.choices.joined().compactMap { fields[$0] }.sorted { $0.namePlace < $1.namePlace }
        let words = keys.choices.map { $0.map { "“\($0)”" }.joined(separator: " with ") }
        let rule = "\(keys.subject) must have exactly one of \(words.dropLast().joined(separator: ", ")) and \(words.last ?? "")"
        guard let first = given.first, let choice = keys.choices.first(where: { $0.contains(first.name) }) else {
            report(at: item.place, path: item.path, reason: "\(rule), has none", remedy: "write it like “\(keys.example)”")
            return nil
        }
        if let second = given.first(where: { !choice.contains($0.name) }) {
            report(
                at: second.namePlace, path: second.path, reason: "\(rule), already has “\(first.name)”",
                remedy: "keep one of them")
            return nil
        }
        let missing = choice.filter { fields[$0] == nil }
        for key in missing {
            report(
                at: item.place, path: item.path, reason: "missing key “\(key)”",
                remedy: "add it: \(choice.map { "“\($0)”" }.joined(separator: " and ")) belong together")
        }
        return missing.isEmpty ? choice : nil
    }
}

private func isLabelWord(_ text: String) -> Bool {
    (1...63).contains(text.utf8.count)
        && text.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
            default: false
            }
        }
}
