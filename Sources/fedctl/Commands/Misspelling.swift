import ArgumentParser

/// A word where a command is expected, and none is called so. The parser only says that it did not expect the word.
enum Misspelling {
    /// Nil where every word that must be a command is one; what else is wrong the parser says.
    static func complaint(_ arguments: [String], of root: any ParsableCommand.Type) -> CommandError? {
        var command = root
        var path = ["fedctl"]
        var words = arguments[...]
        while let word = words.popFirst() {
            guard !word.hasPrefix("-") else {
                // Of the options of fedctl itself each but --help and --version has a value.
                guard command == root, ["--coordinator", "--certs", "--admin"].contains(word) else {
                    if command == root, word.hasPrefix("--"), word.contains("=") { continue }
                    return nil
                }
                _ = words.popFirst()
                continue
            }
            let children = children(of: command)
            guard !children.isEmpty, word != "help" else { return nil }
            if let next = children.first(where: { names(of: $0).contains(word) }) {
                command = next
                path.append(word)
                continue
            }
            let known = children.map { names(of: $0)[0] }
            let near = closest(to: word, among: children.flatMap(names(of:)))
            let remedy =
                near.map { "did you mean “\((path + [$0]).joined(separator: " "))”?" } ?? "choose one of: \(known.joined(separator: ", "))"
            return CommandError("unknown command “\(word)” of “\(path.joined(separator: " "))”", remedy: remedy)
        }
        return nil
    }

    private static func children(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
    }

    /// Its name, then its other names.
    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command.configuration.commandName ?? command._commandName] + command.configuration.aliases
    }

    /// The one that differs least, by insertions, deletions, changes and swaps of neighbours; nil where all differ by more than a third.
    static func closest(to word: String, among names: [String]) -> String? {
        let distances = names.map { (name: $0, distance: distance(Array(word.lowercased()), Array($0))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }), best.distance <= max(1, best.name.count / 3) else { return nil }
        return best.name
    }

    /// Of Damerau and Levenshtein, in the form that swaps no letter twice.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var before: [Int] = []
        var row = Array(0...b.count)
        for i in a.indices {
            var next = [i + 1] + Array(repeating: 0, count: b.count)
            for j in b.indices {
                next[j + 1] = min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { next[j + 1] = min(next[j + 1], before[j - 1] + 1) }
            }
            (before, row) = (row, next)
        }
        return row[b.count]
    }
}
