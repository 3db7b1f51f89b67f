/// An OpenStack id: a UUID that follows from what it names, so that every run of a lab has the same ids.
package struct OpenStackID: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// `path` says what it names: `paris/port/blue-1`.
    package init(of path: String) {
        // FNV-1a with 64 bits, twice with different beginnings: ids have to differ, not to be secret.
        func hash(_ start: UInt64) -> UInt64 {
            var value = path.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            // Short names differ in few bits; this spreads them (the finisher of MurmurHash3).
            for constant in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] as [UInt64] {
                value = (value ^ value >> 33) &* constant
            }
            return value ^ value >> 33
        }
        // The version is that of a random UUID (RFC 9562, section 5.4), as OpenStack's are.
        let high = hash(0xcbf2_9ce4_8422_2325) & ~0xf000 | 0x4000
        let low = hash(0x6c62_272e_07bb_0142) & ~(3 << 62) | 2 << 62
        let digits = [high, low].map { number in
            let text = String(number, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
        var parts: [Substring] = []
        var rest = Substring(digits)
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        description = parts.joined(separator: "-")
    }

    /// Without dashes, as project ids are.
    package var compact: String { description.replacing("-", with: "") }

    /// A MAC address with Neutron's default prefix, of the last three octets of the id.
    package var mac: String {
        let tail = Array(compact.suffix(6))
        return "fa:16:3e:" + stride(from: 0, to: 6, by: 2).map { String(tail[$0...($0 + 1)]) }.joined(separator: ":")
    }
}

/// What Neutron's OVN driver calls things (neutron/common/ovn/utils.py).
package enum NeutronName {
    package static func resource(_ id: OpenStackID) -> String { "neutron-\(id)" }
    package static func routerPort(_ id: OpenStackID) -> String { "lrp-\(id)" }
    package static func chassisRedirect(_ id: OpenStackID) -> String { "cr-lrp-\(id)" }
    package static func provider(_ segment: OpenStackID) -> String { "provnet-\(segment)" }
    package static func portGroup(_ group: OpenStackID) -> String { "pg_" + group.description.replacing("-", with: "_") }
    /// The interface that Nova makes for a port.
    package static func tap(_ port: OpenStackID) -> String { "tap" + port.description.prefix(11) }
    /// The patch port of a provider network in br-ex (OVN's own naming).
    package static func patch(_ segment: OpenStackID) -> String { "patch-\(provider(segment))-to-br-int" }
}
