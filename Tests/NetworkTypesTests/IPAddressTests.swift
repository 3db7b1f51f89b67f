import NetworkTypes
import Testing

@Suite("IP addresses")
struct IPAddressTests {
    @Test("the octets of an address make the same address; of other numbers of octets there is none", .timeLimit(.minutes(1)))
    func octets() throws {
        for (text, octets) in [
            ("192.0.2.1", [192, 0, 2, 1]), ("0.0.0.0", [0, 0, 0, 0]),
            ("2001:db8::ff", [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff]),
            ("::ffff:192.0.2.1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1]),
        ] as [(String, [UInt8])] {
            let address = try IPAddress(parsing: text)
            #expect(address.octets == octets)
            #expect(IPAddress(octets: octets) == address)
            #expect(IPAddress(octets: octets.dropLast()) == nil)
        }
        #expect(IPAddress(octets: []) == nil)
    }

    @Test(
        "IPv6 is printed as RFC 5952 says",
        arguments: [
            // Section 4.1: no leading zeros.
            ("2001:0db8::0001", "2001:db8::1"),
            ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
            // 4.2.1: as short as can be.
            ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
            // 4.2.2: a single group of zeros stays.
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            // 4.2.3: the longest run, and the first of equals.
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            // 4.3: lower case.
            ("2001:DB8::ABCD", "2001:db8::abcd"),
            // 5: IPv4-mapped ones in dotted quads.
            ("::ffff:c000:201", "::ffff:192.0.2.1"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
            ("::", "::"), ("::1", "::1"), ("fe80::", "fe80::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ])
    func rfc5952(text: String, canonical: String) throws {
        #expect(try IPv6Address(parsing: text).description == canonical)
        #expect(try IPAddress(parsing: text).description == canonical)
    }

    @Test(
        "a text that RFC 4291 does not allow is no IPv6 address",
        arguments: [
            "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::",
            "g::", "fe80::1%eth0", "2001:db8::/32", "1.2.3.4::", "::1.2.3", "::1.2.3.4:5", "::256.0.0.1", "::01.2.3.4", " ::1", "::1 ",
            "1:2:3:4:5:6:7:1.2.3.4", ":1::2", "1::2:", "::-1", "::٣",
        ])
    func badIPv6(text: String) {
        let error = #expect(throws: ParseError.self) { try IPv6Address(parsing: text) }
        #expect(error?.expected == "IPv6 address")
        #expect(error?.value == text)
    }

    @Test(
        "an IPv4 address that is none is refused with the part that is wrong",
        arguments: [
            ("10.0.0", "must have four parts"), ("10.0.0.0.1", "must have four parts"), ("", "must have four parts"),
            ("10.0.0.256", "256 is over 255"), ("10.0.0.010", "010 is not a decimal number 0–255"),
            ("10.0..1", "“” is not a decimal number 0–255"), ("10.0.0.-1", "-1 is not a decimal number 0–255"),
            ("10.0.0.1 ", "“1 ” is not a decimal number 0–255"), ("10.0.0.٣", "“٣” is not a decimal number 0–255"),
        ])
    func badIPv4(text: String, reason: String) {
        let error = #expect(throws: ParseError.self) { try IPv4Address(parsing: text) }
        #expect(error?.description == "invalid IPv4 address \(cited(text)): \(reason); write it like 192.0.2.1")
    }

    @Test("an address with a prefix length is told so", arguments: ["192.0.2.22/32", "2001:db8::1/128", "10.0.0.1/24"])
    func prefixLength(text: String) {
        let error = #expect(throws: ParseError.self) { try IPAddress(parsing: text) }
        #expect(error?.reason == "an address has no prefix length")
        #expect(error?.remedy == "write \(text.prefix { $0 != "/" })")
    }

    @Test("a word that looks like neither family is refused as no IP address")
    func neither() {
        #expect(throws: ParseError.self) { try IPAddress(parsing: "gateway") }
        let error = #expect(throws: ParseError.self) { try IPAddress(parsing: "gateway") }
        #expect(
            error?.description
                == "invalid IP address “gateway”: must be an IPv4 or IPv6 address; write it like 192.0.2.1 or 2001:db8::1")
    }

    @Test("order is that of the numbers, with IPv4 before IPv6")
    func order() throws {
        let sorted = try ["9.255.255.255", "10.0.0.2", "10.0.0.10", "255.255.255.255", "::", "::1", "fd00::"].map {
            try IPAddress(parsing: $0)
        }
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test("special blocks hold addresses that no network has (RFC 6890, RFC 4291)")
    func special() throws {
        for text in ["10.0.0.1", "1.0.0.0", "100.127.0.1", "223.255.255.255", "2001:db8::1", "fd00::1"] {
            #expect(SpecialPurpose(of: try IPAddress(parsing: text)) == nil, "\(text)")
        }
        for (text, purpose) in [
            ("0.1.2.3", .thisNetwork), ("127.0.0.1", .loopback), ("169.254.169.254", .linkLocal), ("239.1.1.1", .multicast),
            ("255.255.255.255", .reserved), ("::", .unspecified6), ("::1", .loopback6), ("::ffff:10.4.0.1", .mapped6),
            ("fe80::1", .linkLocal6),
            ("ff02::1", .multicast6),
        ] as [(String, SpecialPurpose)] {
            #expect(SpecialPurpose(of: try IPAddress(parsing: text)) == purpose, "\(text)")
        }
        #expect(SpecialPurpose(holding: try IPPrefix(parsing: "0.0.0.0/0")) == nil)
        #expect(SpecialPurpose(holding: try IPPrefix(parsing: "fe80::/64")) == .linkLocal6)
        #expect(SpecialPurpose.loopback.overlaps(try IPPrefix(parsing: "0.0.0.0/0")))
    }

    @Test("an address is the same whether it is made of text or of bits")
    func bits() throws {
        #expect(IPAddress(family: .ipv4, bits: 0x0aff_0101).description == "10.255.1.1")
        #expect(try IPAddress(parsing: "10.255.1.1").bits == 0x0aff_0101)
        #expect(try IPAddress(parsing: "fd00::1").bits == UInt128(0xfd00) << 112 | 1)
        #expect(try IPAddress(parsing: "10.0.0.1") != IPAddress(parsing: "::ffff:10.0.0.1"))
    }
}
