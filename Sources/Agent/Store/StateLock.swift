import Glibc

/// Keeps a second agent, and a cleanup, off a node's state while this one lives: a flock(2) on the directory itself, so that no file of
/// one user is in the way of another. The kernel lets go when the process ends, however it ends.
package struct StateLock: ~Copyable, Sendable {
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// Another process has it.
        case inUse(directory: String)
        case inaccessible(directory: String, reason: String)

        package var description: String {
            switch self {
            case .inUse(let directory):
                "another agent, or a cleanup, works with \(directory): `systemctl stop fed-agent`, or choose another with --state-directory"
            case .inaccessible(let directory, let reason): "cannot lock \(directory): \(reason)"
            }
        }
    }

    private let descriptor: Int32

    /// - Parameter directory: of the agent's state; it is there.
    package init(directory: String) throws(Failure) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .inaccessible(directory: directory, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            throw reason == EWOULDBLOCK
                ? .inUse(directory: directory) : .inaccessible(directory: directory, reason: String(cString: strerror(reason)))
        }
        self.descriptor = descriptor
    }

    /// Waits for one that is just ending: a child that it was about to start has the lock until it runs another program.
    package static func taken(_ directory: String, within patience: Duration) async throws(Failure) -> StateLock {
        let deadline = ContinuousClock.now + patience
        while true {
            do throws(Failure) {
                return try StateLock(directory: directory)
            } catch {
                guard case .inUse = error, ContinuousClock.now < deadline else { throw error }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    deinit {
        // A child that is being started may still have the descriptor, and with it the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
