/// The lines of a text, each measured once: a file may be one long line with many problems.
struct SourceLines {
    let source: SourceText
    private var latest: (number: Int, text: String, length: Int)?

    init(_ text: String) { source = SourceText(text) }

    /// The line without its line end, and its length in Unicode scalars.
    mutating func line(_ number: Int) -> (text: String, length: Int) {
        if let latest, latest.number == number { return (latest.text, latest.length) }
        let text = source.line(number)
        let line = (number: number, text: text, length: text.unicodeScalars.count)
        latest = line
        return (line.text, line.length)
    }
}
