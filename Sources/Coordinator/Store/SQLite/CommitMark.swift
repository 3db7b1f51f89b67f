import Glibc

/// The last revision that was committed to a database.
package struct CommitMark: Hashable, Sendable {
    package var epoch: String
    package var revision: UInt64

    package init(epoch: String, revision: UInt64) {
        self.epoch = epoch
        self.revision = revision
    }

    /// One line; nil for what is none, such as half of one.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard text.hasSuffix("\n"), parts.count == 2, parts[0].utf8.count == 36, let revision = UInt64(parts[1].dropLast()) else {
            return nil
        }
        self.init(epoch: String(parts[0]), revision: revision)
    }

    var text: String { "\(epoch) \(revision)\n" }
}

/// The mark in a file beside the database (`federation.db.mark`): it tells a database that went backwards from one that did not.
///
/// It is written after each commit and not waited for: it may be behind by what a power cut took, and is never ahead.
struct CommitMarkFile: Sendable {
    let path: String

    /// - Parameter database: links are followed, as SQLite does.
    init(database: String) {
        let resolved = realpath(database, nil)
        defer { free(resolved) }
        path = (resolved.map { String(cString: $0) } ?? database) + ".mark"
    }

    /// Nil where there is none, or what is there cannot be read.
    func read() -> CommitMark? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? CommitMark(String(decoding: bytes.prefix(count), as: UTF8.self)) : nil
    }

    func write(_ mark: CommitMark) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let bytes = Array(mark.text.utf8)
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0 else {
            throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno)))
        }
    }
}
