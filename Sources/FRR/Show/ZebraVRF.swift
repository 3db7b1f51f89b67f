/// A VRF as zebra knows it: a line of `show vrf`, which has no JSON before FRR 10.
package struct ZebraVRF: Hashable, Sendable {
    package var name: String
    /// It has a block of its own. `show running-config` leaves out one with nothing in it.
    package var isConfigured: Bool

    /// `vrf NAME inactive (configured)`, `vrf NAME id 7 table 1001`; other lines are left out.
    package static func parse(_ text: String) -> [ZebraVRF] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 3, words[0] == "vrf" else { return nil }
            return ZebraVRF(name: String(words[1]), isConfigured: words.last == "(configured)")
        }
    }
}
