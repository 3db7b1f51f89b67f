import Foundation

/// A file that gets its name when it is whole; until then it is NAME.part.
final class WholeFile: Sendable {
    private let path: String
    private let part: String
    private let descriptor: Int32

    /// - Parameter mode: for its owner’s eyes only, unless said otherwise.
    /// - Throws: `CommandError` where the file exists and is not to be replaced, or cannot be made.
    init(_ path: String, replacing: Bool, mode: mode_t = 0o600) throws {
        self.path = path
        part = path + ".part"
        guard replacing || access(path, F_OK) != 0 else {
            throw CommandError("\(path) already exists", remedy: "choose another file, or add --replace")
        }
        unlink(part)
        descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw Self.failure(part) }
    }

    deinit {
        close(descriptor)
        unlink(part)
    }

    func write(_ data: Data) throws {
        var rest = data[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(part) }
            rest = rest.dropFirst(count)
        }
    }

    func finish() throws {
        guard fsync(descriptor) == 0, rename(part, path) == 0 else { throw Self.failure(path) }
        let folder = open(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private static func failure(_ path: String) -> CommandError {
        CommandError("cannot write \(path): \(String(cString: strerror(errno)))", remedy: "check the file system, or choose another file")
    }
}
