import Glibc
import Synchronization

/// Keeps a second process off while this one lives (flock(2)); the kernel lets go when it ends, however it ends.
final class FileLock: Sendable {
    /// Nil once it let go.
    private let held: Mutex<Int32?>

    /// - Throws: `StoreError.inUse` where another process has it.
    init(path: String, of file: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError.inUse(file: file)
        }
        held = Mutex(descriptor)
    }

    func release() {
        held.withLock { held in
            guard let descriptor = held else { return }
            // A child that is being started may still have the descriptor, and with it the lock.
            flock(descriptor, LOCK_UN)
            close(descriptor)
            held = nil
        }
    }

    deinit { release() }
}
