/// Rows under column titles, aligned; two spaces between columns and nothing at the ends of lines.
package struct Table: Hashable, Sendable {
    package enum Alignment: Hashable, Sendable {
        case leading
        /// For numbers.
        case trailing
    }

    package struct Column: Hashable, Sendable {
        package var title: String
        package var alignment: Alignment
        /// Shown with `-o wide` only.
        package var isWide: Bool

        package init(_ title: String, _ alignment: Alignment = .leading, wide isWide: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.isWide = isWide
        }
    }

    package var columns: [Column]
    /// One cell per column each, those of wide columns too.
    package private(set) var rows: [[StyledText]] = []
    /// What stands there instead of a table without rows.
    package var emptyNote: String

    package init(_ columns: [Column], emptyNote: String) {
        self.columns = columns
        self.emptyNote = emptyNote
    }

    /// Cells that are missing at the end are empty.
    package mutating func add(_ cells: [StyledText]) {
        rows.append(Array((cells + Array(repeating: "", count: max(0, columns.count - cells.count))).prefix(columns.count)))
    }

    /// In columns of a terminal, as `lines` would print it.
    package func width(wide: Bool) -> Int {
        let widths = widths(of: shown(wide: wide))
        return widths.reduce(0, +) + Self.gap * max(0, widths.count - 1)
    }

    package func lines(wide: Bool, coloured: Bool) -> [String] {
        guard !rows.isEmpty else { return [StyledText(emptyNote, .faint).rendered(coloured: coloured)] }
        let shown = shown(wide: wide)
        let widths = widths(of: shown)
        let titles = shown.map { StyledText(columns[$0].title, .heading) }
        return ([titles] + rows.map { row in shown.map { row[$0] } }).map { cells in
            line(cells, widths, shown.map { columns[$0].alignment }, coloured)
        }
    }

    private static let gap = 2

    private func shown(wide: Bool) -> [Int] { columns.indices.filter { wide || !columns[$0].isWide } }

    private func widths(of shown: [Int]) -> [Int] {
        shown.map { index in rows.reduce(displayWidth(columns[index].title)) { max($0, $1[index].width) } }
    }

    private func line(_ cells: [StyledText], _ widths: [Int], _ alignments: [Alignment], _ coloured: Bool) -> String {
        var line = ""
        // Blanks are owed until something follows them.
        var blanks = 0
        for (index, cell) in cells.enumerated() {
            let filling = widths[index] - cell.width
            if alignments[index] == .trailing { blanks += filling }
            if !cell.isEmpty {
                line += String(repeating: " ", count: blanks) + cell.rendered(coloured: coloured)
                blanks = 0
            }
            blanks += (alignments[index] == .leading ? filling : 0) + (cell.isEmpty ? cell.width : 0) + Self.gap
        }
        return line
    }
}
