import Foundation
import Yams

/// For whom a command writes: people (`table`, and `wide` with more columns) or programs (`json`, `yaml`).
package enum OutputFormat: String, Hashable, Sendable, CaseIterable {
    case table, wide, json, yaml

    /// The text of an answer in this format: the page for people, the value for programs.
    /// - Parameter columns: of the terminal; nil: there is none.
    package func text(of value: some Encodable, page: Page, coloured: Bool, columns: Int? = nil) throws -> String {
        switch self {
        case .table: return page.rendered(coloured: coloured, columns: columns)
        case .wide: return page.rendered(wide: true, coloured: coloured, columns: columns)
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
        case .yaml:
            let encoder = YAMLEncoder()
            encoder.options.sortKeys = true
            encoder.options.allowUnicode = true
            return try encoder.encode(value)
        }
    }
}
