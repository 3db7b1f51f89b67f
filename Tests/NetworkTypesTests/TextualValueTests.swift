import Foundation
import NetworkTypes
import Testing

@Suite("Every textual value")
struct TextualValueTests {
    @Test("reads back what it prints, whatever its value")
    func roundTrips() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let bits = UInt128(random.next()) << 64 | UInt128(random.next())
            let v4 = IPAddress(family: .ipv4, bits: bits)
            // Runs of zeros are where RFC 5952 is interesting.
            let v6 = IPAddress(family: .ipv6, bits: bits & IPAddress.groupMask(UInt8.random(in: 0...255, using: &random)))
            for address in [v4, v6] {
                try expectRoundTrip(address)
                let length = Int.random(in: 0...address.family.width, using: &random)
                try expectRoundTrip(IPPrefix(containing: address, length: length))
                try expectRoundTrip(InterfaceAddress(address: address, length: length))
            }
            try expectRoundTrip(MACAddress(bits: random.next()))
            let number = UInt32(truncatingIfNeeded: bits)
            if let asn = ASN(value: number) { try expectRoundTrip(asn) }
            if let vni = VNI(value: number & 0xff_ffff) { try expectRoundTrip(vni) }
            let low = UInt16(truncatingIfNeeded: number)
            for administered: AdministeredNumber in [
                .as2(low, number), .ipv4(IPv4Address(bits: number), low), .as4(number, low), .as4(UInt32(low), low),
            ] {
                try expectRoundTrip(RouteTarget(administered))
                try expectRoundTrip(RouteDistinguisher(administered))
            }
        }
    }

    @Test("is coded as its text, numbers as numbers, and as the key of a dictionary")
    func coding() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let prefix = try IPPrefix(parsing: "10.1.0.0/24")
        let coded = try encoder.encode([prefix: [try VNI(parsing: "7")]])
        #expect(String(decoding: coded, as: UTF8.self) == #"{"10.1.0.0/24":[7]}"#)
        #expect(try JSONDecoder().decode([IPPrefix: [VNI]].self, from: coded) == [prefix: [try VNI(parsing: "7")]])
    }

    @Test("refuses to be decoded from a text that is none, with the reason")
    func refusesToDecode() {
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([VNI].self, from: Data(#"["16777216"]"#.utf8))
        }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("not data corrupted: \(String(describing: error))")
            return
        }
        #expect(context.debugDescription.contains("invalid VNI 16777216"))
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([VNI: Int].self, from: Data(#"{"x": 1}"#.utf8)) }
    }

    @Test("never traps on any text, and what it accepts it prints in one form")
    func hostileTexts() {
        var random = SeededGenerator(seed: 2)
        let alphabet = Array("0123456789abcdefABCDEFxX.:/*-+ é̈٣\n\t\u{0}")
        for _ in 0..<20000 {
            let text = String((0..<Int.random(in: 0...20, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
            expectCanonical(IPAddress.self, text)
            expectCanonical(IPPrefix.self, text)
            expectCanonical(InterfaceAddress.self, text)
            expectCanonical(MACAddress.self, text)
            expectCanonical(ASN.self, text)
            expectCanonical(VNI.self, text)
            expectCanonical(RouteTarget.self, text)
        }
    }

    private func expectRoundTrip<Value: TextualValue>(_ value: Value) throws {
        #expect(try Value(parsing: value.description) == value)
    }

    private func expectCanonical<Value: TextualValue>(_ type: Value.Type, _ text: String) {
        guard let value = Value(text) else { return }
        #expect(Value(value.description) == value, "\(text)")
        #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(text)")
    }
}

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

extension IPAddress {
    /// Keeps those of the eight groups of an IPv6 address whose bit is set.
    fileprivate static func groupMask(_ groups: UInt8) -> UInt128 {
        (0..<8).reduce(UInt128(0)) { mask, group in
            groups >> UInt8(group) & 1 == 1 ? mask | UInt128(0xffff) << UInt128(16 * group) : mask
        }
    }
}
