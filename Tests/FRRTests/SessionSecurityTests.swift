import Foundation
import Testing

@testable import FRR
@testable import NetworkTypes
@testable import VTY

@Suite("Passwords of sessions, as text")
struct SessionPasswordsTests {
    private let text = "# peers\n\n192.0.2.254 Correct-Horse\n  *   Battery-Staple  \n"

    @Test("go into the lines for bgpd, by peer, and are found again in what it prints")
    func lines() throws {
        let passwords = try SessionPasswords(parsing: text)
        let marked = [" neighbor 192.0.2.254 password FROM-FILE", " neighbor 192.0.2.7 password FROM-FILE", " neighbor G bfd"]
        let revealed = [" neighbor 192.0.2.254 password Correct-Horse", " neighbor 192.0.2.7 password Battery-Staple", " neighbor G bfd"]
        #expect(passwords.reveal(marked) == revealed)
        let running = RunningConfiguration(parsing: (["router bgp 65001"] + revealed).joined(separator: "\n"), passwords: passwords)
        #expect(running.sections[0].body.map { " " + $0.text } == marked)
    }

    @Test("another password is not kept, and is not taken for that of the file")
    func others() throws {
        let passwords = try SessionPasswords(parsing: text)
        let running = RunningConfiguration(
            parsing: "router bgp 65001\n neighbor 192.0.2.254 password Battery-Staple\n neighbor 192.0.2.7 password FROM-FILE",
            passwords: passwords)
        #expect(running.sections[0].body.map(\.text) == ["neighbor 192.0.2.254 password", "neighbor 192.0.2.7 password"])
    }

    @Test("nothing prints them: not a description, not a dump, not a complaint")
    func secrecy() throws {
        let passwords = try SessionPasswords(parsing: text)
        var dumped = ""
        dump(passwords, to: &dumped)
        for told in [
            "\(passwords)", String(reflecting: passwords), dumped, passwords.without("% Unknown: neighbor X password Correct-Horse"),
        ] {
            #expect(!told.contains("Horse") && !told.contains("Staple"), "\(told)")
        }
        for wrong in [
            "192.0.2.1", "x Correct-Horse", "192.0.2.1 Correct Horse", "* a\n* Correct-Horse", "192.0.2.1 Horse\u{e9}",
            "1.2.3.4 Horse\n1.2.3.4 b", "", "# Horse\n \n",
        ] {
            let error = #expect(throws: ParseError.self) { try SessionPasswords(parsing: wrong) }
            #expect(error.map { "\($0)" }?.contains("Horse") == false)
        }
        #expect(passwords.known == .peers([try IPAddress(parsing: "192.0.2.254")], everybody: true))
    }
}

@Suite("Passwords in errors")
struct PasswordErrorTests {
    @Test("a password that begins like another one leaves nothing of itself, in whatever order they are known", arguments: 0..<20)
    func prefixes(count: Int) throws {
        let others = (0..<count).map { "10.0.0.\($0) other-\($0)\n" }.joined()
        let passwords = try SessionPasswords(parsing: "192.0.2.1 abc\n192.0.2.2 abcdef\n192.0.2.3 abcdefghi\n\(others)")
        #expect(passwords.without("password abcdefghi, abcdef, abc") == "password …, …, …")
    }

    @Test("an error that quotes a line or an answer is told without the password")
    func errors() throws {
        let passwords = try SessionPasswords(parsing: "* Correct-Horse")
        let line = " neighbor 192.0.2.1 password Correct-Horse"
        let errors: [VTYError] = [
            .deadlineExceeded(command: line), .unsendable(line), .refused(command: line, status: .unknownCommand, text: "no \(line)"),
            .connectionFailed(path: "/run/frr", reason: line), .closed, .notConnected,
        ]
        for error in errors {
            #expect(!"\(error.rewritten(passwords.without))\(String(reflecting: error.rewritten(passwords.without)))".contains("Horse"))
        }
        #expect(errors[0].rewritten(passwords.without) == .deadlineExceeded(command: " neighbor 192.0.2.1 password …"))
    }
}

@Suite("Who may speak with bgpd, on real daemons", .serialized, .timeLimit(.minutes(2)))
struct SessionSecurityTests {
    /// Two bgpds over a veth, or over a router between them.
    private struct World {
        let namespaces: [NetworkNamespace]
        var daemons: [Daemons] = []
        var bgpds: [VTYClient] = []
        var running: [EVPNBaseStanza?] = [nil, nil]

