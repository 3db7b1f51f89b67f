#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Files of the authority: written whole or not at all, and private ones never readable by others, not for an instant.
enum SecretFile {
    static let privateMode: mode_t = 0o600
    static let publicMode: mode_t = 0o644

    /// Writes beside `path` and renames, so that a reader finds the old content or the new, and a crash loses neither.
    static func write(_ text: String, to path: String, mode: mode_t) throws(PKIError) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        // The mode takes effect as the file is made; umask can only narrow it.
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw failure("write", path) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = failure("write", path)
                close(descriptor)
                unlink(temporary)
                throw error
            }
            bytes = bytes.dropFirst(count)
        }
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
            let error = failure("write", path)
            unlink(temporary)
            throw error
        }
        syncFolder(of: path)
    }

    static func read(_ path: String) throws(PKIError) -> String { try read(path) { (_) throws(PKIError) in } }

    /// - Throws: `PKIError` also where others than its owner can read the file.
    static func readKey(_ path: String) throws(PKIError) -> String {
        try read(path) { (descriptor) throws(PKIError) in try KeyFileAccess(descriptor).demandPrivate(path) }
    }

    private static func read(_ path: String, _ check: (Int32) throws(PKIError) -> Void) throws(PKIError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        try check(descriptor)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// With all folders above it.
    static func makeFolder(_ path: String) throws(PKIError) {
        if exists(path) { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeFolder(String(path[..<slash])) }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("make", path) }
    }

    /// Names in a folder, sorted; none where there is no such folder.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Runs `body` while no other process does the same with this file.
    static func locked<T>(_ path: String, _ body: () throws(PKIError) -> T) throws(PKIError) -> T {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("lock", path) }
        }
        return try body()
    }

    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ action: String, _ path: String) -> PKIError {
        let code = errno
        let remedy =
            switch code {
            case ENOENT: "check the path; “fedctl pki init” creates the folder and “fedctl pki issue” the files in it"
            case EACCES, EPERM: "run as the owner of the folder"
            case ENOSPC: "free space on that file system"
            default: "check the file system"
            }
        return PKIError(reason: "cannot \(action) \(path): \(String(cString: strerror(code)))", remedy: remedy)
    }
}
