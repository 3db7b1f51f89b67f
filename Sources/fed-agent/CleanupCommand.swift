import Agent
import ArgumentParser
import Invocation
import Logging
import Terminal

/// Takes away what the agent made.
struct CleanupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup",
        abstract: "Removes all that the agent made on this node, and nothing else.",
        discussion: """
            Devices, routes, flows and ports of Open vSwitch, VRFs and neighbors in FRR, the VXLAN filter, and the address sets in the northbound
            database of routers whose gateway port is here. What others made stays: also `router bgp`, which may be used by others now,
            and the state directory, so that an agent that is started again goes on as before. It asks first, and refuses while the agent runs.

            EXIT STATUS: 0 nothing of ours is left, 1 it was refused or failed, 64 wrong usage.
            """)

    @OptionGroup var node: NodeOptions
    @OptionGroup var console: ConsoleOptions

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: "Seconds to wait for the databases, and for each thing that must come about by itself.")
    var patience = 15

    func run() async throws {
        var log = Logger(label: "fed-agent") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = .error
        let cleanup: Cleanup
        do {
            cleanup = try Cleanup(surroundings: try node.surroundings(), stateDirectory: node.stateDirectory, log: log)
        } catch {
            throw Complaint("\(error)")
        }
        let yes = yes
        let asked = Console.current()
        do throws(Cleanup.Failure) {
            let removed = try await cleanup.run(console: console.client, within: .seconds(patience)) { items in
                for item in items { asked.write("\(item.surface): \(item.object)\n") }
                return yes || asked.canAsk && asked.asks("remove these \(items.count)?")
            }
            asked.write(removed.isEmpty ? "nothing of ours is here\n" : "removed; the state in \(node.stateDirectory) stays\n")
        } catch {
            throw Complaint(error.description)
        }
    }
}
