import ArgumentParser
import Foundation
import Invocation
import Lab

/// Raises whole federations on one machine: real OVN, real FRR, VMs as network namespaces.
@main
struct Fedlab: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a federation of topologies/NAME on this machine and checks it.",
        discussion: """
            Run it as root in the repository's root. If the kernel lacks a feature that the lab needs, everything runs in a user-mode \
            kernel on this machine's own files; state and logs are in out/lab/NAME either way.
            """,
        subcommands: [
            List.self, Run.self, Up.self, Down.self, Status.self, Check.self, Exec.self, Shell.self, Restart.self, Logs.self, Churn.self,
            Faults.self, Bench.self, InGuest.self,
        ])

    static func main() async { await mainWithEachOptionOnce() }
}

/// What all commands have.
struct LabOptions: ParsableArguments {
    @Argument(help: "A folder of topologies/.")
    var name: String

    func session(patience: Int = 1) throws -> Session { try Session(name: name, patience: patience) }
}

/// What commands have that judge.
struct PatienceOptions: ParsableArguments {
    @Option(help: "Multiplies the time limits of checks; for shared machines.")
    var patience = 1

    func validate() throws {
        guard (1...100).contains(patience) else { throw ValidationError("invalid --patience: must be 1–100") }
    }
}

struct PlatformOptions: ParsableArguments {
    @Option(help: "direct (this kernel) or uml (default: detected).")
    var platform: Platform?

    @Option(
        help: ArgumentHelp(
            "A user-mode kernel without modules to run in, as built by Scripts/build-uml-kernel (default: FEDLAB_KERNEL, else Debian's).",
            valueName: "path"))
    var kernel: String?

    /// Where to run, and the kernel of one's own to do it in.
    func place() async throws -> (platform: Platform, kernel: String?) {
        let kernel = try kernelPath()
        if kernel != nil, platform == .direct {
            throw ValidationError("--platform direct runs in this machine's kernel: omit --kernel")
        }
        var chosen = platform ?? (kernel == nil ? nil : .uml)
        if chosen == nil { chosen = try await Platform.detect() }
        let missing = Platform.missingPrograms(chosen ?? .uml, withKernel: kernel != nil)
        guard missing.isEmpty else { throw LabError("install \(Set(missing).sorted().joined(separator: " "))") }
        return (chosen ?? .uml, kernel)
    }

    private func kernelPath() throws -> String? {
        guard let path = kernel ?? ProcessInfo.processInfo.environment["FEDLAB_KERNEL"], !path.isEmpty else { return nil }
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ValidationError("no such kernel \(path): Scripts/build-uml-kernel builds one and prints its path")
        }
        return URL(fileURLWithPath: path).path
    }
}

extension Platform: ExpressibleByArgument {}

func say(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
