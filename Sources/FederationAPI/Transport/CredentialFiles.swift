#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The PEM files that say who we are and whom we believe. All are read again when one of them changes.
package struct CredentialFiles: Hashable, Sendable {
    /// Our certificate, followed by intermediate certificates, if any.
    package var certificate: String
    package var key: String
    package var trustRoots: String
    /// nil: revocation is not looked at.
    package var revocationList: String?

    package init(certificate: String, key: String, trustRoots: String, revocationList: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.trustRoots = trustRoots
        self.revocationList = revocationList
    }

    var all: [String] { [certificate, key, trustRoots] + [revocationList].compactMap(\.self) }

    /// Equal as long as no file was written or replaced: the kernel changes the ctime with every write and rename.
    var stamp: [FileStamp] { all.map(FileStamp.init(path:)) }
}

/// What stat(2) tells two contents of a file apart by.
struct FileStamp: Hashable, Sendable {
    var device: UInt64 = 0
    var inode: UInt64 = 0
    var size: Int64 = 0
    var modified: Int64 = 0
    var changed: Int64 = 0

    /// All zero where there is no such file.
    init(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }
}
