import Federation
import FederationModel
import NetworkTypes
import Yams

/// The federation as its admin writes it: one YAML document (`topologies/federation.schema.json` describes it).
package enum FederationYAML {
    /// What a text came to.
    package struct Reading: Hashable, Sendable {
        /// Nil where there is any error.
        package var graph: FederationGraph?
        /// By line and column.
        package var diagnostics: [Diagnostic]
        /// Where each path of the document stands, for findings of others.
        let places: [String: Place]
        private let text: String
        private let fileName: String

        package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
        package var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }

        fileprivate init(graph: FederationGraph?, walk: FileWalk, text: String) {
            let hasErrors = walk.diagnostics.contains { $0.severity == .error }
            self.init(diagnostics: walk.diagnostics, places: walk.places, text: text, fileName: walk.fileName)
            self.graph = hasErrors ? nil : graph
        }

        fileprivate init(diagnostics: [Diagnostic], places: [String: Place], text: String, fileName: String) {
            self.text = text
            self.fileName = fileName
            self.places = places
            self.diagnostics = diagnostics
            guard !diagnostics.isEmpty else { return }
            var lines = SourceLines(text)
            self.diagnostics = Self.few(diagnostics).map { $0.located(in: &lines) }.sorted()
        }

        /// How many diagnostics are told of one file; one more says how many there are.
        private static let limit = 100

        /// The first ones, errors before warnings: nobody reads more at once, and each is shown with its line.
        private static func few(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
            guard diagnostics.count > limit else { return diagnostics }
            let sorted = diagnostics.filter { $0.severity == .error }.sorted() + diagnostics.filter { $0.severity == .warning }.sorted()
            var rest = sorted[limit]
            (rest.path, rest.value, rest.length) = ("", nil, 1)
            rest.reason = "and \(sorted.count - limit) more"
            rest.remedy = "mend the others first, then read the file again"
            return sorted.prefix(limit) + [rest]
        }

        /// What the ledger refused, at the places of the file that ask for it.
        package func diagnostics(for error: AllocationError) -> [Diagnostic] {
            located(
                error.problems.map {
                    Diagnostic(
                        severity: .error, file: fileName, line: 1, column: 1, length: 1, path: $0.path, value: $0.value, reason: $0.reason,
                        remedy: $0.remedy, source: "")
                })
        }

        /// Findings of others about this file, each at the place that its path has; sorted. File, line and column are filled in.
        package func located(_ findings: [Diagnostic]) -> [Diagnostic] {
            var lines = SourceLines(text)
            return findings.map { finding in
                var finding = finding
                let place = place(of: finding.path)
                finding.file = fileName
                (finding.line, finding.column, finding.length) = (place.line, place.column, place.length)
                return finding.located(in: &lines)
            }.sorted()
        }

        /// What planning found, at the places of the file that it is about.
        package func diagnostics(for findings: [Finding]) -> [Diagnostic] {
            var lines = SourceLines(text)
            return findings.map { finding in
                var place = place(of: finding.path)
                // A list is meant whole, and libyaml's mark is where it begins. A mapping that lacks something is not underlined.
                if places[finding.path] == place, let length = Self.listLength(at: place, in: lines.source) { place.length = length }
                return Diagnostic(
                    severity: finding.severity == .error ? .error : .warning, file: fileName, line: place.line, column: place.column,
                    length: place.length, path: finding.path, value: nil, reason: "\(finding.reason) (\(finding.code.rawValue))",
                    remedy: finding.remedy, source: ""
                ).located(in: &lines)
            }
        }

        /// How far a list in brackets goes on its line; nil where none begins there, or it ends elsewhere.
        private static func listLength(at place: Place, in source: SourceText) -> Int? {
            let text = source.line(place.line).unicodeScalars.dropFirst(place.column - 1)
            guard text.first == "[" else { return nil }
            var depth = 0
            var quote: Unicode.Scalar?
            for (number, scalar) in text.enumerated() {
                if let open = quote {
                    if scalar == open { quote = nil }
                } else if scalar == "\"" || scalar == "'" {
                    quote = scalar
                } else if scalar == "[" || scalar == "{" {
                    depth += 1
                } else if scalar == "]" || scalar == "}" {
                    depth -= 1
                    if depth == 0 { return number + 1 }
                }
            }
            return nil
        }

        /// What was left out has no place; then the thing that it was left out of.
        private func place(of path: String) -> Place {
            var path = path[...]
            while !path.isEmpty {
                if let place = places[String(path)] { return place }
                path = path[..<(path.lastIndex { $0 == "." || $0 == "[" } ?? path.startIndex)]
            }
            return .start
        }
    }

    /// Reads a whole file and reports everything that is wrong with it at once.
    ///
    /// Never throws and never traps, whatever the text. `fileName` is only for the diagnostics.
    /// YAML that cannot be parsed gives the one error at which the parser gave up.
    package static func read(text: String, fileName: String) -> Reading {
        // libyaml takes a byte order mark for content when it is told the encoding.
        let text = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
        let document: YAMLDocument
        do {
            document = try YAMLDocument(text)
        } catch {
            let diagnostic = Diagnostic(
                severity: .error, file: fileName, line: error.place.line, column: error.place.column, length: error.place.length,
                path: "", value: error.value, reason: error.reason, remedy: error.remedy, source: "")
            return Reading(diagnostics: [diagnostic], places: [:], text: text, fileName: fileName)
        }
        var walk = FileWalk(document, fileName: fileName)
        guard let root = document.root, !root.isNothing else {
            walk.report(
                at: .start, path: "", reason: "the file is empty",
                remedy: FileKeys.document.required["federation"] ?? "")
            return Reading(graph: nil, walk: walk, text: text)
        }
        let place = walk.place(of: root)
        let graph = walk.graph(of: FileWalk.Item(node: root, path: "", name: "", namePlace: .start, place: place))
        return Reading(graph: graph, walk: walk, text: text)
    }
}

extension Diagnostic {
    /// With the line that it is about, and a place that the text has: libyaml's marks can point behind the end.
    fileprivate func located(in lines: inout SourceLines) -> Diagnostic {
        var diagnostic = self
        let isBehind = line > lines.source.lastLine
        if isBehind { diagnostic.line = lines.source.lastLine }
        let (text, room) = lines.line(diagnostic.line)
        if isBehind { diagnostic.column = room + 1 }
        diagnostic.source = text
        diagnostic.column = max(1, min(diagnostic.column, room + 1))
        diagnostic.length = max(1, min(length, room - diagnostic.column + 1))
        return diagnostic
    }
}
