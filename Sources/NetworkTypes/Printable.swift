/// `text` without anything that would end a line, move a terminal's cursor, change its colours or turn its writing direction.
///
/// For everything that others wrote (a file, an agent, a peer) and that goes to a terminal or a log. A line end becomes `\n`, a tab a
/// space, any other such scalar its code, `\u{1b}`.
///
/// - Parameter keepingTabs: Whether tabs stay tabs.
package func printable(_ text: String, keepingTabs: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": result += "\\n"
        case "\t": result += keepingTabs ? "\t" : " "
        case _ where isUnprintable(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

private func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
}
