import Coordinator
import FederationAPI
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("The proof of isolation, from agents' reports to the screen", .timeLimit(.minutes(2)))
struct IsolationScreenTests {
    private func opened(_ body: @Sendable @escaping (Headquarters) async throws -> Void) async throws {
        try await Headquarters.open { quarters in
            let file =
                Headquarters.file + "  red: {attachments: [{cloud: paris, router: red-router}, {cloud: tokyo, router: red-router}]}\n"
            try file.write(toFile: quarters.tool.directory + "/federation.yaml", atomically: true, encoding: .utf8)
            #expect(try await quarters.tool.run("apply", "-f", "federation.yaml", "--yes").status == 0)
            try await body(quarters)
        }
    }

    @Test(
        "says ISOLATED on one short screen when every gateway was seen, UNKNOWN with the gateway when one was not, and which VPN there is not"
    )
    func proven() async throws {
        try await opened { quarters in
            try quarters.connect("paris/gw1")
            var shown = try await quarters.tool.run("isolation")
            #expect(shown.status == 4)
            #expect(
                shown.output.contains("UNKNOWN: 2 VPNs, 1 pair: no import path is known, but not everything was seen"), "\(shown.output)")
            #expect(
                shown.output.contains("1 pair from intent only") && shown.output.contains("tokyo/gw1 has not reported"), "\(shown.output)")

            try quarters.connect("tokyo/gw1")
            shown = try await quarters.tool.run("isolation")
            #expect(shown.status == 0, "\(shown.output)")
            #expect(shown.output.hasPrefix("ISOLATED: 2 VPNs, 1 pair: no import path between any two\n"))
            #expect(shown.output.contains("1 pair from the routes in the VRFs") && shown.output.contains("looked at on 2 of 2 gateways"))
            #expect(shown.output.split(separator: "\n").count <= 6)
            #expect(try await quarters.tool.run("isolation", "red", "-o", "wide").output.contains("ISOLATED  routes"))
            let missing = try await quarters.tool.run("isolation", "rde")
            #expect(missing.status == 1 && missing.errors.contains("did you mean “red”"), "\(missing.errors)")
        }
    }

    @Test("a VRF beside the federation's that imports a tenant's target is named with what to type, and verify ends so too")
    func violated() async throws {
        try await opened { quarters in
            let target = try #require(
                quarters.controlPlane.current.intents[try gateway("paris/gw1")]?.vpns[vpn("blue")]?.exportTargets.first)
            try quarters.connect("paris/gw1")
            try quarters.connect(
                "tokyo/gw1", foreign: [ForeignVRF(name: "customer", asn: try ASN(parsing: "65010"), importTargets: [target])])
            let shown = try await quarters.tool.run("isolation")
            #expect(shown.status == 7)
            #expect(shown.output.hasPrefix("VIOLATED: 2 VPNs, 1 pair: 1 import path\n"), "\(shown.output)")
            #expect(shown.output.contains("LEAK VPN blue → VRF customer"))
            #expect(
                shown.output.contains(
                    "vtysh -c 'configure terminal' -c 'router bgp 65010 vrf customer' -c 'address-family l2vpn evpn' "
                        + "-c 'no route-target import \(target)'"), "\(shown.output)")
            #expect(shown.output.contains("10.1.0.11/32 via 10.255.1.1"), "\(shown.output)")
            #expect(try await quarters.tool.run("isolation", "red").status == 0)

            let verify = try await quarters.tool.run("verify")
            #expect(
                verify.status == 7 && verify.output.contains("ISOLATION VIOLATED by 1 import path: fedctl isolation"), "\(verify.output)")
            #expect(try await quarters.tool.run("verify", "--vpn", "red").status == 0)
            let json = try await quarters.tool.run("isolation", "-o", "json").output
            #expect(json.contains("\"importer\" : \"vrf/customer\"") && json.contains("\"state\" : \"violated\""), "\(json)")
        }
    }

    @Test("a statement is signed with the coordinator's key, openssl checks it as the manual types it, and a changed one is refused")
    func statement() async throws {
        try await opened { quarters in
            try quarters.connect("paris/gw1")
            try quarters.connect("tokyo/gw1")
            let tool = quarters.tool
            let made = try await tool.run("isolation", "--report", "isolation.txt")
            #expect(made.status == 0 && made.output.contains("isolation.txt, signed in isolation.txt.p7s"), "\(made.output) \(made.errors)")
            let text = try String(contentsOfFile: tool.directory + "/isolation.txt", encoding: .utf8)
            for line in [
                "ovn-federation isolation statement 1", "federation: demo", "revision: 1", "asked for: all VPNs", "result: proven",
                "pairs proven from routes: 1", "end",
            ] {
                #expect(text.contains("\(line)\n"), "\(text)")
            }
            #expect(
                text.contains(/VPN blue: proven, by routes, evidence [0-9T:.-]+Z, imports 64900:[0-9]+, exports 64900:[0-9]+\n/), "\(text)")
            let check =
                "openssl cms -verify -binary -purpose any -CAfile certs/ca.pem -content isolation.txt -inform PEM -in isolation.txt.p7s "
                + "-signer signer.pem -out /dev/null"
            let good = try await tool.shell("\(check) && openssl x509 -in signer.pem -noout -ext subjectAltName")
            #expect(good.status == 0, "\(good.errors)")
            #expect(good.output.contains("coordinator"), "\(good.output)")
            let bad = try await tool.shell("sed -i s/proven/PROVEN/ isolation.txt; \(check)")
            #expect(bad.status != 0)
            #expect(try await tool.run("isolation", "--report", "isolation.txt").status == 1)
            #expect(try await tool.run("isolation", "--report", "isolation.txt", "--replace").status == 0)
            #expect(try await tool.shell(check).status == 0)
            // An admin's certificate is of the same authority: the signer's name is what counts.
            let forged = try await tool.shell(
                "openssl cms -sign -binary -signer certs/admin.pem -inkey certs/admin.key -in isolation.txt -outform PEM -out isolation.txt.p7s && "
                    + "\(check) && openssl x509 -in signer.pem -noout -ext subjectAltName")
            #expect(!forged.output.contains("coordinator"))
        }
    }
}
