import Verification

extension VerificationResult {
    /// Of leaks between VPNs, beside the codes of causes.
    static let leakRule = "isolation-violated"

    func leakSentence(_ leaks: Int) -> String { "\(leaks) import paths join what no policy joins: fedctl isolation shows them" }

    /// As build servers read test results (JUnit’s XML, in the form of Jenkins and GitLab): a suite for each VPN, a case for each pair. A pair that
    /// failed is a failure, one that is unknown an error, one of which nothing is expected is skipped.
    package var junit: String {
        var suites: [(name: String, cases: [JUnitCase])] = []
        for pair in pairs {
            if suites.last?.name != pair.vpn.text { suites.append((pair.vpn.text, [])) }
            suites[suites.count - 1].cases.append(JUnitCase(pair))
        }
        if let leaks {
            let outcome = leaks > 0 ? JUnitCase.Outcome.failure(code: Self.leakRule, sentence: leakSentence(leaks), details: "") : .passed
            suites.append(("isolation", [JUnitCase(suite: "isolation", name: "no import path between VPNs", outcome: outcome)]))
        }
        var text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fedctl verify\"\(JUnitCase.counts(suites.flatMap(\.cases)))>\n"
        for suite in suites {
            text += "  <testsuite name=\"\(xml(suite.name))\"\(JUnitCase.counts(suite.cases))>\n"
            for one in suite.cases { text += one.element }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }
}

private struct JUnitCase {
    enum Outcome {
        case passed, skipped
        case failure(code: String, sentence: String, details: String)
        case error(code: String, sentence: String, details: String)
    }

    var suite: String
    var name: String
    var outcome: Outcome

    init(suite: String, name: String, outcome: Outcome) {
        self.suite = suite
        self.name = name
        self.outcome = outcome
    }

    init(_ pair: PairVerdict) {
        suite = pair.vpn.text
        name = pair.direction
        let (code, sentence) = (pair.cause?.code ?? "", pair.cause?.sentence ?? pair.state.word)
        let details = pair.cause.map { cause in
            (["broken at \(cause.step.place)"] + cause.evidence + ["remedy: \(cause.remedy)"]).joined(separator: "\n")
        }
        outcome =
            switch pair.state {
            case .failed: .failure(code: code, sentence: sentence, details: details ?? "")
            case .unknown: .error(code: code, sentence: sentence, details: details ?? "")
            case .empty, .waiting: .skipped
            default: .passed
            }
    }

    static func counts(_ cases: [JUnitCase]) -> String {
        var (failures, errors, skipped) = (0, 0, 0)
        for one in cases {
            switch one.outcome {
            case .passed: break
            case .skipped: skipped += 1
            case .failure: failures += 1
            case .error: errors += 1
            }
        }
        return " tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
    }

    var element: String {
        let head = "    <testcase classname=\"\(xml(suite))\" name=\"\(xml(name))\""
        func inner(_ tag: String, _ code: String, _ sentence: String, _ details: String) -> String {
            "\(head)>\n      <\(tag) type=\"\(xml(code))\" message=\"\(xml(sentence))\">\(xml(details))</\(tag)>\n    </testcase>\n"
        }
        return switch outcome {
        case .passed: head + "/>\n"
        case .skipped: head + "><skipped/></testcase>\n"
        case .failure(let code, let sentence, let details): inner("failure", code, sentence, details)
        case .error(let code, let sentence, let details): inner("error", code, sentence, details)
        }
    }
}

/// Text in XML; what XML 1.0 cannot hold becomes a question mark, and what else would move a terminal’s cursor.
private func xml(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "\n", "\t": result.unicodeScalars.append(scalar)
        case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) || (0xfffe...0xffff).contains(scalar.value): result += "?"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
