import FederationModel
import Testing

/// Each address, prefix and text of the file is asked whether it can be what it is used for.
@Suite("Values that cannot be what they are used for")
struct AddressUseTests {
    private func errors(cloud: String = "", gateway: String = "vtep: 192.0.2.1", vpn: String = "", top: String = "") -> [String] {
        findings(
            "federation: demo\n\(top)clouds:\n  paris: {\(cloud)gateways: {gw1: {\(gateway)}}}\n"
                + "  tokyo: {gateways: {gw1: {vtep: 192.0.2.2}}}\n"
                + "vpns:\n  blue: {\(vpn)attachments: [{cloud: paris, router: {label: a=b}}, {cloud: tokyo, router: {label: a=b}}]}\n")
    }

    @Test("a VTEP and a probe address are unicast", arguments: ["0.0.0.1", "127.0.0.1", "169.254.0.1", "224.0.0.1", "255.255.255.255"])
    func gateways(address: String) {
        #expect(errors(gateway: "vtep: \(address)").first?.contains("invalid gateway address") == true)
        #expect(errors(gateway: "vtep: 192.0.2.1, probeAddress: \(address)").first?.contains("invalid gateway address") == true)
    }

    @Test("a route server has an address that sessions can go to", arguments: ["127.0.0.1", "224.0.0.1", "fe80::1", "::", "169.254.1.1"])
    func routeServers(address: String) {
        let found = errors(cloud: "bgp: {routeServers: [{address: \"\(address)\", as: 65000}]}, ")
        #expect(found.count == 1 && found[0].contains("invalid route server address"))
    }

    @Test("pools have no addresses that nobody can have", arguments: ["169.254.0.0/24", "126.0.0.0/7", "224.0.0.0/24", "0.0.0.0/8"])
    func pools(prefix: String) {
        #expect(errors(cloud: "vtepPool: \(prefix), ").first?.contains("addresses that gateways cannot use") == true)
        #expect(errors(top: "pools: {probeAddresses: \(prefix)}\n").first?.contains("addresses that gateways cannot use") == true)
    }

    @Test("what a VPN shares or originates is no address of the federation itself, and no default route")
    func own() {
        #expect(
            errors(vpn: "anycast: [192.0.2.2/32], ") == [
                "6 error vpns.blue.anycast[0]: 192.0.2.2/32 is the VTEP of tokyo/gw1: the gateway would take tenants' packets to it"
            ])
        #expect(errors(vpn: "anycast: [0.0.0.0/0], ").first?.contains("is a default route") == true)
        // “All that is private” is no network of anybody's.
        #expect(errors(vpn: "anycast: [10.0.0.0/8], ", top: "") == [])
    }

    @Test("a filter that lets no host in says so; one for subnets and one that denies do not")
    func filters() {
        func filter(_ rules: String) -> [String] { errors(vpn: "filters: {import: [\(rules)]}, ") }
        #expect(filter("permit 10.0.0.0/8").count == 1)
        #expect(filter("permit 10.0.0.0/8 le 24").count == 1)
        #expect(filter("permit 10.0.0.0/8 le 32") == [])
        #expect(filter("permit 10.0.0.7/32") == [])
        #expect(filter("permit 10.0.0.0/8, permit fd00::/8 le 128") == [])
    }

    @Test("a value that holds what cannot be seen is refused", arguments: ["\\e[31m", "a\\nb", "a\\u202eb", "a\\u200bb", "tab\\t"])
    func hidden(text: String) {
        #expect(errors(vpn: "project: \"\(text)\", ").first?.contains("invisible character") == true)
        let router = findings(
            "federation: demo\nclouds: {a: {gateways: {g: {vtep: 192.0.2.1}}}}\nvpns: {v: {attachments: [{cloud: a, router: \"\(text)\"}]}}\n"
        )
        #expect(router.contains { $0.contains("invisible character") })
    }
}
