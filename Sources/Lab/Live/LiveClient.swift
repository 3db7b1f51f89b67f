// Dispatch sources may be held anywhere; their protocol just does not say so yet.
@preconcurrency import Dispatch
import Foundation
import Glibc
import Synchronization

/// The host's end of a command that runs in a guest: passes on what is typed and what is printed until the command ends.
package struct LiveClient: Sendable {
    private let folder: String
    private let files: (input: Int32, output: Int32, errors: Int32)
    /// Both ends are terminals: the command gets one of its own, and each key as it is typed.
    private let isTerminal: Bool

    /// `files`: where the command's streams come from and go to.
    package init(_ folder: String, files: (input: Int32, output: Int32, errors: Int32) = (0, 1, 2)) {
        self.folder = folder
        self.files = files
        isTerminal = isatty(files.input) == 1 && isatty(files.output) == 1
    }

    /// The size of the terminal that the command is to get; nil if it is to get none.
    package var terminal: WindowSize? { isTerminal ? WindowSize(of: files.output) : nil }

    /// Copies until the command ends. Returns its exit status; 141 if nobody takes its output.
    /// - Parameters:
    ///   - alive: whether the guest runs.
    ///   - limit: how long the guest may take to begin.
    package func run(limit: Duration = .seconds(20), alive: @escaping @Sendable () -> Bool) async throws -> Int32 {
        let signals = Signals(isTerminal ? [SIGTERM, SIGHUP] : [SIGINT, SIGQUIT, SIGTERM, SIGHUP])
        return try await onThread {
            let raw = isTerminal ? RawTerminal(files.input) : nil
            defer {
                raw?.restore()
                try? FileManager.default.removeItem(atPath: folder)
            }
            return try copy(signals, limit, alive)
        }
    }

    private func copy(_ signals: Signals, _ limit: Duration, _ alive: () -> Bool) throws -> Int32 {
        var input = RecordWriter("\(folder)/in")
        var control = RecordWriter("\(folder)/ctl")
        var output = RecordReader("\(folder)/out")
        var pace = Pace(busy: 2, idle: 10)
        var size = terminal
        var reads = true
        var hasStarted = false
        let start = ContinuousClock.now
        var beat = start
        while true {
            reads = try forward(&input, while: reads, wait: pace.pause)
            while let record = output.take() {
                hasStarted = true
                pace.somethingHappened()
                switch record.kind {
                case .output: guard write(record.bytes, to: files.output) else { return 128 + SIGPIPE }
                case .errors: _ = write(record.bytes, to: files.errors)
                case .status: return Int32(record.numbers.first ?? 1)
                default: break
                }
            }
            for signal in signals.take() { try control.send(Record(.signal, numbers: [Int(signal)])) }
            if let now = terminal, now != size {
                size = now
                try control.send(Record(.size, numbers: [now.rows, now.columns]))
            }
            let now = ContinuousClock.now
            if now - beat > .seconds(1) {
                beat = now
                if !control.isFull { try control.send(Record(.beat)) }
                guard alive() else { throw LabError("the guest is gone") }
                guard hasStarted || now - start < limit else { throw LabError("no answer from the guest") }
            }
        }
    }

    /// Reads what is typed, waiting for it as long as `wait` (milliseconds). False once it has ended.
    private func forward(_ input: inout RecordWriter, while reads: Bool, wait: Int32) throws -> Bool {
        guard reads, !input.isFull else {
            usleep(useconds_t(1000 * wait))
            return reads
        }
        var polled = pollfd(fd: files.input, events: Int16(POLLIN), revents: 0)
        guard poll(&polled, 1, wait) > 0 else { return true }
        var buffer = [UInt8](repeating: 0, count: Record.limit)
        let count = read(files.input, &buffer, buffer.count)
        if count > 0 {
            try input.send(Record(.input, Array(buffer[..<count])))
            return true
        }
        if count < 0, errno == EINTR || errno == EAGAIN { return true }
        try input.send(Record(.inputEnd))
        return false
    }

    /// False if nobody reads any more.
    private func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

/// Signals that came, to be passed on; SIGPIPE is heard of by what write(2) says.
private final class Signals: Sendable {
    private let come = Mutex<[Int32]>([])
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    init(_ numbers: [Int32]) {
        signal(SIGPIPE, SIG_IGN)
        for number in numbers {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable [weak self] in self?.come.withLock { $0.append(number) } }
            source.resume()
            sources.withLock { $0.append(source) }
        }
    }

    func take() -> [Int32] {
        come.withLock { numbers in
            defer { numbers = [] }
            return numbers
        }
    }
}
