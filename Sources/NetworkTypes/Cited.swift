/// A value as a message shows it: as it was typed where nobody could read it as part of the sentence (`99999999`, `10.0.0.5/24`,
/// `gw1`), else in quotes (`“gateway”`, `“1 0”`, `“”`). Values of more than 64 characters are cut.
package func cited(_ value: some StringProtocol) -> String {
    let shown = value.count <= 64 ? String(value) : "\(value.prefix(60))…"
    let isPlain = shown.utf8.contains { (0x30...0x39).contains($0) } && shown.utf8.allSatisfy(isPlainByte)
    return isPlain ? shown : "“\(shown)”"
}

/// Letters, digits and what stands inside of addresses, numbers and names.
private func isPlainByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    case 0x2b, 0x2d, 0x2e, 0x2f, 0x3a, 0x40, 0x5f: true  // + - . / : @ _
    default: false
    }
}