        init(_ label: String, hops: Int = 1) async throws {
            namespaces = try (["l", "r"] + (hops > 1 ? ["m"] : [])).map { try NetworkNamespace(label + $0) }
            for (index, own) in ["1", "2"].enumerated() {
                let (name, other) = (namespaces[index].name, own == "1" ? "2" : "1")
                try run("ip", "-n", name, "addr", "add", "10.255.0.\(own)/32", "dev", "lo")
                if hops > 1 {
                    let middle = namespaces[2].name
                    try run("ip", "-n", middle, "link", "add", "name", "eth\(own)", "type", "veth", "peer", "name", "eth0", "netns", name)
                    try run("ip", "-n", middle, "addr", "add", "10.0.\(own).254/24", "dev", "eth\(own)")
                    try run("ip", "-n", middle, "link", "set", "eth\(own)", "up")
                    try run("ip", "-n", middle, "route", "add", "10.255.0.\(own)/32", "via", "10.0.\(own).1")
                    try run("ip", "netns", "exec", middle, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
                } else if own == "1" {
                    try run(
                        "ip", "-n", name, "link", "add", "name", "eth0", "type", "veth", "peer", "name", "eth0", "netns", namespaces[1].name
                    )
                }
                try run("ip", "-n", name, "addr", "add", hops > 1 ? "10.0.\(own).1/24" : "10.0.0.\(own)/24", "dev", "eth0")
                try run("ip", "-n", name, "link", "set", "eth0", "up")
                let gateway = hops > 1 ? "10.0.\(own).254" : "10.0.0.\(other)"
                try run("ip", "-n", name, "route", "add", "10.255.0.\(other)/32", "via", gateway)
                daemons.append(try await Daemons(in: namespaces[index]))
                bgpds.append(try await client(daemons[index].bgpd))
            }
        }

        func stanza(_ index: Int, _ change: (inout EVPNBaseStanza) -> Void = { _ in }) throws -> EVPNBaseStanza {
            let (own, other) = (index + 1, 2 - index)
            var stanza = EVPNBaseStanza(
                asn: try ASN(parsing: "420000000\(own)"), routerID: try IPv4Address(parsing: "10.255.0.\(own)"),
                vtep: try IPAddress(parsing: "10.255.0.\(own)"), peers: [try .at("10.255.0.\(other)", "420000000\(other)")],
                timers: BGPTimers(keepalive: 1, hold: 30, connectRetry: 1))
            change(&stanza)
            return stanza
        }

        /// As the agent does it, and what is left to do after that.
        func put(_ index: Int, _ stanza: EVPNBaseStanza, _ passwords: SessionPasswords = SessionPasswords()) async throws {
            let before = EVPNBaseStanza.parse(try await bgpds[index].running(passwords))
            let lines = passwords.reveal(try EVPNBaseStanza.changes(from: before, to: stanza))
            #expect(try await bgpds[index].configure(lines).isEmpty, "\(lines)")
            let after = EVPNBaseStanza.parse(try await bgpds[index].running(passwords))
            #expect(after == stanza)
            #expect(stanza.isInForce(in: after), "a second run changes nothing")
        }

        func states() async throws -> [String] {
            var found: [String] = []
            for bgpd in bgpds { found += try BGPSummary.decode(try await bgpd.show("show bgp l2vpn evpn summary json")).peers.map(\.state) }
            return found
        }

        func areEstablished() async throws -> Bool {
            let up = ["Established", "Established"]
            return try await eventually({ try await states() }, { $0 == up }) == up
        }

        /// How often each one's session was established.
        func count() async throws -> [Int] {
            var found: [Int] = []
            for bgpd in bgpds {
                let text = try await bgpd.show("show bgp neighbors json")
                let words = text.firstRange(of: "\"connectionsEstablished\":").map { text[$0.upperBound...].prefix { $0.isNumber } } ?? ""
                found.append(Int(words) ?? -1)
            }
            return found
        }
    }

