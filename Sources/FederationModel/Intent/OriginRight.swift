import NetworkTypes

/// What clouds may announce in a VPN, by the federation file: shares, export filters, transit prefixes.
package struct OriginRight: Hashable, Sendable, Codable {
    /// Sorted; empty: all.
    package var clouds: [CloudName]
    /// The first match decides; what none matches is not installed. Never empty.
    package var rules: [PrefixRule]

    package init(clouds: [CloudName] = [], rules: [PrefixRule]) {
        self.clouds = clouds
        self.rules = rules
    }
}
