import FRR
import Foundation
import Glibc
import NetworkTypes

/// The file with the passwords of BGP sessions. Read again when it changes; what was read before stays for the sessions while it cannot be.
struct PasswordFile {
    private struct Mark: Equatable {
        var inode: UInt64
        var size: Int64
        var changed: Int64
        var nanoseconds: Int64
    }

    private let path: String
    /// Of what was read last.
    private var mark: Mark?
    /// Of a change that was seen once: it is read when the next look finds the same, because it may be half-written.
    private var seen: Mark?
    /// What was read last, for the sessions that have these, whatever the file is now.
    private(set) var passwords: SessionPasswords?
    /// Why the file cannot be used as it is; nil: it can.
    private(set) var fault: PasswordFault?

    init(path: String) { self.path = path }

    /// More than a thousand peers need.
    private static let largest: Int64 = 1 << 20

    /// Looks whether it changed.
    mutating func refresh() {
        do {
            if try look() { fault = nil }
        } catch {
            fault = error
        }
    }

    /// - Returns: false while a change is waited with.
    private mutating func look() throws(PasswordFault) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT ? .missing(path) : .unreadable(path, reason: String(cString: strerror(errno)))
        }
        let now = Mark(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), changed: Int64(status.st_ctim.tv_sec),
            nanoseconds: Int64(status.st_ctim.tv_nsec))
        guard now != mark else { return true }
        // Without passwords there is nothing to wait with.
        guard passwords == nil || now == seen else {
            seen = now
            return false
        }
        guard status.st_mode & S_IFMT == S_IFREG, now.size <= Self.largest else { throw .noFile(path) }
        // systemd hands a service a credential that only it and root read, as root's with an access list, whose mask stands for the group.
        let others = status.st_gid == 0 ? 0o027 : 0o077
        guard status.st_mode & mode_t(others) == 0 else { throw .openToOthers(path) }
        guard status.st_uid == 0 || status.st_uid == geteuid() else { throw .foreign(path) }
        guard access(path, R_OK) == 0 else { throw .unreadable(path, reason: String(cString: strerror(errno))) }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw .unreadable(path, reason: "it is no text")
        }
        do {
            passwords = try SessionPasswords(parsing: text)
        } catch {
            throw .malformed(path, reason: "\(error)")
        }
        mark = now
        return true
    }

    /// While the file cannot be used, no session is to be touched, and that is to be said.
    var known: KnownPasswords {
        if let fault { return .unreadable("\(fault)") }
        return passwords?.known ?? .unreadable("not read yet")
    }
}
