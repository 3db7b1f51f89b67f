import Foundation

/// A page on a terminal that is drawn again and again in the same place.
///
/// It is drawn on standard error, so that what a program writes as its answer stays clean.
package struct LivePage: Sendable {
    private let console: Console
    /// Lines that stand on the terminal above the cursor.
    private var drawn = 0

    package init(on console: Console) { self.console = console }

    /// Puts the page in the place of the one before. It must be lower than the terminal, or its first lines stay behind.
    package mutating func draw(_ page: Page) {
        guard console.showsProgress else { return }
        let text = Self.sequence(for: page, over: drawn, coloured: console.isErrorColoured)
        drawn = text.lines
        console.writeError(text.bytes)
    }

    /// Takes the page away; the cursor stands where its first line was.
    package mutating func erase() {
        guard console.showsProgress, drawn > 0 else { return }
        draw(Page())
    }

    /// What a terminal has to be sent (ECMA-48: CUU, ED; DEC private mode 7: long lines are cut and take one line each).
    ///
    /// - Parameter drawn: lines of the page before.
    package static func sequence(for page: Page, over drawn: Int, coloured: Bool) -> (bytes: String, lines: Int) {
        let text = page.rendered(coloured: coloured)
        let back = drawn > 0 ? "\r\u{1b}[\(drawn)A" : "\r"
        return ("\u{1b}[?7l\(back)\u{1b}[J\(text)\u{1b}[?7h", text.count { $0 == "\n" })
    }
}
