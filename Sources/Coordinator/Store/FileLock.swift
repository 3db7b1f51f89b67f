import Glibc

/// Keeps a second process off while this one lives (flock(2)); the kernel lets go when it ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `StoreError.inUse` where another process has it.
    init(path: String, of file: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError.inUse(file: file)
        }
    }

    deinit { close(descriptor) }
}
