import Netlink
import NetworkTypes
import Testing

@Suite("Rules and ways, as the kernel has them", .timeLimit(.minutes(1)))
struct RuleTests {
    @Test("rules are read in the order in which they are asked, with what they match and do")
    func rules() async throws {
        let namespace = try NetworkNamespace()
        try namespace.ip("rule", "add", "pref", "500", "to", "10.1.0.0/24", "blackhole")
        try namespace.ip(
            "rule", "add", "pref", "600", "not", "from", "10.9.0.0/16", "iif", "lo", "lookup", "12345", "suppress_prefixlength", "0")
        try namespace.ip("rule", "add", "pref", "700", "fwmark", "0x80/0xff", "lookup", "52")
        try namespace.ip("-6", "rule", "add", "pref", "500", "from", "fd10::/32", "prohibit")
        let netlink = try namespace.netlink()
        let rules = try await netlink.rules(.ipv4)
        #expect(rules.map(\.priority) == [0, 500, 600, 700, 32766, 32767])
        #expect(rules.map(\.description).prefix(2) == ["lookup 255", "to 10.1.0.0/24 blackhole"])
        #expect(rules[2].isInverted && rules[2].inInterface == "lo" && rules[2].action == .lookup(table: 12345))
        #expect(rules[2].suppressedLength == 0 && !rules[2].isForMarked && rules[1].suppressedLength == nil)
        #expect(rules[3].isForMarked && !rules[4].isForMarked)
        let six = try await netlink.rules(.ipv6)
        #expect(six.contains { $0.priority == 500 && $0.description == "from fd10::/32 prohibit" && $0.family == .ipv6 })
    }

    @Test("the way to an address is the kernel's own answer: rules, device, gateway and the route's MTU")
    func path() async throws {
        let namespace = try NetworkNamespace()
        try namespace.ip("link", "add", "uplink", "type", "bridge")
        try namespace.ip("addr", "add", "10.0.1.1/24", "dev", "uplink")
        try namespace.ip("link", "set", "uplink", "up")
        try namespace.ip("route", "add", "10.255.2.1", "via", "10.0.1.2", "mtu", "1400")
        try namespace.ip("route", "add", "10.255.3.1", "via", "10.0.1.2")
        try namespace.ip("route", "add", "blackhole", "10.255.9.0/24")
        let netlink = try namespace.netlink()
        let narrow = try await netlink.path(to: ip("10.255.2.1"))
        #expect(narrow == RoutePath(interface: "uplink", gateway: try ip("10.0.1.2"), mtu: 1400))
        #expect(try await netlink.path(to: ip("10.255.3.1"), from: ip("10.0.1.1"))?.mtu == nil)
        #expect(try await netlink.path(to: ip("10.255.9.1")) == nil)
        #expect(try await netlink.path(to: ip("192.0.2.1")) == nil)
    }

    @Test("a rule that comes or goes is an event")
    func events() async throws {
        let namespace = try NetworkNamespace()
        let events = try namespace.events()
        try namespace.ip("rule", "add", "pref", "500", "to", "10.1.0.0/24", "blackhole")
        var iterator = events.makeAsyncIterator()
        #expect(await iterator.next()?.contains(.changed(.rule(.ipv4, priority: 500))) == true)
        try namespace.ip("rule", "del", "pref", "500")
        #expect(await iterator.next()?.contains(.removed(.rule(.ipv4, priority: 500))) == true)
    }
}
