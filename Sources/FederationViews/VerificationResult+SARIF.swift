import Foundation
import NetworkTypes
import Verification

extension VerificationResult {
    /// As code scanners tell what they found (SARIF 2.1.0, OASIS): a rule for each cause, a result for each pair that is not well, and one
    /// for leaks between VPNs.
    package var sarif: String {
        get throws {
            let unwell = pairs.filter(\.state.isUnwell)
            let codes = Set(unwell.map(\.ruleID)).sorted()
            var rules = codes.map { code in
                SARIF.Rule(id: code, shortDescription: SARIF.Text(text: CauseCode(rawValue: code)?.manual.meaning ?? code))
            }
            var results = unwell.map { pair in
                SARIF.Result(
                    ruleId: pair.ruleID, level: pair.state == .failed ? "error" : "warning",
                    message: SARIF.Text(text: pair.cause.map { "\(printable($0.sentence))\n\(printable($0.remedy))" } ?? pair.state.word),
                    locations: [
                        SARIF.Location(logicalLocations: [.init(fullyQualifiedName: "\(pair.vpn): \(pair.direction)", kind: "resource")])
                    ])
            }
            if let leaks, leaks > 0 {
                rules.append(
                    SARIF.Rule(
                        id: Self.leakRule,
                        shortDescription: .init(text: "An import path joins what no policy joins: tenants may reach each other.")))
                results.insert(
                    SARIF.Result(
                        ruleId: Self.leakRule, level: "error", message: SARIF.Text(text: leakSentence(leaks)),
                        locations: [SARIF.Location(logicalLocations: [.init(fullyQualifiedName: "isolation", kind: "resource")])]), at: 0)
            }
            let run = SARIF.Run(tool: SARIF.Tool(driver: SARIF.Driver(name: "fedctl verify", rules: rules)), results: results)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(SARIF(runs: [run])), as: UTF8.self) + "\n"
        }
    }
}

extension PairVerdict {
    fileprivate var ruleID: String { cause?.code ?? state.rawValue }
}

/// What of the format is used.
private struct SARIF: Encodable {
    struct Text: Encodable { var text: String }

    struct Rule: Encodable {
        var id: String
        var shortDescription: Text
    }

    struct Driver: Encodable {
        var name: String
        var rules: [Rule]
    }

    struct Tool: Encodable { var driver: Driver }

    struct Location: Encodable {
        struct Logical: Encodable {
            var fullyQualifiedName: String
            var kind: String
        }

        var logicalLocations: [Logical]
    }

    struct Result: Encodable {
        var ruleId: String
        var level: String
        var message: Text
        var locations: [Location]
    }

    struct Run: Encodable {
        var tool: Tool
        var results: [Result]
    }

    let schema = "https://json.schemastore.org/sarif-2.1.0.json"
    let version = "2.1.0"
    var runs: [Run]

    private enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case version, runs
    }
}