    @Test("a session needs the same password at both ends; a change of it at one end resets, repeating it does not")
    func passwords() async throws {
        let world = try await World("md5")
        let (right, wrong) = (try SessionPasswords(parsing: "* Correct-Horse"), try SessionPasswords(parsing: "* Battery-Staple"))
        let known: (inout EVPNBaseStanza) -> Void = {
            $0.peers = Set(
                $0.peers.map {
                    var peer = $0; peer.authentication = .md5; return peer
                })
        }
        try await world.put(0, try world.stanza(0, known), right)
        try await world.put(1, try world.stanza(1, known), wrong)
        try await Task.sleep(for: .seconds(4))
        #expect(try await world.states().allSatisfy { $0 != "Established" })
        try await world.put(1, try world.stanza(1, known), right)
        #expect(try await world.areEstablished())
        // Once more, and again with other lines that change.
        let before = try await world.count()
        try await world.put(
            0,
            try world.stanza(0) {
                known(&$0); $0.timers = BGPTimers(keepalive: 1, hold: 33, connectRetry: 1)
            }, right)
        try await Task.sleep(for: .seconds(2))
        #expect(try await world.count() == before)
        try await world.put(1, try world.stanza(1), right)
        #expect(
            try await eventually({ try await world.states() }, { $0.allSatisfy { $0 != "Established" } }).allSatisfy { $0 != "Established" }
        )
    }

    @Test("sessions with TTL security and BFD come up behind a router, set from the start at both ends, without bfdd too")
    func fromTheStart() async throws {
        let world = try await World("sta", hops: 2)
        for index in 0..<2 { try await world.put(index, try world.stanza(index) { ($0.maximumHops, $0.failureDetection) = (2, .bfd) }) }
        #expect(try await world.areEstablished())
        for bgpd in world.bgpds { #expect(try await bgpd.show("show bgp neighbors").contains("BFD: Type: multi hop")) }
    }

    @Test("a connection that the peer opens beside the standing session leaves its next hop what it was")
    func collision() async throws {
        let world = try await World("col", hops: 2)
        for index in 0..<2 { try await world.put(index, try world.stanza(index) { $0.maximumHops = 2 }) }
        #expect(try await world.areEstablished())
        func nextHop() async throws -> String { try await world.bgpds[1].show("show bgp nexthop") }
        // Valid once bgpd's session has told zebra of it.
        #expect(try await eventually({ try await nextHop() }, { $0.contains("10.255.0.1 valid") }).contains("10.255.0.1 valid"))
        let peer = world.namespaces[0].name
        try run("ip", "netns", "exec", peer, "sysctl", "-q", "-w", "net.ipv4.ip_default_ttl=255")
        try run("ip", "-n", peer, "route", "replace", "10.255.0.2/32", "via", "10.0.1.254", "src", "10.255.0.1")
        try run("ip", "netns", "exec", peer, "timeout", "10", "bash", "-c", "exec 3<>/dev/tcp/10.255.0.2/179; sleep 2")
        try await Task.sleep(for: .seconds(1))
        let after = try await nextHop()
        #expect(after.contains("10.255.0.1 valid") && !after.contains("Must be Connected"), "\(after)")
        #expect(try await world.areEstablished())
    }

    @Test("with TTL security a peer that is farther away has no session, one near enough has; BFD, its hops and the like reset nothing")
    func hops() async throws {
        let world = try await World("ttl", hops: 2)
        try await world.put(0, try world.stanza(0))
        try await world.put(1, try world.stanza(1))
        #expect(try await world.areEstablished())
        try await world.put(0, try world.stanza(0) { $0.maximumHops = 1 })
        // The other end, which guards nothing, may think for a while that it has one: its words are dropped, the answers reach it.
        #expect(try await eventually({ try await world.states()[0] }, { $0 != "Established" }) != "Established")
        for _ in 0..<6 {
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await world.states()[0] != "Established", "and none comes back")
        }
        try await world.put(0, try world.stanza(0) { $0.maximumHops = 2 })
        #expect(try await world.areEstablished(), "the other end has none, and sends with TTL 255 all the same")
        let before = try await world.count()
        try await world.put(0, try world.stanza(0) { $0.maximumHops = 4 })
        try await world.put(0, try world.stanza(0) { ($0.maximumHops, $0.failureDetection) = (4, .bfd) })
        try await Task.sleep(for: .seconds(2))
        #expect(try await world.count() == before)
        try await world.put(0, try world.stanza(0))
        #expect(try await world.areEstablished())
    }
}
