/// The output of a command for a person: headings, lines, named values and tables.
package struct Page: Hashable, Sendable {
    private enum Block: Hashable, Sendable {
        case heading(StyledText)
        case line(StyledText, indentation: Int)
        case fields([Field])
        case table(Table, notes: [Int: [StyledText]], indentation: Int)
        case gap
    }

    private struct Field: Hashable, Sendable {
        var name: String
        var values: [StyledText]
    }

    private var blocks: [Block] = []

    package init() {}

    /// A heading, with an empty line before it.
    package mutating func heading(_ text: StyledText) {
        gap()
        blocks.append(.heading(text))
    }

    package mutating func line(_ text: StyledText, indentation: Int = 0) { blocks.append(.line(text, indentation: indentation)) }

    /// An empty line, unless there is one already, or nothing above.
    package mutating func gap() {
        if let last = blocks.last, last != .gap { blocks.append(.gap) }
    }

    /// `name  value`; several values are on separate lines. A name without values is skipped.
    /// Fields that follow each other are aligned with each other.
    package mutating func field(_ name: String, _ values: [StyledText]) {
        guard !values.isEmpty else { return }
        let field = Field(name: name, values: values)
        if case .fields(let fields) = blocks.last {
            blocks[blocks.count - 1] = .fields(fields + [field])
        } else {
            blocks.append(.fields([field]))
        }
    }

    package mutating func field(_ name: String, _ value: StyledText) { field(name, [value]) }

    /// - Parameter notes: what stands below a row, indented, by the row's number from 0.
    package mutating func table(_ table: Table, notes: [Int: [StyledText]] = [:], indentation: Int = 0) {
        blocks.append(.table(table, notes: notes, indentation: indentation))
    }

    package mutating func append(_ page: Page) { blocks += page.blocks }

    /// Ends with a new line, unless there is nothing.
    /// - Parameter columns: lines are broken between words, so that they fit; nil: they are as long as they are.
    package func rendered(wide: Bool = false, coloured: Bool = false, columns: Int? = nil) -> String {
        blocks.flatMap { lines(of: $0, wide, coloured, columns) }.map { $0 + "\n" }.joined()
    }

    /// What is left of a line behind an indentation; narrow terminals break what they must.
    private func room(_ columns: Int?, behind indentation: Int) -> Int? { columns.map { max(20, $0 - indentation) } }

    private func lines(of block: Block, _ wide: Bool, _ coloured: Bool, _ columns: Int?) -> [String] {
        switch block {
        case .heading(let text): return [StyledText(text.plain, .heading).rendered(coloured: coloured)]
        case .line(let text, let indentation):
            return text.wrapped(to: room(columns, behind: indentation)).map { blank(indentation) + $0.rendered(coloured: coloured) }
        case .gap: return [""]
        case .table(let table, let notes, let indentation):
            return table.rowLines(wide: wide, coloured: coloured, columns: room(columns, behind: indentation)).enumerated().flatMap {
                index, lines in
                // The first row has the titles.
                lines
                    + (notes[index - 1] ?? []).flatMap { $0.wrapped(to: room(columns, behind: indentation + 4)) }.map {
                        blank(4) + $0.rendered(coloured: coloured)
                    }
            }.map { blank(indentation) + $0 }
        case .fields(let fields):
            let width = fields.map { displayWidth($0.name) }.max() ?? 0
            return fields.flatMap { field in
                field.values.flatMap { $0.wrapped(to: room(columns, behind: width + 4)) }.enumerated().map { index, value in
                    let name = index == 0 ? field.name : ""
                    return "  " + StyledText(name, .faint).rendered(coloured: coloured)
                        + blank(width - displayWidth(name) + 2) + value.rendered(coloured: coloured)
                }
            }
        }
    }

    private func blank(_ count: Int) -> String { String(repeating: " ", count: count) }
}
