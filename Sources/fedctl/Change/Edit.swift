import Federation
import FederationFile
import NetworkTypes
import Terminal

/// What was typed to edit one object: there is no file whose places could be shown, but there are arguments.
struct Edit: Hashable, Sendable {
    var object: GraphObject
    var settings: [Assignment]

    /// Something that is wrong or odd, below it the argument that it is about, and the remedy.
    ///
    /// - Parameters:
    ///   - path: where in the document; empty where that says nothing.
    ///   - value: what of the argument is wrong; nil: all of its value.
    func page(_ severity: Diagnostic.Severity, path: String, value: String? = nil, reason: String, remedy: String) -> Page {
        var page = Page()
        let place = path.isEmpty ? "" : "\(path): "
        let style: Style = severity == .error ? .bad : .doubtful
        page.line(StyledText("\(severity.rawValue): ", style) + StyledText(place + reason))
        if let argument = argument(at: path) {
            page.line(.verbatim(argument.description), indentation: 4)
            let (start, length) = Self.columns(of: value, in: argument)
            page.line(
                .verbatim(String(repeating: " ", count: start) + "^" + String(repeating: "~", count: max(0, length - 1)), style),
                indentation: 4)
        }
        page.line(StyledText("remedy: ", .faint) + StyledText(remedy), indentation: 4)
        return page
    }

    /// In what is given, else in the key; without either all of what is given, and where nothing is given, the key.
    private static func columns(of value: String?, in argument: Assignment) -> (start: Int, length: Int) {
        let text = argument.description
        let given = text.suffix(argument.value.count)
        let key = text[..<given.startIndex].dropLast()
        let part = value.flatMap { value in given.firstRange(of: value) ?? key.firstRange(of: value) }.map { text[$0] }
        let meant = part ?? (given.isEmpty ? key : given)
        return (displayWidth(printable(String(text[..<meant.startIndex]))), displayWidth(printable(String(meant))))
    }

    func page(_ error: EditError) -> Page {
        error.problems.reduce(into: Page()) { page, problem in
            page.append(self.page(.error, path: problem.path, value: problem.value, reason: problem.reason, remedy: problem.remedy))
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
