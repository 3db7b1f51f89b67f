import ArgumentParser
import FederationAPI
import FederationModel
import Foundation
import Synchronization
import Terminal
import Verification

struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Saves all that verdicts are made of, so that they can be judged and explained elsewhere, and later.",
        discussion: """
            One JSON file (0600): the intents, what gateways report of their routes, and when. “fedctl verify --bundle FILE” gives the same \
            verdicts without the coordinator, “fedctl explain --bundle FILE” explains them. It holds names, addresses and routes of \
            tenants; no key, password or certificate.

            EXAMPLES
              fedctl bundle friday.json
              fedctl verify --bundle friday.json --failed
              fedctl explain paris tokyo --bundle friday.json

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Argument(help: ArgumentHelp("The file to create.", valueName: "file"), completion: .file())
    var file: String

    @Flag(help: "Replace an existing file, once the bundle is complete.")
    var replace = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let data = try await connection.connected { coordinator in
            let received = Mutex(Data())
            try await coordinator.bundle { chunk in received.withLock { $0.append(chunk) } }
            return received.withLock { $0 }
        }
        // What cannot be read again is not worth keeping.
        let bundle: VerificationBundle
        do throws(VerificationBundleError) {
            bundle = try VerificationBundle(reading: data)
        } catch {
            throw CommandError(
                "the coordinator sent no bundle that can be read: \(error.reason)",
                remedy: "use fedctl and fed-coordinator of the same version")
        }
        let target = try WholeFile(file, replacing: replace)
        try target.write(data)
        try target.finish()
        let summary = BundleSummary(file: file, bundle, bytes: data.count)
        var page = Page()
        page.line(
            StyledText(
                "\(file): federation \(summary.federation), revision \(summary.revision), \(count(summary.gateways, "gateway")), as of "
                    + "\(timestamp(bundle.inputs.now)), \(summary.bytes) bytes"))
        page.line(StyledText("it holds names, addresses and routes of tenants: hand it on with care", .faint))
        try output.show(summary, page, on: Console.current())
    }
}

/// A bundle that was made, for programs.
struct BundleSummary: Hashable, Sendable, Encodable {
    var file: String
    var federation: FederationID
    var revision: UInt64
    var gateways: Int
    var bytes: Int

    init(file: String, _ bundle: VerificationBundle, bytes: Int) {
        self.file = file
        federation = bundle.federation
        revision = bundle.revision
        gateways = bundle.inputs.intents.count
        self.bytes = bytes
    }
}
