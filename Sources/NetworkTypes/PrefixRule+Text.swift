extension PrefixRule {
    /// Reads `permit|deny PREFIX [ge N] [le N]`, as behind `ip prefix-list NAME seq N` in FRR.
    ///
    /// Refuses what bgpd refuses: the lengths have to keep prefix length ≤ `ge` ≤ `le` ≤ address width.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        func refusal(_ reason: String, _ remedy: String = "write it like “permit 10.0.0.0/8 ge 24 le 32”") -> ParseError {
            ParseError(expected: "prefix rule", value: String(text), reason: reason, remedy: remedy)
        }
        let words = text.split { $0 == " " || $0 == "\t" }
        guard let first = words.first, let action = Action(rawValue: String(first)) else {
            throw refusal("must begin with “permit” or “deny”")
        }
        guard words.count > 1 else { throw refusal("the prefix is missing") }
        guard words[1] != "any" else {
            throw refusal("“any” could be IPv4 or IPv6", "write “\(first) 0.0.0.0/0 le 32” or “\(first) ::/0 le 128”")
        }
        let prefix: IPPrefix
        do {
            prefix = try IPPrefix(parsing: words[1])
        } catch {
            throw refusal(error.summary, error.remedy)
        }
        let width = prefix.family.width
        var bounds: [Substring: Int] = [:]
        var rest = words[2...].map { Substring($0) }[...]
        while let word = rest.popFirst() {
            guard word == "ge" || word == "le" else { throw refusal("expected “ge” or “le”, found \(cited(word))") }
            guard let number = rest.popFirst() else { throw refusal("“\(word)” needs a length") }
            guard let length = Int(number), length.description == number, (0...width).contains(length) else {
                throw refusal("“\(word)” must be 0–\(width)")
            }
            guard bounds.updateValue(length, forKey: word) == nil else { throw refusal("“\(word)” appears twice") }
        }
        let order = "keep \(prefix.length) ≤ ge ≤ le ≤ \(width), as bgpd requires"
        for word in ["ge", "le"] as [Substring] {
            guard let length = bounds[word], length < prefix.length else { continue }
            throw refusal("\(word) \(length) is shorter than the prefix and would match nothing", order)
        }
        if let shortest = bounds["ge"], let longest = bounds["le"], shortest > longest {
            throw refusal("ge \(shortest) is greater than le \(longest) and would match nothing", order)
        }
        self.init(action, prefix, ge: bounds["ge"], le: bounds["le"])
    }

    /// Every prefix that `other` matches is matched by this one too.
    package func covers(_ other: PrefixRule) -> Bool {
        prefix.contains(other.prefix) && lengths.lowerBound <= other.lengths.lowerBound && other.lengths.upperBound <= lengths.upperBound
    }
}
