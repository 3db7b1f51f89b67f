import Foundation

/// The table of docs/verify.md, made of the rows of all labs.
package enum FaultTable {
    static func rows(in file: String) -> [FaultRow] {
        FileManager.default.contents(atPath: file).flatMap { try? JSONDecoder().decode([FaultRow].self, from: $0) } ?? []
    }

    static func write(_ rows: [FaultRow], to file: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(rows) else { return }
        try? data.write(to: URL(fileURLWithPath: file))
    }

    private static let (begin, end) = ("<!-- begin: made by `make faults` -->", "<!-- end: made by `make faults` -->")

    /// Writes the tables of the labs that have been run into a page, between its marks.
    package static func report(_ layouts: [Layout], into page: String) throws {
        guard var text = try? String(contentsOfFile: page, encoding: .utf8), let from = text.range(of: begin),
            let to = text.range(of: end), from.upperBound <= to.lowerBound
        else { throw LabError("\(page) lacks the lines \(begin) and \(end)") }
        text.replaceSubrange(from.upperBound..<to.lowerBound, with: "\n" + markdown(layouts.flatMap { rows(in: $0.faultRows) }) + "\n")
        try text.write(toFile: page, atomically: true, encoding: .utf8)
    }

    /// The sums, then a table for each lab.
    static func markdown(_ rows: [FaultRow]) -> String {
        let labs = Dictionary(grouping: rows, by: \.lab).sorted { $0.key < $1.key }
        var text = """

            | | faults | that lose packets | false OK | false FAIL | first broken step right | unknown to the catalogue, right | healed by the agent | printed fix healed |
            |---|---|---|---|---|---|---|---|---|

            """
        for (lab, rows) in labs { text += sum(of: rows, called: "`\(lab)`") }
        if labs.count > 1 { text += sum(of: rows, called: "**all**") }
        for (lab, rows) in labs {
            let commits = Set(rows.map(\.commit)).sorted().joined(separator: ", ")
            text += "\n### `\(lab)`\n\nAt \(commits).\n\n"
            text +=
                "| fault | layer | pings lost | verdict | first cause, step | after | right | printed fix |\n|---|---|---|---|---|---|---|---|\n"
            for row in rows { text += row.markdown }
        }
        return text
    }

    private static func sum(of rows: [FaultRow], called name: String) -> String {
        let judged = rows.filter { $0.note == nil }
        let losing = judged.filter { !$0.truth.isEmpty || $0.lost * 10 > $0.sent }
        let unknown = judged.filter(\.isUnknown), tried = judged.filter { $0.fix == .healed || $0.fix == .notHealed }
        func share(_ part: Int, _ whole: Int) -> String { whole == 0 ? "–" : "\(part) of \(whole)" }
        let cells = [
            name, "\(rows.count)" + (judged.count < rows.count ? " (\(rows.count - judged.count) not judged)" : ""), "\(losing.count)",
            "\(judged.count { !$0.falseOKs.isEmpty })", "\(judged.count { !$0.falseFails.isEmpty })",
            share(judged.count(where: \.isRight), judged.count), share(unknown.count(where: \.isRight), unknown.count),
            "\(judged.count { $0.healedAfter != nil || $0.isRepaired && $0.truth.isEmpty })",
            share(tried.count { $0.fix == .healed }, tried.count),
        ]
        return "| \(cells.joined(separator: " | ")) |\n"
    }
}

extension FaultRow {
    fileprivate var markdown: String {
        let name = "`\(fault)`\(isUnknown ? " ⁺" : ""): \(what)"
        if let note {
            let reason = note.prefix(160).replacing("\n", with: " ").replacing("|", with: "/")
            return "| \(name) | \(layer.rawValue) | | | | | not judged: \(reason) | |\n"
        }
        let loss = "\(lost) of \(sent)" + (truth.isEmpty ? healed : "; \(truth)")
        let wrong =
            (falseOKs.isEmpty ? [] : ["**false OK**: \(falseOKs.joined(separator: "; "))"])
            + (falseFails.isEmpty ? [] : ["**false FAIL**: \(falseFails.joined(separator: "; "))"])
        let judgement = isRight ? "yes" : (["**no**"] + wrong).joined(separator: "; ")
        let mend =
            switch fix {
            case .none: ""
            case .look: "a look"
            case .over: "over by itself"
            case .healed: "healed"
            case .notHealed: "**not healed**"
            }
        let cells = [
            name, layer.rawValue, loss, verdict, named,
            told.map { "\(Self.text($0)) s" } ?? "", judgement, mend,
        ]
        return "| \(cells.joined(separator: " | ")) |\n"
    }

    /// Where nothing is left to be named: what was.
    private var named: String {
        func list(_ words: [String]) -> String { words.map { "`\($0.replacing(" at ", with: "`, "))" }.joined(separator: "; ") }
        return causes.isEmpty && !before.isEmpty ? "for a while \(list(before))" : list(causes)
    }

    /// Who is faster than any verdict.
    private var healed: String {
        if let healedAfter { return "; healed after \(Self.text(healedAfter)) s" }
        return isRepaired ? "; repaired by the agent" : ""
    }

    private static func text(_ seconds: Double) -> String { seconds.formatted(.number.precision(.fractionLength(seconds < 10 ? 1 : 0))) }
}
