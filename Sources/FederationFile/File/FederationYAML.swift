import Federation
import FederationModel
import NetworkTypes
import Yams

/// The federation as its admin writes it: one YAML document (`topologies/federation.schema.json` describes it).
package enum FederationYAML {
    /// The result of reading a text.
    package struct Reading: Hashable, Sendable {
        /// Nil if there is any error.
        package var graph: FederationGraph?
        /// Sorted by line and column.
        package var diagnostics: [Diagnostic]
        /// The place of each path in the document, to locate findings of later checks.
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

        /// The maximum of diagnostics for one file; one more counts the rest.
        private static let limit = 100

        /// The first ones, errors before warnings.
        private static func few(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
            guard diagnostics.count > limit else { return diagnostics }
            let sorted = diagnostics.filter { $0.severity == .error }.sorted() + diagnostics.filter { $0.severity == .warning }.sorted()
            var rest = sorted[limit]
            (rest.path, rest.value, rest.length) = ("", nil, 1)
            rest.reason = "\(sorted.count - limit) more problems"
            rest.remedy = "fix these first, then check the file again"
            return sorted.prefix(limit) + [rest]
        }

        /// The ledger's refusals, at the places in the file that requested the values.
        package func diagnostics(for error: AllocationError) -> [Diagnostic] {
            located(
                error.problems.map {
                    Diagnostic(
                        severity: .error, file: fileName, line: 1, column: 1, length: 1, path: $0.path, value: $0.value, reason: $0.reason,
                        remedy: $0.remedy, source: "")
                })
        }

        /// Findings of later checks, each at the place of its path; sorted. Fills in file, line and column.
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

        /// The plan's findings, at their places in the file.
        package func diagnostics(for findings: [Finding]) -> [Diagnostic] {
            var lines = SourceLines(text)
            return findings.map { finding in
                var place = place(of: finding.path)
                // A list is underlined as a whole; libyaml marks only its beginning. A mapping with a missing key is not underlined.
                if places[finding.path] == place, let length = Self.listLength(at: place, in: lines.source) { place.length = length }
                return Diagnostic(
                    severity: finding.severity == .error ? .error : .warning, file: fileName, line: place.line, column: place.column,
                    length: place.length, path: finding.path, value: nil, reason: "\(finding.reason) (\(finding.code.rawValue))",
                    remedy: finding.remedy, source: ""
                ).located(in: &lines)
            }
        }

        /// The length of a bracketed list on its line; nil if there is none, or it ends on another line.
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

        /// The place of the path or, for an omitted key, of its nearest parent.
        private func place(of path: String) -> Place {
            var path = path[...]
            while !path.isEmpty {
                if let place = places[String(path)] { return place }
                path = path[..<(path.lastIndex { $0 == "." || $0 == "[" } ?? path.startIndex)]
            }
            return .start
        }
    }

    /// Reads a file and reports all problems at once.
    ///
    /// Never throws or traps. `fileName` is only for the diagnostics.
    /// Invalid YAML gives one error: where the parser stopped.
    package static func read(text: String, fileName: String) -> Reading {
        // With an explicit encoding, libyaml reads a byte order mark as content.
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
    /// With its source line, and a place inside the text: libyaml's marks can point past the end.
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
