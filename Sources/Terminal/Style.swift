/// How a piece of text stands out. What it says must be clear without: colours are for tired eyes only.
package enum Style: Hashable, Sendable, CaseIterable {
    case heading, good, bad, doubtful, faint, accent

    /// Select Graphic Rendition parameters (ECMA-48, section 8.3.117).
    var parameters: String {
        switch self {
        case .heading: "1"
        case .good: "32"
        case .bad: "1;31"
        case .doubtful: "33"
        case .faint: "2"
        case .accent: "36"
        }
    }

    func wrap(_ text: String) -> String { "\u{1b}[\(parameters)m\(text)\u{1b}[0m" }
}
