import FederationFile
import FederationModel
import NetworkTypes
import Testing

@Suite("External origins and VXLAN filters in the file")
struct ExternalOriginsFileTests {
    private func text(_ lines: String) -> String {
        """
        federation: demo
        clouds:
          paris: {as: 65001, vxlanFilter: true, gateways: {gw1: {vtep: 10.255.1.1}}}
          tokyo: {as: 65002, vtepPool: 10.255.2.0/24, gateways: {gw1: {}}}
        vpns:
          blue:
            attachments: [{cloud: paris, router: r}, {cloud: tokyo, router: r}]
        \(lines)

        """
    }

    @Test("are read, written and read again")
    func roundTrip() throws {
        let reading = FederationYAML.read(
            text: text("    externalOrigins: [{vtep: 10.255.9.1, as: 65010}, {vtep: 10.255.9.2, as: 65011, defaultRoute: true}]"),
            fileName: "f.yaml")
        #expect(reading.diagnostics.withoutBareNames == [])
        let graph = try #require(reading.graph)
        let origins = graph.vpns[vpn("blue")]?.externalOrigins ?? []
        #expect(origins.map(\.text) == ["10.255.9.1 (AS 65010)", "10.255.9.2 (AS 65011, default routes too)"])
        #expect(graph.clouds.mapValues(\.filtersVXLAN) == [cloud("paris"): true, cloud("tokyo"): false])
        #expect(FederationYAML.read(text: FederationYAML.write(graph), fileName: "f.yaml").graph == graph)
    }

    @Test("are asked for where raw targets would let nobody in")
    func rawTargets() {
        let targets = "    importTargets: [\"65010:7\"]"
        #expect(
            findings(text(targets)) == [
                "8 warning vpns.blue.importTargets: “importTargets” has no effect without “externalOrigins”: no route of another fabric is installed"
            ])
        #expect(findings(text(targets + "\n    externalOrigins: [{vtep: 10.255.9.1, as: 65010}]")) == [])
        #expect(findings(text(targets + "\n    externalOrigins: []")) == [], "nobody is what it says")
    }

    @Test("are no gateways of the federation, no addresses that no VTEP can have, and each is given once")
    func mistakes() {
        let lines = [
            "{vtep: 10.255.1.1, as: 65010}", "{vtep: 10.255.2.77, as: 65010}", "{vtep: 127.0.0.1, as: 65010}",
            "{vtep: \"fd00::1\", as: 65010}",
            "{vtep: 10.255.9.1, as: 65010}", "{vtep: 10.255.9.1, as: 65011}", "{vtep: 10.255.9.2}",
        ].map { "      - \($0)" }
        #expect(
            findings(text("    externalOrigins:\n" + lines.joined(separator: "\n"))) == [
                "9 error vpns.blue.externalOrigins[0].vtep: 10.255.1.1 is a VTEP of cloud paris, which is in this federation: its routes enter the VPN through attachments only",
                "10 error vpns.blue.externalOrigins[1].vtep: 10.255.2.77 is a VTEP of cloud tokyo, which is in this federation: its routes enter the VPN through attachments only",
                "11 error vpns.blue.externalOrigins[2].vtep: invalid VTEP 127.0.0.1: loopback",
                "12 error vpns.blue.externalOrigins[3].vtep: fd00::1 is an IPv6 address: EVPN in FRR 8.4 supports IPv4 VTEPs only",
                "14 error vpns.blue.externalOrigins[5].vtep: 10.255.9.1 appears twice, first on line 13",
                "15 error vpns.blue.externalOrigins[6]: missing key “as”",
            ])
    }
}
