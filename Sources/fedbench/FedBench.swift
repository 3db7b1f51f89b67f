import ArgumentParser

@main
struct FedBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fedbench",
        abstract: "Measures the pure parts of ovn-federation on this machine.",
        subcommands: [CompileBench.self, PlanBench.self])
}
