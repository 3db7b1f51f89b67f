import NetworkTypes

/// One entry of Port_Binding's `mac` column: `MAC`, `MAC IP IP…` (switch ports) or `MAC IP/LENGTH…` (router ports);
/// also `router`, `unknown`, `dynamic` and `MAC dynamic`, which name no address (ovn-nb(5), `addresses`).
package struct PortAddresses: Hashable, Sendable {
    package let mac: MACAddress?
    /// Addresses without a length have that of a host.
    package let interfaces: [InterfaceAddress]
    /// The words that are neither, in their order.
    package let nonsense: [String]

    package init(_ entry: String) {
        var mac: MACAddress?
        var interfaces: [InterfaceAddress] = []
        var nonsense: [String] = []
        for (index, word) in entry.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).enumerated() {
            let word = Substring(word)
            if index == 0, Self.wordsForNoMAC.contains(word) { continue }
            if index == 0, let value = try? MACAddress(parsing: word) {
                mac = value
            } else if index > 0, word == "dynamic" {
                continue
            } else if index > 0, let value = try? InterfaceAddress(parsing: word) {
                interfaces.append(value)
            } else {
                nonsense.append(String(word))
            }
        }
        self.mac = mac
        self.interfaces = interfaces
        self.nonsense = nonsense
    }

    private static let wordsForNoMAC: Set<Substring> = ["router", "unknown", "dynamic"]
}
