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

    package func lines(wide: Bool, coloured: Bool) -> [String] { rowLines(wide: wide, coloured: coloured, columns: nil).flatMap(\.self) }

    /// The lines of the titles, then of each row. Mostly one each; what does not fit into so many columns goes on below in the last column, and
    /// where that would be too narrow, each row is a block of titles and values.
    func rowLines(wide: Bool, coloured: Bool, columns limit: Int?) -> [[String]] {
        guard !rows.isEmpty else { return [StyledText(emptyNote, .faint).wrapped(to: limit).map { $0.rendered(coloured: coloured) }] }
        let shown = shown(wide: wide)
        var widths = widths(of: shown)
        if let limit, width(wide: wide) > limit, let last = shown.last {
            let room = limit - widths.dropLast().reduce(0, +) - Self.gap * (widths.count - 1)
            guard room >= Self.narrowest, columns[last].alignment == .leading, displayWidth(columns[last].title) <= room else {
                return blocks(shown, coloured, limit)
            }
            widths[widths.count - 1] = room
        }
        let titles = shown.map { StyledText(columns[$0].title, .heading) }
        return ([titles] + rows.map { row in shown.map { row[$0] } }).map { cells in
            let alignments = shown.map { columns[$0].alignment }
            guard limit != nil, let last = cells.last, last.width > widths[widths.count - 1] else {
                return [line(cells, widths, alignments, coloured)]
            }
            return last.wrapped(to: widths[widths.count - 1]).enumerated().map { index, part in
                let others: [StyledText] = index == 0 ? Array(cells.dropLast()) : cells.dropLast().map { _ in "" }
                return line(others + [part], widths, alignments, coloured)
            }
        }
    }

    /// Below this a last column that is broken is read worse than a block.
    private static let narrowest = 20

    /// A block for each row, with its first cell as its title.
    private func blocks(_ shown: [Int], _ coloured: Bool, _ limit: Int) -> [[String]] {
        let titleWidth = shown.dropFirst().map { displayWidth(columns[$0].title) }.max() ?? 0
        return [[]]
            + rows.map { row in
                let head = StyledText(columns[shown[0]].title + " ", .faint) + row[shown[0]]
                let rest = shown.dropFirst().filter { !row[$0].isEmpty }.flatMap { column in
                    row[column].wrapped(to: max(Self.narrowest, limit - titleWidth - 4)).enumerated().map { index, value in
                        let title = index == 0 ? columns[column].title : ""
                        return "  " + StyledText(title, .faint).rendered(coloured: coloured)
                            + String(repeating: " ", count: titleWidth - displayWidth(title) + 2) + value.rendered(coloured: coloured)
                    }
                }
                return [head.rendered(coloured: coloured)] + rest
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
