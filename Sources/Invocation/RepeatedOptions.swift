import ArgumentParser

/// An option that stands once, given again. ArgumentParser would take the last value and drop the others in silence: a
/// pre-commit hook that types `validate -f bad -f good` would pass without the bad file being read.
package struct RepeatedOption: Hashable, Sendable {
    /// As its help calls it: `--file`.
    package var name: String
    /// All values that were given, in order; at least two.
    package var values: [String]

    package var reason: String {
        let times = values.count == 2 ? "twice" : "\(values.count) times"
        return "\(name) is given \(times): \(values.map { "“\($0)”" }.joined(separator: ", ")); give it only once"
    }
}

/// Finds options that stand once and were given several times.
///
/// It follows the words as ArgumentParser does: `--name value`, `--name=value`, `-n value`, `-n=value`; the value of an option is no
/// option; nothing behind `--` is one. The same option before and behind a subcommand's name counts as one.
package func repeatedOptions(in words: [String], of tool: CommandDescription) -> [RepeatedOption] {
    var command = tool
    var options = command.options
    var given: [CommandDescription.Option: [String]] = [:]
    var order: [CommandDescription.Option] = []
    var rest = words[...]
    while let word = rest.popFirst(), word != "--" {
        guard word.hasPrefix("-"), word != "-" else {
            guard let next = command.subcommand(named: word) else { continue }
            command = next
            options.formUnion(next.options)
            continue
        }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let option = options.first(where: { $0.names.contains(String(parts[0])) }) else { continue }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else { break }
        guard !option.mayRepeat else { continue }
        if given[option] == nil { order.append(option) }
        given[option, default: []].append(value)
    }
    return order.compactMap { option in
        given[option].flatMap { $0.count > 1 ? RepeatedOption(name: option.name, values: $0) : nil }
    }
}

extension ParsableCommand {
    /// - Throws: A usage error (exit status 64) where an option that stands once is given several times.
    package static func refuseRepeatedOptions(in words: [String] = Array(CommandLine.arguments.dropFirst())) throws {
        // Describing all commands takes longer than most of them do: one option cannot be repeated.
        guard words.count(where: { $0.hasPrefix("-") }) > 1 else { return }
        let found = repeatedOptions(in: words, of: try CommandDescription(of: Self.self))
        guard !found.isEmpty else { return }
        throw ValidationError(found.map(\.reason).joined(separator: "\n"))
    }
}

extension AsyncParsableCommand {
    /// `main()` of programs: as ArgumentParser's own, but with options that are given again refused.
    package static func mainWithEachOptionOnce() async {
        do {
            try await runWithEachOptionOnce()
        } catch {
            exit(withError: error)
        }
    }

    /// The same for programs that tell of errors in their own way.
    package static func runWithEachOptionOnce(_ words: [String] = Array(CommandLine.arguments.dropFirst())) async throws {
        try refuseRepeatedOptions(in: words)
        var command = try parseAsRoot(words)
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }
}
