/// `fedctl at TIME verify …`, which is `fedctl verify --at TIME …`.
enum AtTime {
    /// The words as the parser takes them; nil where they are something else.
    static func verification(_ words: [String]) -> [String]? {
        var head = words[...]
        // Options of fedctl itself each have a value.
        while let word = head.first, word.hasPrefix("--"), word != "--help", word != "--version" {
            head = head.dropFirst(word.contains("=") ? 1 : 2)
        }
        guard head.count >= 3, head.first == "at", head[head.startIndex + 2] == "verify" else { return nil }
        return words[..<head.startIndex] + ["verify", "--at", head[head.startIndex + 1]] + head.dropFirst(3)
    }
}
