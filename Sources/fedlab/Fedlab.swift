import ArgumentParser
import Foundation
import Lab

/// Raises whole federations on one machine: real OVN, real FRR, VMs as network namespaces.
@main
struct Fedlab: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Raises a federation of topologies/NAME on this machine, and checks what must hold in it.",
        discussion: """
            Run it as root in the repository's root. Where the kernel lacks what a lab needs, everything happens in a user-mode \
            kernel on this machine's own files; state and logs are in out/lab/NAME either way.
            """,
        subcommands: [Run.self, Up.self, Down.self, Status.self, Check.self, Exec.self, Logs.self, Bench.self, InGuest.self])
}

/// What all commands have.
struct LabOptions: ParsableArguments {
    @Argument(help: "A folder of topologies/.")
    var name: String
    @Option(help: "Timed checks fail only after so many times their aim; for machines that others use too.")
    var patience = 1

    func session() throws -> Session { try Session(name: name, patience: patience) }

    func validate() throws {
        guard (1...100).contains(patience) else { throw ValidationError("--patience takes a number from 1 to 100") }
    }
}

struct PlatformOptions: ParsableArguments {
    @Option(help: "direct (this kernel) or uml; found out by itself if left out.")
    var platform: Platform?

    func platform() async throws -> Platform {
        var chosen = platform
        if chosen == nil { chosen = try await Platform.detect() }
        let missing = Platform.missingPrograms(chosen ?? .uml)
        guard missing.isEmpty else { throw LabError("install \(Set(missing).sorted().joined(separator: " "))") }
        return chosen ?? .uml
    }
}

extension Platform: ExpressibleByArgument {}

func say(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
