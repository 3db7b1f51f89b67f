/// What stands on a terminal after these bytes: a VT100 with the little that fedctl uses, and nothing else.
struct Screen {
    /// A control that fedctl has no business to send.
    struct Unknown: Error { var control: String }

    let columns: Int
    let rows: Int
    private(set) var lines: [[Character]] = [[]]
    private var row = 0
    private var column = 0
    private var wraps = true
    /// Some text had a colour.
    private(set) var isColoured = false

    init(_ text: String, columns: Int, rows: Int) throws {
        self.columns = columns
        self.rows = rows
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\r": column = 0
            case "\n": lineFeed()
            case "\u{1b}": try control(&rest)
            default: put(Character(scalar))
            }
        }
    }

    var text: String {
        lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }

    private mutating func put(_ character: Character) {
        if column == columns {
            guard wraps else { return lines[row][columns - 1] = character }
            column = 0
            lineFeed()
        }
        while lines[row].count <= column { lines[row].append(" ") }
        lines[row][column] = character
        column += 1
    }

    private mutating func lineFeed() {
        row += 1
        if row == lines.count { lines.append([]) }
    }

    private mutating func control(_ rest: inout ArraySlice<Unicode.Scalar>) throws {
        var sequence = ""
        while let scalar = rest.popFirst() {
            sequence.unicodeScalars.append(scalar)
            if scalar != "[", ("@"..."~").contains(scalar) { break }
        }
        switch sequence {
        case "[?7l": wraps = false
        case "[?7h": wraps = true
        case "[K": lines[row].removeLast(max(0, lines[row].count - column))
        case "[J":
            lines[row].removeLast(max(0, lines[row].count - column))
            lines.removeLast(lines.count - row - 1)
        case _ where sequence.hasSuffix("A"):
            // The cursor stops at the top of the terminal: lines that scrolled away cannot be reached.
            row = max(row - (Int(sequence.dropFirst().dropLast()) ?? 1), max(0, lines.count - rows))
        case _ where sequence.hasSuffix("m"): isColoured = true
        default: throw Unknown(control: sequence)
        }
    }
}
