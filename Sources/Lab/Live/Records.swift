import Foundation
import Glibc

/// Something that one side of a spool tells the other while a command runs: a byte that says what it is, and its bytes.
struct Record: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        /// From the host: bytes for the command's input, and its end.
        case input = 0x69
        case inputEnd = 0x45
        /// From the host: the terminal's size, a signal, and that somebody is still there.
        case size = 0x77
        case signal = 0x73
        case beat = 0x62
        /// From the guest: that the request was taken, bytes of the command's streams, and its exit status, which is last.
        case started = 0x53
        case output = 0x6f
        case errors = 0x65
        case status = 0x78
    }

    var kind: Kind
    var bytes: [UInt8] = []

    init(_ kind: Kind, _ bytes: [UInt8] = []) {
        self.kind = kind
        self.bytes = bytes
    }

    /// Small numbers, as text.
    init(_ kind: Kind, numbers: [Int]) { self.init(kind, Array(numbers.map(String.init).joined(separator: " ").utf8)) }

    var numbers: [Int] { String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int($0) } }

    /// Bytes in one record at most.
    static let limit = 1 << 15
}

/// One way between host and guest: each record is a file `PREFIX.N` of its own, which the reader takes away.
///
/// Only so it crosses hostfs unharmed: a guest that keeps a file open does not see what the host adds to it. No more than
/// `capacity` records lie there at a time; whoever fills them waits for the reader.
struct RecordWriter {
    private let prefix: String
    private var next = 0
    static let capacity = 16

    init(_ prefix: String) { self.prefix = prefix }

    /// Whether the reader has to take some first.
    var isFull: Bool { next >= Self.capacity && access("\(prefix).\(next - Self.capacity)", F_OK) == 0 }

    /// Throws if the folder is gone: the other side has left.
    mutating func send(_ record: Record) throws {
        let path = "\(prefix).\(next)"
        let file = open("\(path).new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw LabError("cannot write \(path): \(errnoText)") }
        let bytes = [record.kind.rawValue] + record.bytes
        let count = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard close(file) == 0, count == bytes.count, rename("\(path).new", path) == 0 else {
            throw LabError("cannot write \(path): \(errnoText)")
        }
        next += 1
    }
}

/// The other end.
struct RecordReader {
    private let prefix: String
    private var next = 0

    init(_ prefix: String) { self.prefix = prefix }

    /// The next record, which is taken away; nil while there is none.
    mutating func take() -> Record? {
        let path = "\(prefix).\(next)"
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Record.limit + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress! + count, $0.count - count) }
            if got <= 0 { break }
            count += got
        }
        close(file)
        unlink(path)
        next += 1
        guard count > 0, let kind = Record.Kind(rawValue: bytes[0]) else { return take() }
        return Record(kind, Array(bytes[1..<count]))
    }
}

/// How long to sleep before looking again: short while something happens, so that typed keys come back at once.
struct Pace {
    private var last = ContinuousClock.now
    /// Milliseconds while something happened within the last second, and otherwise.
    let busy: Int32
    let idle: Int32

    init(busy: Int32, idle: Int32) {
        self.busy = busy
        self.idle = idle
    }

    mutating func somethingHappened() { last = .now }
    var pause: Int32 { ContinuousClock.now - last < .seconds(1) ? busy : idle }
}
