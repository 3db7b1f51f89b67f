import ArgumentParser
import FederationAPI
import Foundation
import Terminal
import Verification

/// Judges a file instead of asking the coordinator.
struct BundleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Judge what is in this file, made by “fedctl bundle”; asks no coordinator.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var bundle: String?

    /// Nil where none is named.
    func read() throws -> VerificationBundle? {
        guard let bundle else { return nil }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: bundle), options: .mappedIfSafe)
        } catch {
            throw CommandError("cannot read \(bundle)", remedy: "name a file that “fedctl bundle FILE” made")
        }
        do throws(VerificationBundleError) {
            return try VerificationBundle(reading: data)
        } catch {
            throw CommandError("\(bundle): \(error.reason)", remedy: error.remedy)
        }
    }
}

extension VerificationBundle {
    /// Stands above what is judged: none of it is of now.
    var heading: Page {
        var page = Page()
        page.line(
            StyledText("federation \(federation), revision \(revision), as of \(timestamp(inputs.now)): from a file, not of now", .faint))
        page.gap()
        return page
    }
}
