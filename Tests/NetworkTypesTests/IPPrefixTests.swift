import NetworkTypes
import Testing

@Suite("IP prefixes")
struct IPPrefixTests {
    @Test("an address alone is a host")
    func host() throws {
        #expect(try IPPrefix(parsing: "10.1.0.11").description == "10.1.0.11/32")
        #expect(try IPPrefix(parsing: "fd10::11").description == "fd10::11/128")
        #expect(try IPPrefix(parsing: "10.1.0.11/32").isHost)
        #expect(try !IPPrefix(parsing: "10.1.0.0/24").isHost)
    }

    @Test("host bits are refused, with both things that could have been meant")
    func hostBits() {
        let error = #expect(throws: ParseError.self) { try IPPrefix(parsing: "10.1.0.5/24") }
        #expect(
            error?.description
                == "invalid IP prefix 10.1.0.5/24: host bits are set; write 10.1.0.0/24 for the network or 10.1.0.5 for the host")
    }

    @Test(
        "a length that is none is refused",
        arguments: ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "::/129", "10.0.0.0/255.0.0.0"])
    func badLength(text: String) {
        let error = #expect(throws: ParseError.self) { try IPPrefix(parsing: text) }
        #expect(error?.reason.hasPrefix("length must be 0–") == true)
    }

    @Test("an interface address keeps its host bits and knows its network")
    func interfaceAddress() throws {
        let address = try InterfaceAddress(parsing: "10.1.0.1/24")
        #expect(address.description == "10.1.0.1/24")
        #expect(address.prefix.description == "10.1.0.0/24")
        #expect(throws: ParseError.self) { try InterfaceAddress(parsing: "x/24") }
    }

    @Test("a prefix contains its addresses and longer prefixes of its family, and nothing else")
    func contains() throws {
        let prefix = try IPPrefix(parsing: "10.1.0.0/16")
        #expect(prefix.contains(try IPAddress(parsing: "10.1.255.255")))
        #expect(!prefix.contains(try IPAddress(parsing: "10.2.0.0")))
        #expect(prefix.contains(prefix))
        #expect(prefix.contains(try IPPrefix(parsing: "10.1.2.0/24")))
        #expect(!prefix.contains(try IPPrefix(parsing: "10.0.0.0/8")))
        #expect(prefix.overlaps(try IPPrefix(parsing: "10.0.0.0/8")))
        #expect(!prefix.overlaps(try IPPrefix(parsing: "10.2.0.0/16")))
        let everything = try (v4: IPPrefix(parsing: "0.0.0.0/0"), v6: IPPrefix(parsing: "::/0"))
        #expect(everything.v4.contains(prefix))
        #expect(!everything.v6.contains(prefix))
        #expect(!everything.v4.contains(try IPAddress(parsing: "::")))
    }

    @Test("containing and overlapping agree with the bits, for random prefixes")
    func containsProperty() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<5000 {
            let family: AddressFamily = Bool.random(using: &random) ? .ipv4 : .ipv6
            // Few bits differ, so that there is something to contain.
            let base = UInt128(random.next()) << 64 | UInt128(random.next())
            let other = base ^ (UInt128(1) << UInt128(Int.random(in: 0..<family.width, using: &random)))
            let lengths = (0..<2).map { _ in Int.random(in: 0...family.width, using: &random) }
            let a = IPPrefix(containing: IPAddress(family: family, bits: base), length: lengths[0])
            let b = IPPrefix(containing: IPAddress(family: family, bits: other), length: lengths[1])
            let same = IPPrefix(containing: b.address, length: min(lengths[0], lengths[1]))
            #expect(a.contains(b) == (lengths[0] <= lengths[1] && same.address == a.address))
            #expect(a.overlaps(b) == (a.contains(b) || b.contains(a)))
            #expect(a.overlaps(b) == b.overlaps(a))
        }
    }

    @Test("order is by address, then shorter first")
    func order() throws {
        let sorted = try ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/32", "10.1.0.0/16", "::/0"].map { try IPPrefix(parsing: $0) }
        #expect(sorted.reversed().sorted() == sorted)
    }
}
