import Federation
import Terminal

/// What was typed to edit one object: there is no file whose places could be shown, but there are arguments.
struct Edit: Hashable, Sendable {
    var object: GraphObject
    var settings: [Assignment]

    /// Something that is wrong or odd, below it the argument that it is about, and the remedy.
    ///
    /// - Parameter path: where in the document; empty where that says nothing.
    func page(_ severity: Diagnostic.Severity, path: String, reason: String, remedy: String) -> Page {
        var page = Page()
        let place = path.isEmpty ? "" : "\(path): "
        let style: Style = severity == .error ? .bad : .doubtful
        page.line(StyledText("\(severity.rawValue): ", style) + StyledText(place + reason))
        if let argument = argument(at: path) {
            let value = displayWidth(printable(argument.value))
            let key = displayWidth(printable(argument.description)) - value
            page.line(StyledText(argument.description), indentation: 4)
            // Without a value it is the key that is meant.
            let (start, length) = value > 0 ? (key, value) : (0, key - 1)
            page.line(
                StyledText(String(repeating: " ", count: start) + "^" + String(repeating: "~", count: max(0, length - 1)), style),
                indentation: 4)
        }
        page.line(StyledText("remedy: ", .faint) + StyledText(remedy), indentation: 4)
        return page
    }

    func page(_ error: EditError) -> Page {
        error.problems.reduce(into: Page()) { page, problem in
            page.append(self.page(.error, path: problem.path, reason: problem.reason, remedy: problem.remedy))
        }
    }

    func page(_ findings: [Finding]) -> Page {
        findings.reduce(into: Page()) { page, finding in
            page.append(
                self.page(
                    finding.severity == .error ? .error : .warning, path: finding.path,
                    reason: "\(finding.reason) (\(finding.code.rawValue))",
                    remedy: finding.remedy))
        }
    }

    /// The argument that gives what is at the path, or what it is in; the last of several, because that one counts.
    private func argument(at path: String) -> Assignment? {
        settings.last { setting in
            let key = (object.keys + setting.keys).joined(separator: ".")
            return path == key || path.hasPrefix(key + ".") || path.hasPrefix(key + "[")
        }
    }
}
