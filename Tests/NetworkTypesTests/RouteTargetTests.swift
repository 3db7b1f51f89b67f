import NetworkTypes
import Testing

@Suite("Route targets and route distinguishers")
struct RouteTargetTests {
    @Test("N:M is the two-byte form whenever N fits two bytes, as FRR and RFC 4360 read it")
    func forms() throws {
        #expect(try RouteTarget(parsing: "64900:16777215").number == .as2(64900, 16_777_215))
        #expect(try RouteTarget(parsing: "65535:4294967295").number == .as2(65535, 4_294_967_295))
        #expect(try RouteTarget(parsing: "65536:65535").number == .as4(65536, 65535))
        #expect(try RouteTarget(parsing: "192.0.2.1:100").number == .ipv4(IPv4Address(bits: 0xc000_0201), 100))
        #expect(try RouteDistinguisher(parsing: "10.255.1.1:7").number == .ipv4(IPv4Address(bits: 0x0aff_0101), 7))
    }

    @Test("a four-byte AS that fits two bytes is another value, and is printed as one")
    func fourByteFormOfSmallAS() throws {
        let target = RouteTarget(.as4(100, 5))
        #expect(target.description == "0.100:5")
        #expect(try RouteTarget(parsing: "0.100:5") == target)
        #expect(try RouteTarget(parsing: "100:5") != target)
        #expect(try RouteTarget(parsing: "64086.59905:5").description == "4200000001:5")
    }

    @Test(
        "what is none is refused with the reason",
        arguments: [
            ("100", "must have two parts separated by one colon"),
            ("1:2:3", "must have two parts separated by one colon"),
            ("", "must have two parts separated by one colon"),
            ("*:100", "a wildcard matches every target with the same number and would leak routes between tenants"),
            ("100:*", "a wildcard matches every target with the same number and would leak routes between tenants"),
            ("64900:4294967296", "with a two-byte AS, the number must be 0–4294967295"),
            ("64900:", "with a two-byte AS, the number must be 0–4294967295"),
            ("4200000001:65536", "with a four-byte AS, the number must be 0–65535"),
            ("1.2:65536", "with a four-byte AS, the number must be 0–65535"),
            ("1.65536:1", "1.65536 is not a four-byte AS in asdot"),
            ("192.0.2.1:65536", "with an IPv4 address, the number must be 0–65535"),
            ("192.0.2:1", "192.0.2 is not an IPv4 address"),
            ("192.0.2.256:1", "192.0.2.256 is not an IPv4 address"),
            ("target:100", "must begin with an AS number or an IPv4 address"),
            ("4294967296:1", "must begin with an AS number or an IPv4 address"),
        ])
    func refusals(text: String, reason: String) {
        let error = #expect(throws: ParseError.self) { try RouteTarget(parsing: text) }
        #expect(
            error?.description
                == "invalid route target \(cited(text)): \(reason); write it like 64900:10001 (two-byte AS, 32-bit number), "
                + "192.0.2.1:100 or 4200000001:100 (16-bit number)")
        #expect(throws: ParseError.self) { try RouteDistinguisher(parsing: text) }
    }

    @Test("order is by form, administrator, number")
    func order() throws {
        let sorted = try ["9:10", "10:9", "10:10", "9.0.0.0:1", "10.0.0.0:1", "65536:9", "65536:10"].map { try RouteTarget(parsing: $0) }
        #expect(sorted.reversed().sorted() == sorted)
    }
}
