import FederationAPI
import Foundation

/// A statement and its signature beside it, each whole or not at all.
struct StatementFiles {
    private let path: String
    private let replacing: Bool

    init(_ path: String, replacing: Bool) {
        self.path = path
        self.replacing = replacing
    }

    /// - Throws: `CommandError` where a file exists and is not to be replaced, or cannot be made.
    func write(_ statement: SignedStatement) throws {
        // Both are opened before one gets its name.
        let text = try WholeFile(path, replacing: replacing, mode: 0o644)
        let signature = try WholeFile(path + ".p7s", replacing: replacing, mode: 0o644)
        try text.write(Data(statement.text))
        try signature.write(Data(statement.signature.utf8))
        try text.finish()
        try signature.finish()
    }
}
