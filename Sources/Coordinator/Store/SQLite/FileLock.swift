import Glibc
import Synchronization

/// Keeps a second process off a file while this one lives (flock(2)); the kernel lets go when it ends, however it ends.
final class FileLock: Sendable {
    /// Nil once it let go.
    private let held: Mutex<Int32?>

    /// Locks the file itself and not a name beside it: by a link it is the same file. It is made (0600) where there is none.
    ///
    /// The descriptor stays open as long as the database: to close any descriptor of a file ends the locks that SQLite has on it in this
    /// process (fcntl(2)).
    ///
    /// - Throws: `StoreError.inUse` where another process has it, `StoreError.severalNames` where it has hard links: SQLite's log lies beside
    ///   the name that the file was opened by, and by another name it is not found.
    init(file path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.inaccessible(file: path, reason: String(cString: strerror(errno))) }
        do {
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw StoreError.inUse(file: path) }
            var opened = stat(), named = stat()
            // Whoever restores a backup has the lock of the file that he replaces.
            guard fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino, opened.st_dev == named.st_dev
            else { throw StoreError.inUse(file: path) }
            guard opened.st_nlink == 1 else { throw StoreError.severalNames(file: path, count: Int(opened.st_nlink)) }
        } catch {
            close(descriptor)
            throw error
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
