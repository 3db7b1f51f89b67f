import NetworkTypes

/// One entry of Port_Binding's `mac` column: `MAC`, `MAC IP IP…` (switch ports) or `MAC IP/LENGTH…` (router ports);
/// also `router`, `unknown`, `dynamic` and `MAC dynamic`, which name no address here (ovn-nb(5), `addresses`; OVN 23.03 leaves
/// the address that it assigns to a `dynamic` port in the northbound database).
package struct PortAddresses: Hashable, Sendable {
    package private(set) var mac: MACAddress?
    /// Addresses without a length have that of a host.
    package private(set) var interfaces: [InterfaceAddress] = []
    /// The words that are neither, in their order.
    package private(set) var nonsense: [String] = []

    package init(_ entry: String) {
        var entry = entry
        entry.withUTF8 { bytes in
            let scanner = AddressScanner(bytes: bytes)
            var start = 0
            var isFirst = true
            while start < bytes.count {
                if Self.isSpace(bytes[start]) {
                    start += 1
                    continue
                }
                var end = start
                while end < bytes.count, !Self.isSpace(bytes[end]) { end += 1 }
                read(start..<end, isFirst: isFirst, scanner)
                isFirst = false
                start = end
            }
        }
    }

    private mutating func read(_ word: Range<Int>, isFirst: Bool, _ scanner: AddressScanner) {
        if isFirst, let mac = scanner.mac(word) {
            self.mac = mac
        } else if !isFirst, let interface = scanner.interface(word) {
            interfaces.append(interface)
        } else {
            let text = String(decoding: scanner.bytes[word], as: UTF8.self)
            switch (isFirst, text) {
            case (true, "router"), (true, "unknown"), (_, "dynamic"): break
            case (true, _): if let mac = MACAddress(text) { self.mac = mac } else { nonsense.append(text) }
            case (false, _): if let interface = InterfaceAddress(text) { interfaces.append(interface) } else { nonsense.append(text) }
            }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
