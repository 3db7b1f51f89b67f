import FederationViews
import Foundation
import FoundationXML
import Testing
import Verification

@testable import fedctl

@Suite("verify as a report", .timeLimit(.minutes(1)))
struct ReportFormatTests {
    private func verification() throws -> VerificationResult {
        var broken = try pair("blue", "paris", "tokyo", .failed, working: 0, cause: sessionDown)
        broken.cause?.sentence = "a <b> & \"c\" | *d* \u{1}"
        var result = VerificationResult(pairs: [
            broken, try pair("blue", "tokyo", "paris", .ok), try pair("red", "paris", "tokyo", .empty),
            try pair("red", "tokyo", "paris", .unknown),
        ])
        result.leaks = 0
        return result
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]
        var attributes: [String: [String: String]] = [:]

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            counts[name, default: 0] += 1
            if self.attributes[name] == nil { self.attributes[name] = attributes }
        }
    }

    @Test("JUnit: a suite for each VPN, a case for each pair, whatever stands in the texts")
    func junit() throws {
        let parser = XMLParser(data: Data(try verification().junit.utf8))
        let reader = Reader()
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(reader.counts == ["testsuites": 1, "testsuite": 3, "testcase": 5, "failure": 1, "error": 1, "skipped": 1])
        #expect(reader.attributes["testsuites"]?["tests"] == "5" && reader.attributes["testsuites"]?["failures"] == "1")
        #expect(reader.attributes["testcase"]?["name"] == "paris → tokyo" && reader.attributes["testcase"]?["classname"] == "blue")
        #expect(reader.attributes["failure"]?["message"] == "a <b> & \"c\" | *d* ?")
        #expect(reader.attributes["failure"]?["type"] == "session-down")
    }

    @Test("SARIF: a rule for each cause, a result for each pair that is not well")
    func sarif() throws {
        let document = try #require(try JSONSerialization.jsonObject(with: Data(try verification().sarif.utf8)) as? [String: Any])
        let run = try #require((document["runs"] as? [[String: Any]])?.first)
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(document["version"] as? String == "2.1.0" && results.count == 2)
        #expect(results[0]["ruleId"] as? String == "session-down" && results[0]["level"] as? String == "error")
    }

    @Test("Markdown: the sum, what is not well, and no mark-up of others")
    func markdown() throws {
        let text = try verification().markdown
        #expect(text.hasPrefix("**4 pairs: "), "\(text)")
        #expect(text.contains("\n| blue | paris → tokyo | FAIL | received ("), "\(text)")
        #expect(text.contains("a \\<b\\> & \"c\" | \\*d\\*"), "\(text)")
        #expect(!text.contains("| blue | tokyo → paris"), "\(text)")
    }

    @Test("a leak between VPNs is an error in each form, though every pair is well")
    func leaks() throws {
        var result = VerificationResult(pairs: [try pair("blue", "paris", "tokyo", .ok)])
        #expect(try !result.sarif.contains("isolation-violated"))
        result.leaks = 2
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.sarif.utf8)) as? [String: Any])
        let run = try #require((document["runs"] as? [[String: Any]])?.first)
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count == 1 && results[0]["ruleId"] as? String == "isolation-violated" && results[0]["level"] as? String == "error")
        #expect(try result.sarif.contains("\"id\" : \"isolation-violated\"") && result.junit.contains("isolation-violated"))
        #expect(result.markdown.contains("ISOLATION VIOLATED"))
    }

    @Test("what an agent wrote neither moves the cursor nor is mark-up: in the sentence, the evidence, the remedy")
    func hostile() throws {
        let words = "\u{1b}[2J \u{9b}1m <script> *bold* `a\u{7f}` [x](y) \u{202e}"
        var cause = sessionDown
        (cause.sentence, cause.evidence, cause.remedy) = (words, [words], "run `vtysh -c 'show bgp'`, then \(words) `")
        let result = VerificationResult(pairs: [try pair("blue", "paris", "tokyo", .failed, working: 0, cause: cause)])
        for text in [result.markdown, result.junit, try result.sarif] {
            let controls = text.unicodeScalars.filter { ($0.value < 0x20 && $0 != "\n") || (0x7f..<0xa0).contains($0.value) }
            #expect(controls.isEmpty, "\(Array(controls)) \(text)")
        }
        let markdown = result.markdown
        #expect(!markdown.contains("\u{202e}") && !markdown.contains(" <script>") && !markdown.contains(" *bold*"), "\(markdown)")
        #expect(markdown.contains("Remedy: run `vtysh -c 'show bgp'`, then ") && markdown.contains(" \\[x\\](y)"), "\(markdown)")
        #expect(markdown.contains(" \\`\n"), "a backtick without another is none: \(markdown)")
    }
}
