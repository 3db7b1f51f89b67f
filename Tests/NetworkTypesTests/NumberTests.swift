import NetworkTypes
import Testing

@Suite("AS numbers, VNIs and MAC addresses")
struct NumberTests {
    @Test("an AS number is read in asplain and asdot, and printed in asplain (RFC 5396)")
    func asdot() throws {
        #expect(try ASN(parsing: "64086.59905").description == "4200000001")
        #expect(try ASN(parsing: "0.65001") == ASN(parsing: "65001"))
        #expect(try ASN(parsing: "4294967294").value == .max - 1)
    }

    @Test("reserved AS numbers name no network", arguments: ["0", "23456", "65535", "4294967295", "0.23456", "65535.65535"])
    func reserved(text: String) {
        let error = #expect(throws: ParseError.self) { try ASN(parsing: text) }
        #expect(error?.reason == "0, 23456, 65535 and 4294967295 are reserved")
    }

    private static let digits = "must be decimal digits only, without sign, point or exponent"

    @Test(
        "what is no AS number is refused, with the reason that is true of it",
        arguments: [
            ("", digits), ("AS65001", digits), ("4294967296", "must be 1–4294967294"), ("-1", digits), ("+1", digits),
            ("1.65536", digits), ("1.2.3", digits), ("1.", digits), (".1", digits), ("065001", "must not have leading zeros"),
            ("0x10", digits), ("6e4", digits), (" 1", digits), ("{{ as }}", "looks like a template that was not rendered"),
        ])
    func noASN(text: String, reason: String) {
        let error = #expect(throws: ParseError.self) { try ASN(parsing: text) }
        #expect(
            error?.description
                == "invalid AS number \(cited(text)): \(reason); write it like 65001 or 4200000001 (64086.59905 in asdot), or omit it to have one allocated"
        )
    }

    @Test("private AS numbers are those of RFC 6996, and two-byte ones fit two bytes")
    func kindsOfASN() throws {
        for (text, isPrivate, isTwoByte) in [
            ("64511", false, true), ("64512", true, true), ("65534", true, true), ("65536", false, false),
            ("4199999999", false, false), ("4200000000", true, false), ("4294967294", true, false),
        ] {
            let asn = try ASN(parsing: text)
            #expect(asn.isPrivate == isPrivate)
            #expect(asn.isTwoByte == isTwoByte)
        }
    }

    @Test("a VNI is 1 to 16777215")
    func vni() throws {
        #expect(try VNI(parsing: "1").value == 1)
        #expect(try VNI(parsing: "16777215").value == 16_777_215)
        let range = "must be 1–16777215"
        for (text, reason) in [
            ("0", range), ("16777216", range), ("4294967297", range), ("010001", "must not have leading zeros"),
            ("0x2711", Self.digits),
            ("10_001", Self.digits), ("1e4", Self.digits), ("-1", Self.digits), ("", Self.digits), ("ten", Self.digits),
            ("1 0", Self.digits),
        ] {
            let error = #expect(throws: ParseError.self) { try VNI(parsing: text) }
            #expect(error?.reason == reason, "\(text)")
        }
    }

    @Test("a MAC is printed in lower case with colons")
    func mac() throws {
        let mac = try MACAddress(parsing: "02:FE:D0:00:00:0a")
        #expect(mac.description == "02:fe:d0:00:00:0a")
        #expect(mac.octets == [0x02, 0xfe, 0xd0, 0, 0, 0x0a])
        #expect(!mac.isMulticast)
        #expect(try MACAddress(parsing: "01:00:5e:00:00:05").isMulticast)
        #expect(try MACAddress(parsing: "ff:ff:ff:ff:ff:ff").isMulticast)
    }

    @Test(
        "what is no MAC is refused with the part that is wrong",
        arguments: [
            ("02-00-00-00-00-01", "must have six parts separated by colons"),
            ("02:00:00:00:00", "must have six parts separated by colons"),
            ("02:00:00:00:00:01:02", "must have six parts separated by colons"),
            ("", "must have six parts separated by colons"),
            ("02:00:00:00:00:g1", "g1 is not a pair of hexadecimal digits"),
            ("02:00:00:00:00:1", "1 is not a pair of hexadecimal digits"),
            ("02:00:00:00:00:+1", "+1 is not a pair of hexadecimal digits"),
        ])
    func noMAC(text: String, reason: String) {
        let error = #expect(throws: ParseError.self) { try MACAddress(parsing: text) }
        #expect(error?.description == "invalid MAC address \(cited(text)): \(reason); write it like 02:00:00:00:00:01")
    }

    @Test("order is that of the numbers")
    func order() throws {
        #expect(try ASN(parsing: "9") < ASN(parsing: "10"))
        #expect(try VNI(parsing: "9") < VNI(parsing: "10"))
        #expect(try MACAddress(parsing: "02:00:00:00:00:ff") < MACAddress(parsing: "02:00:00:00:01:00"))
    }
}
