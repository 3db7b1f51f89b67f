import NetworkTypes

/// What `show running-config` prints, cut into its blocks. Knows FRR's indentation, not its commands: unknown lines are kept.
package struct RunningConfiguration: Hashable, Sendable {
    /// A line without indentation, and the lines of the block that it opens, if it does.
    package struct Section: Hashable, Sendable {
        package let header: String
        /// In order, each with its whole context (which begins with `header`); lines that open inner blocks are there too.
        package let body: [ConfigurationLine]

        var subject: Subject { RunningConfiguration.subject(of: header) }
    }

    /// What a section is about, to find it by. A name with a colon is found by what stands up to and with that.
    enum Subject: Hashable, Sendable {
        /// `router bgp AS`, `router bgp AS vrf NAME`; a `view` is none of them.
        case bgp(vrf: String?)
        case routeMap(String)
        case prefixList(AddressFamily, String)
        /// `bgp extcommunity-list`.
        case extendedCommunityList(String)
        case vrf(String)
        case other
    }

    package let sections: [Section]
    private let positions: [Subject: [Int]]

    /// Reads any text; what is indented under nothing is dropped, and so are comments and the `exit` lines that close blocks.
    /// - Parameter passwords: lines that have them are told from others. No secret is kept: what is read here is recorded and logged.
    package init(parsing text: String, passwords: SessionPasswords = SessionPasswords()) {
        var sections: [Section] = []
        var positions: [Subject: [Int]] = [:]
        var header: String?
        var body: [ConfigurationLine] = []
        // The blocks around the next line: how far each one's first line is indented, and the context of the lines in it.
        var open: [(indentation: Int, path: [String])] = []

        func finish() {
            guard let finished = header else { return }
            positions[Self.subject(of: finished), default: []].append(sections.count)
            sections.append(Section(header: finished, body: body))
            body = []
        }
        for raw in text.utf8.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            let indentation = raw.prefix { $0 == 0x20 || $0 == 0x09 }.count
            let line = passwords.conceal(Substring(raw.dropFirst(indentation)).trimmingSpaces)
            if line.isEmpty || line.hasPrefix("!") || line == "exit" || line == "end" || line.hasPrefix("exit-") { continue }
            if indentation == 0 {
                finish()
                header = line
                open = [(0, [line])]
            } else if header != nil {
                while let last = open.last, last.indentation >= indentation { open.removeLast() }
                let entry = ConfigurationLine(line, in: open.last?.path ?? [])
                body.append(entry)
                open.append((indentation, entry.path))
            }
        }
        finish()
        self.sections = sections
        self.positions = positions
    }

    func sections(about subject: Subject) -> [Section] { (positions[subject] ?? []).map { sections[$0] } }

    /// Names of the VRFs that have a BGP instance, with its AS, in the order of the text.
    package var bgpVRFs: [(name: String, asn: ASN)] {
        sections.compactMap { section in
            guard case .bgp(vrf: let name?) = Self.subject(of: section.header), let asn = Self.asn(of: section.header) else { return nil }
            return (name, asn)
        }
    }

    /// Names of the `vrf NAME` blocks, in the order of the text.
    package var vrfs: [String] {
        sections.compactMap { section in
            if case .vrf(let name) = Self.subject(of: section.header) { name } else { nil }
        }
    }

    /// The AS of the default BGP instance.
    package var defaultASN: ASN? { sections(about: .bgp(vrf: nil)).lazy.compactMap { Self.asn(of: $0.header) }.first }

    /// Those of the default BGP instance, whoever configured them; interfaces and peer groups are left out.
    package var neighbours: Set<IPAddress> {
        Set(sections(about: .bgp(vrf: nil)).flatMap(\.body).compactMap { $0.neighbour.flatMap { IPAddress($0) } })
    }

    static func asn(of header: String) -> ASN? {
        let words = header.split(separator: " ")
        return words.count >= 3 ? ASN(String(words[2])) : nil
    }

    /// `ip prefix-list NAME seq 5 permit …` and `bgp extcommunity-list standard NAME seq 5 permit …` without `seq 5`: for lists in which all
    /// entries permit, so that their order says nothing. FRR finds an entry to remove without its number.
    static func withoutSequenceNumber(_ header: String) -> String {
        var words = header.split(separator: " ")
        if let position = words.firstIndex(of: "seq"), position + 2 < words.count { words.removeSubrange(position...position + 1) }
        return words.joined(separator: " ")
    }

    private static func subject(of header: String) -> Subject {
        let words = header.split(separator: " ").map(String.init)
        switch words.first {
        case "router" where words.count >= 3 && words[1] == "bgp":
            // Later releases add words such as `as-notation dot`.
            if words.count >= 5, words[3] == "vrf" { return .bgp(vrf: words[4]) }
            return words.count >= 5 && words[3] == "view" ? .other : .bgp(vrf: nil)
        case "route-map" where words.count >= 2: return .routeMap(stem(words[1]))
        case "ip" where words.count >= 3 && words[1] == "prefix-list": return .prefixList(.ipv4, stem(words[2]))
        case "ipv6" where words.count >= 3 && words[1] == "prefix-list": return .prefixList(.ipv6, stem(words[2]))
        case "bgp" where words.count >= 4 && words[1] == "extcommunity-list": return .extendedCommunityList(stem(words[3]))
        case "vrf" where words.count == 2: return .vrf(words[1])
        default: return .other
        }
    }

    private static func stem(_ name: String) -> String { name.firstIndex(of: ":").map { String(name[...$0]) } ?? name }
}
