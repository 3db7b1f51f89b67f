import Foundation

/// The files of the repository's `topologies` directory.
enum Topologies {
    static let directory = URL(filePath: #filePath).appending(path: "../../../topologies").standardized

    static func text(_ path: String) throws -> String { try String(contentsOf: directory.appending(path: path), encoding: .utf8) }
}
