import COpenSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Who may read the file of a private key.
struct KeyFileAccess: Hashable, Sendable {
    /// The nine bits of rwxrwxrwx.
    var mode: UInt32
    var owner: UInt32
    /// Of the process.
    var user: UInt32
    /// The extended attribute `system.posix_acl_access`; empty where there is none.
    var accessList: [UInt8]

    init(mode: UInt32, owner: UInt32, user: UInt32, accessList: [UInt8] = []) {
        self.mode = mode
        self.owner = owner
        self.user = user
        self.accessList = accessList
    }

    init(_ descriptor: Int32) {
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        var list = [UInt8](repeating: 0, count: 4096)
        let count = fgetxattr(descriptor, "system.posix_acl_access", &list, list.count)
        // What cannot be asked is taken for open to all.
        self.init(
            mode: isKnown ? status.st_mode & 0o777 : 0o777, owner: isKnown ? status.st_uid : .max, user: geteuid(),
            accessList: Array(list.prefix(max(count, 0))))
    }

    func demandPrivate(_ path: String) throws(PKIError) {
        guard owner == user || owner == 0 else {
            throw PKIError(
                reason: "\(path) holds a private key but is owned by user \(owner), who can read and change it",
                remedy: "chown \(user) \(path) && chmod 600 \(path)")
        }
        guard mode & 0o077 == 0 || isOursByList else {
            throw PKIError(
                reason: "\(path) holds a private key that others can read or change (mode \(String(mode, radix: 8)))",
                remedy: "chmod 600 \(path); if others had access to this machine, revoke the certificate and issue a new one")
        }
    }

    /// systemd gives a unit's user its credentials by an access control list where it can: of such a file the mode shows the list's mask
    /// as the rights of the group, which has none.
    private var isOursByList: Bool {
        // Version 2, then entries of tag (2 bytes), rights (2) and id (4), little endian (linux/posix_acl_xattr.h).
        guard mode & 0o007 == 0, accessList.count > 4, (accessList.count - 4) % 8 == 0, accessList.prefix(4) == [2, 0, 0, 0] else {
            return false
        }
        func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        return stride(from: 4, to: accessList.count, by: 8).allSatisfy { start in
            let tag = number(accessList[start..<start + 2]), rights = number(accessList[start + 2..<start + 4])
            let id = number(accessList[start + 4..<start + 8])
            return switch tag {
            // The owner, and the mask.
            case 0x01, 0x10: true
            // A named user.
            case 0x02: rights == 0 || id == user || id == 0
            // The owning group, a named group, all others.
            default: rights == 0
            }
        }
    }
}
