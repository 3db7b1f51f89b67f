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
            ("", "must begin with “permit” or “deny”", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("allow 10.0.0.0/8", "must begin with “permit” or “deny”", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("seq 5 permit 10.0.0.0/8", "must begin with “permit” or “deny”", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit", "the prefix is missing", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("deny any", "“any” could be IPv4 or IPv6", "write “deny 0.0.0.0/0 le 32” or “deny ::/0 le 128”"),
            (
                "permit 10.0.0.5/24", "invalid IP prefix 10.0.0.5/24: host bits are set",
                "write 10.0.0.0/24 for the network or 10.0.0.5 for the host"
            ),
            ("permit 10.0.0.0/8 gt 9", "expected “ge” or “le”, found “gt”", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit 10.0.0.0/8 le", "“le” needs a length", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit 10.0.0.0/8 le 33", "“le” must be 0–32", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit 10.0.0.0/8 le 09", "“le” must be 0–32", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit fd00::/8 ge 129", "“ge” must be 0–128", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            ("permit 10.0.0.0/8 le 9 le 10", "“le” appears twice", "write it like “permit 10.0.0.0/8 ge 24 le 32”"),
            (
                "permit 10.0.0.0/8 ge 7", "ge 7 is shorter than the prefix and would match nothing",
                "keep 8 ≤ ge ≤ le ≤ 32, as bgpd requires"
            ),
            (
                "permit 10.0.0.0/8 le 7", "le 7 is shorter than the prefix and would match nothing",
                "keep 8 ≤ ge ≤ le ≤ 32, as bgpd requires"
            ),
            (
                "permit fd00::/8 ge 65 le 64", "ge 65 is greater than le 64 and would match nothing",
                "keep 8 ≤ ge ≤ le ≤ 128, as bgpd requires"
            ),
        ])
    func refusals(text: String, reason: String, remedy: String) {
        let error = #expect(throws: ParseError.self) { try PrefixRule(parsing: text) }
        #expect(error == ParseError(expected: "prefix rule", value: text, reason: reason, remedy: remedy))
    }
}
