import Foundation
import NetworkTypes

/// The two streams that a program writes to, and what they can show.
package struct Console: Sendable {
    /// Standard output is a terminal that may be coloured.
    package let isColoured: Bool
    /// The same of standard error.
    package let isErrorColoured: Bool
    /// Standard error is a terminal: lines that are overwritten may be shown there.
    package let showsProgress: Bool
    /// Columns of the terminal; `defaultWidth` where there is none.
    package let width: Int
    /// Columns that lines are broken for, of standard output and of standard error; nil: what reads them is not a terminal, and breaks nothing.
    package let columns: Int?
    package let errorColumns: Int?
    /// Standard input is a terminal too: somebody is there to be asked.
    package let canAsk: Bool

    package static let defaultWidth = 80

    package init(
        isColoured: Bool, isErrorColoured: Bool, showsProgress: Bool, width: Int, canAsk: Bool = false, columns: Int? = nil,
        errorColumns: Int? = nil
    ) {
        self.isColoured = isColoured
        self.isErrorColoured = isErrorColoured
        self.showsProgress = showsProgress
        self.width = width
        self.canAsk = canAsk
        self.columns = columns
        self.errorColumns = errorColumns
    }

    /// Of this process. Colours need a terminal and no `NO_COLOR` (https://no-color.org).
    package static func current(environment: [String: String] = ProcessInfo.processInfo.environment) -> Console {
        let mayColour = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let size = isTerminal ? size(of: STDOUT_FILENO) : nil
        return Console(
            isColoured: isTerminal && mayColour, isErrorColoured: isatty(STDERR_FILENO) == 1 && mayColour,
            showsProgress: isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb",
            width: size?.columns ?? defaultWidth, canAsk: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1, columns: size?.columns,
            errorColumns: isatty(STDERR_FILENO) == 1 ? Self.size(of: STDERR_FILENO)?.columns : nil)
    }

    /// Lines of the terminal that standard error is, by now: its user may make it smaller at any time.
    package var height: Int { Self.size(of: STDERR_FILENO)?.rows ?? Self.defaultHeight }

    package static let defaultHeight = 24

    private static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Asks a person, and takes everything but yes for no.
    package func asks(_ question: String) -> Bool {
        Self.write("\(printable(question)) [y/N] ", to: STDERR_FILENO)
        guard let answer = readLine() else {
            Self.write("\n", to: STDERR_FILENO)
            return false
        }
        return ["y", "yes"].contains(answer.trimmingCharacters(in: .whitespaces).lowercased())
    }

    /// Writes an answer to standard output.
    package func show(_ value: some Encodable, _ page: Page, as format: OutputFormat) throws {
        write(try format.text(of: value, page: page, coloured: isColoured, columns: columns))
    }

    package func show(_ page: Page) { write(page.rendered(coloured: isColoured, columns: columns)) }

    /// Writes to standard error.
    package func complain(_ page: Page) { Self.write(page.rendered(coloured: isErrorColoured, columns: errorColumns), to: STDERR_FILENO) }

    func writeError(_ text: String) { Self.write(text, to: STDERR_FILENO) }

    /// Shows what is waited for, in the place of what was shown before. Nothing where standard error is not a terminal.
    package func progress(_ text: StyledText) {
        if showsProgress { Self.write("\r\u{1b}[K" + text.rendered(coloured: isErrorColoured), to: STDERR_FILENO) }
    }

    package func endProgress() {
        if showsProgress { Self.write("\r\u{1b}[K", to: STDERR_FILENO) }
    }

    /// Writes to standard output at once.
    /// - Returns: False if the reader went away (`| head`), which is not an error: there is nobody to tell.
    @discardableResult
    package func write(_ text: String) -> Bool { Self.write(text, to: STDOUT_FILENO) }

    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}
