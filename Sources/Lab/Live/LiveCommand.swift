import Glibc

/// The guest's end of a command that runs while its streams are passed on: spawns it, and copies until it ends.
struct LiveCommand: Sendable {
    let arguments: [String]
    let namespace: NetworkNamespace?
    let environment: [String: String]
    /// Where the command is to run on a terminal of its own.
    let terminal: WindowSize?
    /// Without a word from the host for so long, the command is hung up. Seconds.
    var patience = 30

    /// Runs it to its end on the calling thread, which must be the caller's to spend; answers into `folder`.
    func run(in folder: String) {
        var output = RecordWriter("\(folder)/out")
        do {
            try output.send(Record(.started))
            try namespace?.enter()
            let status: Int32
            if let terminal { status = try onTerminal(terminal, folder, &output) } else { status = try onPipes(folder, &output) }
            try output.send(Record(.status, numbers: [Int(status)]))
        } catch {
            try? output.send(Record(.errors, Array("\(error)\n".utf8)))
            try? output.send(Record(.status, numbers: [1]))
        }
    }

    private func onTerminal(_ size: WindowSize, _ folder: String, _ output: inout RecordWriter) throws -> Int32 {
        let terminal = try PseudoTerminal(size)
        let process = try spawn(arguments, environment: environment, newSession: true, files: [], terminal: terminal.path)
        var streams = Streams(
            process: process, folder: folder, input: terminal.master, outputs: [(terminal.master, .output)], isTerminal: true)
        return try streams.copy(&output, patience: patience)
    }

    private func onPipes(_ folder: String, _ output: inout RecordWriter) throws -> Int32 {
        let (process, input, stdout, stderr) = try Command(arguments, environment: environment).start()
        _ = fcntl(input, F_SETFL, O_NONBLOCK)
        defer { for file in [stdout, stderr] { close(file) } }
        var streams = Streams(
            process: process, folder: folder, input: input, outputs: [(stdout, .output), (stderr, .errors)], isTerminal: false)
        return try streams.copy(&output, patience: patience)
    }
}

/// A running command's descriptors, and what goes through them.
private struct Streams {
    let process: pid_t
    let folder: String
    /// -1 once it is closed.
    var input: Int32
    var outputs: [(file: Int32, kind: Record.Kind)]
    let isTerminal: Bool

    private var data: RecordReader
    private var control: RecordReader
    /// Input that the command has not taken yet, and whether there is more to come.
    private var waiting: ArraySlice<UInt8> = []
    private var inputEnds = false
    private var heard = ContinuousClock.now

    init(process: pid_t, folder: String, input: Int32, outputs: [(Int32, Record.Kind)], isTerminal: Bool) {
        self.process = process
        self.folder = folder
        self.input = input
        self.outputs = outputs.map { (file: $0.0, kind: $0.1) }
        self.isTerminal = isTerminal
        data = RecordReader("\(folder)/in")
        control = RecordReader("\(folder)/ctl")
    }

    /// Copies until the command has ended and all that it printed is sent. Returns its exit status.
    mutating func copy(_ output: inout RecordWriter, patience: Int) throws -> Int32 {
        defer { closeInput() }
        var pace = Pace(busy: 4, idle: 20)
        var status: Int32 = 0
        var hasEnded = false
        while true {
            if !hasEnded { hasEnded = waitpid(process, &status, WNOHANG) == process }
            // What a daemon that was left behind keeps open is not waited for.
            let moved = try read(into: &output, wait: hasEnded ? 0 : pace.pause)
            if hasEnded, !moved { break }
            let came = obey() || feed()
            if moved || came { pace.somethingHappened() }
            guard access(folder, F_OK) == 0, ContinuousClock.now - heard < .seconds(patience) else {
                hangUp()
                throw LabError("nobody is listening")
            }
        }
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    /// Sends on what the command prints; true if it printed something.
    private mutating func read(into output: inout RecordWriter, wait: Int32) throws -> Bool {
        guard !output.isFull else {
            usleep(4000)
            return true
        }
        var polled = outputs.map { pollfd(fd: $0.file, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), wait) > 0 else { return false }
        var moved = false
        for index in polled.indices.reversed() where polled[index].revents != 0 {
            var buffer = [UInt8](repeating: 0, count: Record.limit)
            let count = Glibc.read(outputs[index].file, &buffer, buffer.count)
            if count > 0 {
                try output.send(Record(outputs[index].kind, Array(buffer[..<count])))
                moved = true
            } else if !(count < 0 && errno == EAGAIN) {
                // A terminal that nobody has open (EIO) may be opened again: by a shell's next program, for instance.
                if isTerminal { usleep(useconds_t(1000 * min(wait, 4))) } else { outputs.remove(at: index) }
            }
        }
        if outputs.isEmpty, wait > 0 { usleep(useconds_t(1000 * wait)) }
        return moved
    }

    /// Does what the host says besides input.
    private mutating func obey() -> Bool {
        var came = false
        while let record = control.take() {
            heard = .now
            switch record.kind {
            case .size where record.numbers.count == 2:
                WindowSize(rows: record.numbers[0], columns: record.numbers[1]).set(on: input)
                came = true
            case .signal:
                for number in record.numbers { kill(-process, Int32(number)) }
                came = true
            default: break
            }
        }
        return came
    }

    /// Gives the command what was typed, as much as it takes.
    private mutating func feed() -> Bool {
        guard input >= 0 else { return false }
        var came = false
        if waiting.isEmpty, !inputEnds, let record = data.take() {
            came = true
            if record.kind == .input { waiting = record.bytes[...] } else { inputEnds = true }
        }
        if !waiting.isEmpty {
            let count = waiting.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count > 0 {
                waiting = waiting.dropFirst(count)
            } else if errno != EAGAIN {
                // The command reads no more: what is still sent is taken and dropped.
                waiting = []
            }
        }
        if inputEnds, waiting.isEmpty, !isTerminal { closeInput() }
        return came
    }

    private mutating func closeInput() {
        // A terminal's input is its output, and closed with it.
        if input >= 0, !isTerminal { close(input) }
        if !isTerminal { input = -1 }
    }

    /// Ends a command whose caller is gone, with all that it started.
    private func hangUp() {
        for signal in [SIGHUP, SIGTERM, SIGKILL] {
            kill(-process, signal)
            for _ in 0..<20 {
                var status: Int32 = 0
                if waitpid(process, &status, WNOHANG) == process { return }
                usleep(50_000)
            }
        }
    }
}
