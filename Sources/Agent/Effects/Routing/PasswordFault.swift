/// Why the file with the passwords of BGP sessions cannot be used.
enum PasswordFault: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(String)
    case unreadable(String, reason: String)
    case noFile(String)
    case openToOthers(String)
    case foreign(String)
    /// With the place in it, and without what stands there.
    case malformed(String, reason: String)

    var description: String {
        switch self {
        case .missing(let path): "cannot open \(path): No such file or directory"
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .noFile(let path): "\(path) is not a file of at most 1 MiB"
        case .openToOthers(let path): "\(path) can be read by others than root"
        case .foreign(let path): "\(path) belongs to another user"
        case .malformed(let path, let reason): "\(path): \(reason)"
        }
    }

    var remedy: String {
        switch self {
        case .missing(let path): "`install -m 600 /dev/null \(path)`, then write lines of “ADDRESS PASSWORD” or “* PASSWORD” to it"
        case .unreadable(let path, _), .foreign(let path):
            "`chown root: \(path)`, `chmod 600 \(path)`, and hand it to the service as a credential (docs/bgp.md)"
        case .noFile(let path): "put a file of lines “ADDRESS PASSWORD” or “* PASSWORD” there: `ls -l \(path)` shows what it is"
        case .openToOthers(let path): "`chmod 600 \(path)`; who read it knows the passwords: think of new ones"
        case .malformed: "write lines of “ADDRESS PASSWORD” or “* PASSWORD”, 80 printable characters at most"
        }
    }
}
