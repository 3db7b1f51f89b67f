import Federation
import FederationFile
import FederationModel
import NetworkTypes
import Testing

/// What a file gets wrong that YAML and the single values do not show.
@Suite("The meaning of a federation file")
struct FileMeaningTests {
    private static let head = """
        federation: demo
        clouds:
          paris: {labels: {region: eu}, gateways: {gw1: {vtep: 10.255.1.1}}}
          tokyo: {labels: {region: asia}, gateways: {gw1: {vtep: 10.255.2.1}}}
          lima: {gateways: {gw1: {vtep: 10.255.3.1}}}
        vpns:

        """

    /// Of a blue VPN with attachments in all three clouds, whose lines begin at 7.
    private func findings(
        blue: String, attachments: String = "{cloud: paris, router: r}, {cloud: tokyo, router: r}, {cloud: lima, router: r}"
    )
        -> [String]
    {
        FederationTests.findings(Self.head + "  blue: {\(blue)attachments: [\(attachments)]}\n")
    }

    @Test("roles have to fit the pattern, and each other")
    func roles() {
        #expect(
            findings(blue: "", attachments: "{cloud: paris, router: r, role: hub}, {cloud: tokyo, router: r, role: spoke}") == [
                "7 error vpns.blue.attachments[0].role: invalid role “hub” of cloud paris: policy full-mesh has no hubs",
                "7 error vpns.blue.attachments[1].role: invalid role “spoke” of cloud tokyo: policy full-mesh has no spokes",
            ])
        let hub = "policy: hub-and-spoke, "
        #expect(findings(blue: hub) == ["7 error vpns.blue.policy: VPN blue has no hub: its spokes can reach nobody"])
        #expect(
            findings(
                blue: hub,
                attachments:
                    "{cloud: paris, router: r, role: hub}, {cloud: paris, network: n, role: hub}, {cloud: tokyo, router: r, role: import-only}"
            )
                == [])
        #expect(
            findings(blue: hub, attachments: "{cloud: paris, router: r, role: hub}, {cloud: paris, network: n}, {cloud: tokyo, router: r}")
                == ["7 error vpns.blue.attachments[1]: cloud paris has two roles in VPN blue: “member” here, “hub” on line 7"])
        // What could not be read may be the hub.
        #expect(
            findings(blue: hub, attachments: "{cloud: parris, router: r, role: hub}, {cloud: tokyo, router: r}") == [
                "7 error vpns.blue.attachments[0].cloud: unknown cloud “parris”"
            ])
        #expect(
            findings(blue: hub, attachments: "{cloud: paris, router: r, role: hubb}, {cloud: tokyo, router: r}") == [
                "7 error vpns.blue.attachments[0].role: unknown role “hubb”"
            ])
    }

    @Test("a policy is a pattern's name, or one pattern with what it needs")
    func policies() {
        for policy in ["full-mesh", "{full-mesh: {}}", "{full-mesh: }"] { #expect(findings(blue: "policy: \(policy), ") == []) }
        #expect(
            findings(blue: "policy: {full-mesh: {transit: []}}, ") == [
                "7 error vpns.blue.policy.full-mesh.transit: unknown key “transit” in a full mesh"
            ])
        #expect(
            findings(blue: "policy: {full-mesh: {}, hub-and-spoke: {}}, ") == [
                "7 error vpns.blue.policy.hub-and-spoke: a policy must have exactly one of “full-mesh”, “hub-and-spoke” and “partial-mesh”, already has “full-mesh”"
            ])
        #expect(
            findings(blue: "policy: {}, ") == [
                "7 error vpns.blue.policy: a policy must have exactly one of “full-mesh”, “hub-and-spoke” and “partial-mesh”, has none"
            ])
        #expect(findings(blue: "policy: fullmesh, ") == ["7 error vpns.blue.policy: unknown policy “fullmesh”"])
        #expect(
            findings(blue: "policy: [], ") == [
                "7 error vpns.blue.policy: a policy must be a mapping of keys to values, not a list"
            ])
    }

    @Test("no default route is transit, or shared")
    func defaultRoutes() {
        #expect(
            findings(
                blue: "policy: {hub-and-spoke: {transit: [\"::/0\", 10.0.0.0/8]}}, shares: [{to: red, prefixes: [0.0.0.0/0]}], ",
                attachments: "{cloud: paris, router: r, role: hub}, {cloud: tokyo, router: r}") == [
                    "7 error vpns.blue.policy.hub-and-spoke.transit[0]: ::/0 is a default route: the hubs would attract the spokes' Internet traffic",
                    "7 error vpns.blue.shares[0].to: unknown VPN “red”",
                    "7 error vpns.blue.shares[0].prefixes[0]: 0.0.0.0/0 is a default route: attachments have no default route to share",
                ])
    }

    @Test("edges join clouds that there are, and say so where they join nothing")
    func edges() {
        func edges(_ edges: String) -> [String] { findings(blue: "policy: {partial-mesh: {edges: [\(edges)]}}, ") }
        let path = "vpns.blue.policy.partial-mesh.edges"
        #expect(edges("{between: [paris, {region: asia}]}, {from: {region: eu}, to: lima}, {between: [{region: eu}, {region: eu}]}") == [])
        #expect(edges("{between: [paris, pari]}") == ["7 error \(path)[0].between[1]: unknown cloud “pari”"])
        #expect(edges("{between: [paris]}") == ["7 error \(path)[0].between: “between” must have two ends, has 1"])
        #expect(edges("{between: [paris, paris]}") == ["7 error \(path)[0].between[1]: both ends are cloud paris"])
        #expect(edges("{from: paris}") == ["7 error \(path)[0]: missing key “to”"])
        #expect(
            edges("{to: paris, between: [paris, lima]}") == [
                "7 error \(path)[0].between: an edge must have exactly one of “between” and “from” with “to”, already has “to”"
            ])
        #expect(edges("{between: [paris, {}]}") == ["7 error \(path)[0].between[1]: the label is missing: every cloud would match"])
        #expect(
            edges("{between: [paris, lima]}, {between: [lima, paris]}, {from: lima, to: paris}, {from: paris, to: lima}") == [
                "7 error \(path)[1]: this edge appears twice, first on line 7"
            ])
        #expect(
            edges("{from: paris, to: {region: mars}}") == [
                "7 warning \(path)[0].to: {region: mars} matches no cloud with attachments in VPN blue"
            ])
        let none = ["7 warning vpns.blue.policy: VPN blue has no edges: its clouds cannot reach each other"]
        #expect(edges("") == none)
        #expect(findings(blue: "policy: partial-mesh, ") == none)
        #expect(
            findings(blue: "rt: 64900:1, policy: {partial-mesh: {edges: [{between: [paris, lima]}]}}, ") == [
                "7 warning vpns.blue.rt: “rt” is not allowed in a partial mesh: each cloud has its own target"
            ])
    }

    @Test("a VPN shares with others, from clouds that there are, and nothing comes back")
    func shares() {
        func shares(_ text: String, red: String = "", green: String = "") -> [String] {
            let attachments = "attachments: [{cloud: paris, router: "
            return FederationTests.findings(
                Self.head + "  blue: {shares: [\(text)], \(attachments)blue}, {cloud: tokyo, router: blue}]}\n"
                    + "  red: {shares: [\(red)], \(attachments)red}, {cloud: tokyo, router: red}]}\n"
                    + "  green: {shares: [\(green)], \(attachments)green}]}\n")
        }
        let lonely = "9 warning vpns.green: VPN green has attachments in one cloud only (paris)"
        #expect(
            shares("{to: blue, prefixes: [10.1.0.0/16]}") == [
                "7 error vpns.blue.shares[0].to: VPN blue cannot share with itself", lonely,
            ])
        #expect(shares("{to: green, prefixes: [10.1.0.0/16]}") == [])
        #expect(
            shares("{to: red, prefixes: [10.1.0.0/16, 10.1.0.0/16], clouds: [paris, paris, lima, rome]}") == [
                "7 error vpns.blue.shares[0].prefixes[1]: 10.1.0.0/16 appears twice, first on line 7",
                "7 error vpns.blue.shares[0].clouds[1]: paris appears twice, first on line 7",
                "7 warning vpns.blue.shares[0].clouds[2]: cloud lima has no attachments in VPN blue: it has nothing to share",
                "7 error vpns.blue.shares[0].clouds[3]: unknown cloud “rome”", lonely,
            ])
        #expect(
            shares("{to: red, prefixes: []}, {to: red, prefixes: [10.1.0.0/16], clouds: []}") == [
                "7 error vpns.blue.shares[0].prefixes: “prefixes” is empty", "7 error vpns.blue.shares[1].clouds: “clouds” is empty",
                lonely,
            ])
        // Two VPNs share with each other.
        #expect(shares("{to: red, prefixes: [10.1.0.0/16]}", red: "{to: blue, prefixes: [10.2.0.0/16]}") == [lonely])
        #expect(
            shares(
                "{to: red, prefixes: [10.9.0.0/16, 10.1.0.0/16]}", red: "{to: green, prefixes: [10.1.9.0/24]}",
                green: "{to: blue, prefixes: [10.0.0.0/8]}") == [
                    "7 error vpns.blue.shares[0].prefixes[1]: share loop of 10.1.0.0/16: blue → red → green → blue"
                ])
        // Each two of the three overlap, but no address goes all the way around.
        #expect(
            shares(
                "{to: red, prefixes: [10.0.0.0/8]}", red: "{to: green, prefixes: [10.1.0.0/16]}",
                green: "{to: blue, prefixes: [10.2.0.0/16]}")
                == [])
    }

    @Test("a filter says where a rule never decides, and where it permits nothing")
    func filters() {
        func filter(_ rules: String) -> [String] { findings(blue: "filters: {import: [\(rules)]}, ") }
        let path = "vpns.blue.filters.import"
        #expect(filter("deny 10.9.0.0/16 le 32, permit 10.0.0.0/8 le 32, permit 10.9.0.0/16 ge 8 le 30").count == 1)
        #expect(
            filter("deny 10.9.0.0/16 le 32, permit 10.0.0.0/8 le 32, permit 10.8.0.0/16 ge 17 le 30") == [
                "7 warning \(path)[2]: “permit 10.8.0.0/16 ge 17 le 30” never applies: “permit 10.0.0.0/8 le 32” on line 7 matches everything first"
            ])
        #expect(
            filter("permit 10.0.0.0/8 ge 9, permit 10.0.0.0/8, deny 10.0.0.0/9") == [
                "7 warning \(path)[2]: “deny 10.0.0.0/9” never applies: “permit 10.0.0.0/8 ge 9” on line 7 matches everything first"
            ])
        #expect(
            filter("permit 10.0.0.0/8 ge 9 le 32, permit 10.0.0.0/8 ge 9") == [
                "7 error \(path)[1]: permit 10.0.0.0/8 ge 9 appears twice, first on line 7"
            ])
        #expect(filter("deny 10.0.0.0/8") == ["7 warning \(path): “import” permits nothing: unmatched prefixes are denied"])
        #expect(
            filter("deny 10.0.0.0/8, permit nothing") == [
                "7 error \(path)[1]: invalid prefix rule “permit nothing”: invalid IP prefix “nothing”: must begin with an IP address"
            ])
    }

    @Test("the rest of a VPN and its attachments is checked too")
    func rest() {
        #expect(
            findings(
                blue:
                    "project: \(String(repeating: "x", count: 65)), maximumPrefixes: -1, localPreference: 4294967296, allowOverlap: True, "
                    + "anycast: [10.0.0.0/8, 10.0.0.0/8, any], ",
                attachments: "{cloud: paris, port: {label: x}}, {cloud: tokyo, router: r, advertise: []}, "
                    + "{cloud: lima, network: {name: n, label: a=b}}, {cloud: lima, router: r, advertise: [hosts, hosts, all]}") == [
                    "7 error vpns.blue.project: invalid OpenStack project: must be at most 64 characters",
                    "7 error vpns.blue.maximumPrefixes: invalid number of prefixes -1: must be decimal digits only, without sign, point or exponent",
                    "7 error vpns.blue.localPreference: invalid local preference 4294967296: must be 0–4294967295",
                    "7 error vpns.blue.allowOverlap: must be true or false, not “True”",
                    "7 error vpns.blue.anycast[1]: 10.0.0.0/8 appears twice, first on line 7",
                    "7 error vpns.blue.anycast[2]: invalid IP prefix “any”: must begin with an IP address",
                    "7 error vpns.blue.attachments[0].port.label: invalid label “x”: must be KEY=VALUE of at most 255 characters",
                    "7 error vpns.blue.attachments[1].advertise: “advertise” is empty",
                    "7 error vpns.blue.attachments[2].network: the network needs an id, a name or a label",
                    "7 error vpns.blue.attachments[3].advertise[1]: hosts appears twice, first on line 7",
                    "7 error vpns.blue.attachments[3].advertise[2]: unknown advertisement “all”",
                ])
    }

    @Test("a finding about a list is about all of it on its line, one about what is missing in a mapping is not")
    func underlined() {
        let reading = FederationYAML.read(
            text: Self.head + "  blue: {importTargets: [\"64900:1\", '6]'], attachments: [{cloud: paris, router: r}]}\n", fileName: "f")
        func length(_ path: String) -> [Int] {
            reading.diagnostics(for: [Finding(.error, .leak, path: path, reason: "r", remedy: "r")]).map(\.length)
        }
        #expect(length("vpns.blue.importTargets") == [17] && length("vpns.blue.attachments") == [27] && length("vpns.blue.shares") == [1])
    }

    @Test("findings of others are shown at what they are about, or at what that is missing from")
    func located() {
        let reading = FederationYAML.read(
            text: Self.head + "  blue: {attachments: [{cloud: paris, router: r}, {cloud: lima, router: r}]}\n", fileName: "f")
        func place(_ path: String) -> String {
            let finding = Diagnostic(
                severity: .warning, file: "", line: 1, column: 1, length: 1, path: path, value: nil, reason: "r", remedy: "r", source: "")
            return reading.located([finding]).map { "\($0.file):\($0.line):\($0.column)+\($0.length)" }.joined()
        }
        #expect(place("vpns.blue.attachments[1].router") == "f:7:73+1")
        #expect(place("vpns.blue.attachments[1].role") == "f:7:51+1")
        #expect(place("vpns.blue.vni") == "f:7:9+1")
        #expect(place("clouds.paris.gateways.gw1.vtep") == "f:3:56+10")
        #expect(place("clouds.rome.as") == "f:3:3+1")
        #expect(place("") == "f:1:1+1")
    }
}

/// Line, severity, path and reason of each finding of a file.
func findings(_ text: String) -> [String] {
    FederationYAML.read(text: text, fileName: "f").diagnostics.withoutBareNames.map {
        "\($0.line) \($0.severity.rawValue) \($0.path): \($0.reason)"
    }
}
