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

    @Test(
        "what is no AS number is refused",
        arguments: ["", "AS65001", "4294967296", "-1", "+1", "1.65536", "1.2.3", "1.", ".1", "065001", "0x10", "6e4", " 1"])
    func noASN(text: String) {
        let error = #expect(throws: ParseError.self) { try ASN(parsing: text) }
        #expect(
            error?.description
                == "“\(text)” is no AS number: it is no number from 1 to 4294967294; "
                + "write it like 65001 or 4200000001 (64086.59905 in asdot), or leave it out")
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
        for text in ["0", "16777216", "-1", "", "010", "ten", "1 0", "4294967297"] {
            let error = #expect(throws: ParseError.self) { try VNI(parsing: text) }
            #expect(
                error?.description
                    == "“\(text)” is no VNI: it is no number from 1 to 16777215; take a free one or leave it out, and one is allocated")
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
            ("02-00-00-00-00-01", "it has not six parts with colons between them"),
            ("02:00:00:00:00", "it has not six parts with colons between them"),
            ("02:00:00:00:00:01:02", "it has not six parts with colons between them"),
            ("", "it has not six parts with colons between them"),
            ("02:00:00:00:00:g1", "“g1” is no pair of hexadecimal digits"),
            ("02:00:00:00:00:1", "“1” is no pair of hexadecimal digits"),
            ("02:00:00:00:00:+1", "“+1” is no pair of hexadecimal digits"),
        ])
    func noMAC(text: String, reason: String) {
        let error = #expect(throws: ParseError.self) { try MACAddress(parsing: text) }
        #expect(error?.description == "“\(text)” is no MAC address: \(reason); write it like 02:00:00:00:00:01")
    }

    @Test("order is that of the numbers")
    func order() throws {
        #expect(try ASN(parsing: "9") < ASN(parsing: "10"))
        #expect(try VNI(parsing: "9") < VNI(parsing: "10"))
        #expect(try MACAddress(parsing: "02:00:00:00:00:ff") < MACAddress(parsing: "02:00:00:00:01:00"))
    }
}
