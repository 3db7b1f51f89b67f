import FederationModel
import Foundation
import NetworkTypes
import Testing
import Verification

@testable import FederationAPI

@Suite("Isolation on the wire", .timeLimit(.minutes(1)))
struct IsolationConversionTests {
    private func sent(_ answer: IsolationAnswer) throws -> IsolationAnswer {
        var received: IsolationAnswer?
        for message in WireIsolationPart.messages(answer) {
            let part = try WireIsolationPart(serializedBytes: message.serializedData())
            if received == nil { received = try IsolationAnswer(part) } else { try received?.append(part) }
        }
        return try #require(received)
    }

    private func answer(_ values: inout RandomValues) -> IsolationAnswer {
        func moment(_ values: inout RandomValues) -> Int64 { Int64(values.number(0...1_900_000_000_000)) }
        let vpns = values.list { values in
            VPNIsolation(
                name: values.name(), state: IsolationState.allCases.randomElement(using: &values)!,
                level: IsolationLevel.allCases.randomElement(using: &values)!, importTargets: values.list { $0.target() },
                exportTargets: values.list { $0.target() }, oldestEvidence: values.maybe { moment(&$0) },
                silentGateways: values.list { $0.gateway() })
        }
        let witnesses = values.list { values in
            IsolationWitness(
                breach: IsolationBreach.allCases.randomElement(using: &values)!,
                level: IsolationLevel.allCases.randomElement(using: &values)!,
                exporter: values.localVRF(), importer: values.localVRF(), exported: values.maybe { $0.target() },
                imported: values.maybe { $0.target() },
                route: values.maybe { .init(prefix: $0.prefix(), nextHop: $0.address(), routeDistinguisher: $0.distinguisher()) },
                gateways: values.list { $0.gateway() }, gatewayCount: values.number(0...99), sentence: values.text(), remedy: values.text())
        }
        let gaps = values.list { values in
            IsolationGap(
                gateway: values.gateway(), reason: IsolationGap.Reason.allCases.randomElement(using: &values)!,
                since: values.maybe { moment(&$0) }, vpn: values.maybe { $0.name() })
        }
        var pairs = IsolationProof.Pairs()
        (pairs.all, pairs.violated, pairs.byIntent, pairs.byConfiguration, pairs.byRoutes) = (9, 1, 2, 3, 4)
        return IsolationAnswer(
            federation: values.name(), epoch: "e", revision: 7,
            proof: IsolationProof(
                madeAt: moment(&values), vpnCount: values.number(0...99), vpns: vpns, pairs: pairs, gatewayCount: 5, seenGateways: 4,
                gaps: gaps, gapCount: gaps.count, witnesses: witnesses, witnessCount: witnesses.count,
                oldestEvidence: values.maybe { moment(&$0) }),
            statement: values.maybe {
                SignedStatement(text: Array(repeating: UInt8($0.number(0...255)), count: $0.number(1...600_000)), signature: "-----")
            })
    }

    @Test("what is sent is what arrives, in parts", arguments: 0..<50 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let answer = answer(&values)
        #expect(try sent(answer) == answer)
    }

    @Test("a foreign VRF whose lists are cut for a message counts among those that are not known", arguments: 0..<4)
    func cut(list: Int) throws {
        func targets(_ count: Int) -> [RouteTarget] { (0..<count).map { RouteTarget("64900:\($0)")! } }
        let vrf = ForeignVRF(
            name: "customer", importTargets: targets(list == 0 ? 1025 : 1024), exportTargets: targets(list == 1 ? 1025 : 1024),
            importedVRFs: (0..<(list == 2 ? 4097 : 4096)).map { .foreign("vrf\($0)") })
        let sent = try ForeignVRFs(WireForeignVRFs(ForeignVRFs([vrf, ForeignVRF(name: "other", importTargets: targets(1))], omitted: 2)))
        #expect(sent.omitted == (list < 3 ? 3 : 2))
    }

    @Test("foreign VRFs never make a message too large: those that do not fit count among those that are not known")
    func fit() throws {
        let targets = (0..<1024).map { RouteTarget("4200000001:\($0)")! }
        var base = BaseReport()
        base.foreignVRFs = ForeignVRFs(
            (1000..<2000).map { ForeignVRF(name: "customer-\($0)", importTargets: targets, exportTargets: targets) }, omitted: 3)
        let wire = WireBaseReport(base)
        #expect(try wire.serializedData().count <= TextLimits.foreignVRFs + 1024)
        let told = try ForeignVRFs(wire.foreignVrfs)
        #expect(told.vrfs.count > 10 && told.omitted == 1003 - told.vrfs.count)
    }

    @Test("a statement has a fact a line, whatever names an agent tells")
    func lines() throws {
        var values = RandomValues(seed: 3)
        var answer = answer(&values)
        answer.proof.witnesses = [
            IsolationWitness(
                breach: .foreignImport, level: .configuration, exporter: .vpn(values.name()), importer: .foreign("a\nresult: proven"),
                exported: nil, imported: nil, route: nil, gateways: [], gatewayCount: 0, sentence: "b\nresult: proven", remedy: "")
        ]
        answer.proof.witnessCount = 1
        let lines = answer.statementText(of: nil).split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("result: ") } == ["result: violated"])
        #expect(lines.last == "end")
    }

    @Test(
        "EC and RSA keys sign so that openssl checks it; an Ed25519 key, which OpenSSL 3.0 takes for no CMS, is refused",
        arguments: ["ec", "rsa", "ed25519"])
    func keys(kind: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "signature-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func openssl(_ words: String) async throws -> Int32 {
            try await OpenSSL.run(words.replacing("@", with: folder + "/").split(separator: " ").map(String.init)).status
        }
        let options = ["ec": "-newkey ec -pkeyopt ec_paramgen_curve:P-256", "rsa": "-newkey rsa:2048", "ed25519": "-newkey ed25519"]
        #expect(try await openssl("req -x509 \(options[kind] ?? "") -nodes -keyout @key.pem -out @cert.pem -days 2 -subj /CN=signer") == 0)
        let text = Array("ovn-federation isolation statement 1\nresult: proven\n".utf8)
        guard kind != "ed25519" else {
            #expect(throws: PKIError.self) {
                try DetachedSignature.sign(
                    text, certificates: try String(contentsOfFile: "\(folder)/cert.pem", encoding: .utf8),
                    key: try String(contentsOfFile: "\(folder)/key.pem", encoding: .utf8))
            }
            return
        }
        let signature = try DetachedSignature.sign(
            text, certificates: try String(contentsOfFile: "\(folder)/cert.pem", encoding: .utf8),
            key: try String(contentsOfFile: "\(folder)/key.pem", encoding: .utf8))
        try Data(text).write(to: URL(fileURLWithPath: "\(folder)/text"))
        try signature.write(toFile: "\(folder)/text.p7s", atomically: true, encoding: .utf8)
        let check = "cms -verify -binary -purpose any -CAfile @cert.pem -content @text -inform PEM -in @text.p7s -out /dev/null"
        #expect(try await openssl(check) == 0)
        try Data(text + [0x0a]).write(to: URL(fileURLWithPath: "\(folder)/text"))
        #expect(try await openssl(check) != 0)
        #expect(throws: PKIError.self) { try DetachedSignature.sign(text, certificates: "nothing", key: "nothing") }
    }
}
