import FederationFile
import NetworkTypes
import Testing

@Suite("Shares that come back")
struct ShareLoopTests {
    /// VPNs that share prefixes of 10.0.0.0/8 with each other.
    private func text(_ shares: [(from: Int, to: Int, prefix: IPPrefix)], vpns: Int) -> String {
        var text = "federation: demo\nclouds: {a: {gateways: {g: {vtep: 10.255.0.1}}}, b: {gateways: {g: {vtep: 10.255.0.2}}}}\nvpns:\n"
        for vpn in 0..<vpns {
            let own = shares.filter { $0.from == vpn }.map { "{to: v\($0.to), prefixes: [\($0.prefix)]}" }.joined(separator: ", ")
            text += "  v\(vpn): {shares: [\(own)], attachments: [{cloud: a, router: r\(vpn)}, {cloud: b, router: r\(vpn)}]}\n"
        }
        return text
    }

    /// Whether an address can go around, by trying every address that could: the first ones of all prefixes.
    private func loops(_ shares: [(from: Int, to: Int, prefix: IPPrefix)], vpns: Int) -> Bool {
        for address in Set(shares.map(\.prefix.address)) {
            let edges = shares.filter { $0.prefix.contains(address) }
            for start in 0..<vpns {
                var reached = Set(edges.filter { $0.from == start }.map(\.to))
                while true {
                    let next = reached.union(edges.filter { reached.contains($0.from) }.map(\.to))
                    if next == reached { break }
                    reached = next
                }
                if reached.contains(start) { return true }
            }
        }
        return false
    }

    @Test("are found if and only if some address goes around", .timeLimit(.minutes(5)))
    func model() {
        var found = 0
        for seed in 0..<400 as Range<UInt64> {
            var random = RandomFederation(seed: seed)
            let vpns = random.number(2...5)
            let shares = (0..<random.number(1...8)).map { _ in
                let from = random.number(0...vpns - 1)
                let to = (from + random.number(1...vpns - 1)) % vpns
                let address = IPv4Address(bits: 10 << 24 | UInt32(random.number(0...7)) << 21)
                return (from: from, to: to, prefix: IPPrefix(containing: .v4(address), length: random.number(8...12)))
            }
            let expected = loops(shares, vpns: vpns)
            let reading = FederationYAML.read(text: text(shares, vpns: vpns), fileName: "f")
            #expect(reading.errors.isEmpty != expected, "\(text(shares, vpns: vpns))")
            #expect(reading.errors.allSatisfy { $0.reason.contains("share loop") })
            found += expected ? 1 : 0
        }
        #expect((50...350).contains(found))
    }

    @Test("are not looked for forever", .timeLimit(.minutes(5)))
    func bound() {
        // All of a hundred VPNs share with all later ones.
        let prefixes = (0..<20).map { IPPrefix(containing: .v4(IPv4Address(bits: 10 << 24)), length: 8 + $0) }
        let shares = (0..<100).flatMap { from in
            (from + 1..<100).map { to in (from: from, to: to, prefix: prefixes[(from + to) % prefixes.count]) }
        }
        #expect(FederationYAML.read(text: text(shares, vpns: 100), fileName: "f").errors == [])
        let back = (from: 99, to: 0, prefix: IPPrefix(containing: .v4(IPv4Address(bits: 172 << 24)), length: 8))
        let reading = FederationYAML.read(text: text(shares + [back], vpns: 100), fileName: "f")
        #expect(
            reading.errors.map(\.reason) == [
                "too many overlapping shares to check for loops"
            ])
    }
}
