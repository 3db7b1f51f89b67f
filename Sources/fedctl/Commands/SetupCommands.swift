import ArgumentParser

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Prints the version, like --version.",
        discussion: """
            EXAMPLES
              fedctl version

            EXIT STATUS
            \(ExitStatus.manual(.ok, .usage))
            """)

    func run() { print(Fedctl.version) }
}

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Prints the completion script of a shell.",
        discussion: """
            EXAMPLES
              fedctl completion bash > /etc/bash_completion.d/fedctl

            EXIT STATUS
            \(ExitStatus.manual(.ok, .usage))
            """)

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var completions: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() { print(Fedctl.completionScript(for: shell.completions)) }
}
