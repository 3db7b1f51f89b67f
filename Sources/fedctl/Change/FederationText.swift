import FederationFile
import Foundation
import Terminal

/// The text of a federation file, from a file or from standard input.
struct FederationText: Hashable, Sendable {
    /// As diagnostics name it; empty for an edit.
    var fileName: String
    var text: String
    /// What made it of the revision in force; nil: it is a file.
    var edit: Edit?

    /// - Parameter path: `-` is standard input.
    init(path: String) throws(CommandError) {
        let data: Data
        do {
            data = path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw CommandError(
                "cannot read \(path): \(Self.reason(error))", remedy: "name a federation file with -f; - is standard input")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CommandError("\(path) is not UTF-8 text", remedy: "save the federation file as UTF-8")
        }
        fileName = path == "-" ? "standard input" : path
        self.text = text
    }

    init(fileName: String, text: String, edit: Edit? = nil) {
        self.fileName = fileName
        self.text = text
        self.edit = edit
    }

    /// Reads the file here, before anybody is asked. Ends the command where it has errors, with all of them.
    /// - Parameter consequence: of errors.
    func check(on console: Console, refused consequence: String = "nothing was applied") throws {
        let reading = FederationYAML.read(text: text, fileName: fileName)
        guard !reading.errors.isEmpty else { return }
        console.complain(reading.diagnostics.page(refused: consequence))
        try ExitStatus.error.end()
    }

    static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "no such file"
        case .fileReadNoPermission: "permission denied"
        default: "not a readable file"
        }
    }
}
