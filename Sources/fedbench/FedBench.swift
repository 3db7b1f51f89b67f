import ArgumentParser
import Invocation

@main
struct FedBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fedbench",
        abstract: "Measures the pure parts of ovn-federation, and the coordinator’s database, on this machine.",
        subcommands: [CompileBench.self, PlanBench.self, CommitBench.self, VerifyBench.self, IsolationBench.self, ProbeBench.self])

    static func main() async { await mainWithEachOptionOnce() }
}
