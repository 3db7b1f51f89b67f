import Synchronization

/// Why something does not work, by what it concerns, as it was said last: what is tried every 2 s is said when the reason changes.
final class SaidReasons: Sendable {
    private let said = Mutex<[String: String]>([:])

    /// Keeps the reason; nil: it works.
    /// - Returns: whether it is another one than was said last.
    func changed(_ reason: String?, for object: String) -> Bool {
        said.withLock { said in
            defer { said[object] = reason }
            return said[object] != reason
        }
    }
}
