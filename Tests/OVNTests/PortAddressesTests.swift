import NetworkTypes
import OVN
import Testing

@Suite("Entries of the mac column")
struct PortAddressesTests {
    @Test(
        "what each form names",
        arguments: [
            ("02:00:00:00:00:01", "02:00:00:00:00:01", "", ""),
            ("02:00:00:00:00:01 10.0.0.1 10.0.0.2", "02:00:00:00:00:01", "10.0.0.1/32 10.0.0.2/32", ""),
            ("02:00:00:00:00:01  10.0.0.1/24\tfd10:1::/64 ", "02:00:00:00:00:01", "10.0.0.1/24 fd10:1::/64", ""),
            ("0A:00:00:00:00:0f FD10::ABCD", "0a:00:00:00:00:0f", "fd10::abcd/128", ""),
            ("02:00:00:00:00:01 ::ffff:192.0.2.1", "02:00:00:00:00:01", "::ffff:192.0.2.1/128", ""),
            ("02:00:00:00:00:01 dynamic", "02:00:00:00:00:01", "", ""), ("dynamic 10.0.0.1", "", "10.0.0.1/32", ""),
            ("router", "", "", ""), ("unknown", "", "", ""), ("dynamic", "", "", ""), ("", "", "", ""),
            ("10.0.0.1", "", "", "10.0.0.1"), ("02:00:00:00:00:01 unknown", "02:00:00:00:00:01", "", "unknown"),
            ("02:00:00:00:00 10.0.0.1", "", "10.0.0.1/32", "02:00:00:00:00"),
            ("02:00:00:00:00:01 10.0.0.1 02:00:00:00:00:02", "02:00:00:00:00:01", "10.0.0.1/32", "02:00:00:00:00:02"),
        ])
    func forms(_ entry: String, _ mac: String, _ interfaces: String, _ nonsense: String) {
        let addresses = PortAddresses(entry)
        #expect(addresses.mac?.description ?? "" == mac)
        #expect(addresses.interfaces.map(\.description).joined(separator: " ") == interfaces)
        #expect(addresses.nonsense.joined(separator: " ") == nonsense)
    }

    @Test("the fast scanner and the types' own parsers say the same of right and wrong addresses")
    func agreement() {
        var generator = Dice(state: 7)
        let alphabet = Array("0123456789abcdefABCDEF.:/:::g")
        let seeds = [
            "10.0.0.1", "255.255.255.255/32", "0.0.0.0/0", "10.0.0.256", "010.0.0.1", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "::", "::1",
            "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3::4", "1:2:3:4:5:6:7:8:9", ":1::", "1:", "fd10:1::/64",
            "fd10:1::f816:3eff:fe3e:9481/128", "12345::", "1::8/129", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "::/0", ":::", "/64",
            "1.2.3.4/032", "::1/0064", ":", "1.2.3.4.", ".1.2.3.4", "1..2.3",
        ]
        for round in 0..<4_000 {
            var text = Array(seeds[round % seeds.count])
            if round >= seeds.count {
                for _ in 0..<Int.random(in: 1...2, using: &generator) {
                    let position = Int.random(in: 0...text.count, using: &generator)
                    let letter = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: text.insert(letter, at: position)
                    case 1 where position < text.count: text[position] = letter
                    case 2 where position < text.count: text.remove(at: position)
                    default: break
                    }
                }
            }
            guard !text.isEmpty else { continue }
            let scanned = PortAddresses("02:00:00:00:00:01 " + String(text))
            #expect(scanned.interfaces.first == InterfaceAddress(String(text)), "\(String(text))")
            let mac = text.map { $0 == "." ? ":" : $0 } + Array(":00:00:00:00:01")
            #expect(PortAddresses(String(mac)).mac == MACAddress(String(mac)), "\(String(mac))")
        }
    }
}

/// Random numbers that are the same in every run (SplitMix64).
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}
