import Glibc

/// Size of a terminal's window, in characters.
package struct WindowSize: Hashable, Sendable, Codable {
    package var rows: Int
    package var columns: Int

    package init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// That of an open terminal; nil if it is not one.
    init?(of file: Int32) {
        var size = winsize()
        guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
        self.init(rows: Int(size.ws_row), columns: Int(size.ws_col))
    }

    /// Gives an open terminal this size; its programs hear of it by SIGWINCH.
    func set(on file: Int32) {
        var size = winsize()
        size.ws_row = UInt16(clamping: rows)
        size.ws_col = UInt16(clamping: columns)
        _ = ioctl(file, UInt(TIOCSWINSZ), &size)
    }
}

/// A terminal that hands on each key as it is typed, Ctrl-C among them, until it is restored.
struct RawTerminal {
    private let file: Int32
    private let before: termios

    /// Nil if the file is not a terminal.
    init?(_ file: Int32) {
        var settings = termios()
        guard tcgetattr(file, &settings) == 0 else { return nil }
        self.file = file
        before = settings
        cfmakeraw(&settings)
        tcsetattr(file, TCSADRAIN, &settings)
    }

    func restore() {
        var settings = before
        tcsetattr(file, TCSADRAIN, &settings)
    }
}

/// A pseudo-terminal: programs run on the device `path`, and what they print is read from `master`.
struct PseudoTerminal: ~Copyable {
    let master: Int32
    let path: String

    /// As pts(4) says; openpty(3) would let another program that is just started inherit both ends.
    init(_ size: WindowSize) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        var isLocked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, Self.lock, &isLocked) == 0, ioctl(master, Self.number, &number) == 0 else {
            let text = errnoText
            if master >= 0 { close(master) }
            throw LabError("no pseudo-terminal: \(text)")
        }
        path = "/dev/pts/\(number)"
        size.set(on: master)
    }

    /// TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>.
    private static let (lock, number) = (UInt(0x4004_5431), UInt(0x8004_5430))

    deinit { close(master) }
}
