import FederationModel
import NetworkTypes
import Testing

@Suite("Prefix rules in FRR's words")
struct PrefixRuleTests {
    @Test(
        "are read and printed as FRR does",
        arguments: [
            "permit 10.0.0.0/8", "deny 10.0.0.0/8 le 32", "permit 10.0.0.0/8 ge 24", "permit 10.0.0.0/8 ge 24 le 32",
            "permit 10.0.0.0/8 ge 8",
            "permit 10.0.0.0/8 le 8", "permit 0.0.0.0/0 ge 0", "permit 0.0.0.0/0 le 32", "deny ::/0 le 128", "permit fd10::/16 ge 64 le 64",
        ])
    func forms(text: String) throws {
        #expect(try PrefixRule(parsing: text).description == text)
    }

    @Test("other forms of the same are read too")
    func otherForms() throws {
        #expect(try PrefixRule(parsing: "permit  10.0.0.0/8\tle 32 ge 24").description == "permit 10.0.0.0/8 ge 24 le 32")
        #expect(try PrefixRule(parsing: "permit 10.0.0.1").description == "permit 10.0.0.1/32")
    }

    @Test(
        "what bgpd would refuse is refused with the reason and what to write",
        arguments: [
            ("", "it begins with neither “permit” nor “deny”", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("allow 10.0.0.0/8", "it begins with neither “permit” nor “deny”", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("seq 5 permit 10.0.0.0/8", "it begins with neither “permit” nor “deny”", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit", "it says no prefix", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("deny any", "“any” does not say whether IPv4 or IPv6", "write “deny 0.0.0.0/0 le 32” or “deny ::/0 le 128”"),
            (
                "permit 10.0.0.5/24", "“10.0.0.5/24” is no IP prefix: it has host bits set",
                "write 10.0.0.0/24 for the network or 10.0.0.5 for the host"
            ),
            ("permit 10.0.0.0/8 gt 9", "“gt” is neither “ge” nor “le”", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit 10.0.0.0/8 le", "no length follows “le”", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit 10.0.0.0/8 le 33", "“33” is no length from 0 to 32", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit 10.0.0.0/8 le 09", "“09” is no length from 0 to 32", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit fd00::/8 ge 129", "“129” is no length from 0 to 128", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit 10.0.0.0/8 le 9 le 10", "it has “le” twice", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            (
                "permit 10.0.0.0/8 ge 7", "ge 7 is shorter than the prefix itself, and would match nothing",
                "keep 8 ≤ ge ≤ le ≤ 32; bgpd refuses anything else"
            ),
            (
                "permit 10.0.0.0/8 le 7", "le 7 is shorter than the prefix itself, and would match nothing",
                "keep 8 ≤ ge ≤ le ≤ 32; bgpd refuses anything else"
            ),
            (
                "permit fd00::/8 ge 65 le 64", "ge 65 is more than le 64, and would match nothing",
                "keep 8 ≤ ge ≤ le ≤ 128; bgpd refuses anything else"
            ),
        ])
    func refusals(text: String, reason: String, remedy: String) {
        let error = #expect(throws: ParseError.self) { try PrefixRule(parsing: text) }
        #expect(error == ParseError(expected: "prefix rule", value: text, reason: reason, remedy: remedy))
    }
}
