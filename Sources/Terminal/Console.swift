import Foundation

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

    package static let defaultWidth = 120

    package init(isColoured: Bool, isErrorColoured: Bool, showsProgress: Bool, width: Int) {
        self.isColoured = isColoured
        self.isErrorColoured = isErrorColoured
        self.showsProgress = showsProgress
        self.width = width
    }

    /// Of this process. Colours need a terminal and no `NO_COLOR` (https://no-color.org).
    package static func current(environment: [String: String] = ProcessInfo.processInfo.environment) -> Console {
        let mayColour = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        var size = winsize()
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let isMeasured = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Console(
            isColoured: isTerminal && mayColour, isErrorColoured: isatty(STDERR_FILENO) == 1 && mayColour,
            showsProgress: isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb",
            width: isMeasured ? Int(size.ws_col) : defaultWidth)
    }

    /// Writes an answer to standard output.
    package func show(_ value: some Encodable, _ page: Page, as format: OutputFormat) throws {
        write(try format.text(of: value, page: page, coloured: isColoured))
    }

    package func show(_ page: Page) { write(page.rendered(coloured: isColoured)) }

    /// Writes to standard error.
    package func complain(_ page: Page) { Self.write(page.rendered(coloured: isErrorColoured), to: STDERR_FILENO) }

    /// Shows what is waited for, in the place of what was shown before. Nothing where standard error is no terminal.
    package func progress(_ text: StyledText) {
        if showsProgress { Self.write("\r\u{1b}[K" + text.rendered(coloured: isErrorColoured), to: STDERR_FILENO) }
    }

    package func endProgress() {
        if showsProgress { Self.write("\r\u{1b}[K", to: STDERR_FILENO) }
    }

    /// Writes to standard output at once.
    /// - Returns: false where the reader went away (`| head`), which is no error: there is nobody to tell.
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
