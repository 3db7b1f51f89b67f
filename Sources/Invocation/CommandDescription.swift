import ArgumentParser
import Foundation

/// A program's commands and options, as ArgumentParser describes them (`--experimental-dump-help`).
package struct CommandDescription: Sendable {
    /// One that takes a value; flags are none.
    package struct Option: Hashable, Sendable {
        /// `--file`, `-f`.
        package var names: Set<String>
        /// The one that people are told.
        package var name: String
        /// A list that each occurrence adds to.
        package var mayRepeat: Bool
    }

    package var name: String
    package var options: Set<Option>
    package var subcommands: [CommandDescription]

    package func subcommand(named name: String) -> CommandDescription? { subcommands.first { $0.name == name } }
}

extension CommandDescription {
    package init(of command: any ParsableCommand.Type) throws {
        let tool = try JSONDecoder().decode(Described.self, from: Data(command._dumpHelp().utf8))
        self.init(tool.command)
    }

    private init(_ described: Described.Command) {
        name = described.commandName
        subcommands = (described.subcommands ?? []).map(Self.init)
        options = Set(
            (described.arguments ?? []).filter { $0.kind == "option" }.compactMap { argument in
                let names = (argument.names ?? []).map(\.written)
                guard let name = names.max(by: { $0.count < $1.count }) else { return nil }
                return Option(names: Set(names), name: name, mayRepeat: argument.isRepeating)
            })
    }
}

/// What of ArgumentParser's description is needed (its ToolInfoV0).
private struct Described: Decodable {
    struct Command: Decodable {
        var commandName: String
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    struct Argument: Decodable {
        var kind: String
        var isRepeating: Bool
        var names: [Name]?
    }

    struct Name: Decodable {
        var kind: String
        var name: String

        var written: String { (kind == "long" ? "--" : "-") + name }
    }

    var command: Command
}
