import FederationAPI
import FederationModel
import FederationViews
import Terminal
import Testing
import Verification

@testable import fedctl

@Suite("At 80 columns")
struct NarrowScreenTests {
    @Test("verify of three clouds is a line per pair, and no word of it is cut")
    func threeClouds() throws {
        let clouds = ["lima", "paris", "tokyo"]
        let pairs = try clouds.flatMap { origin in
            try clouds.filter { $0 != origin }.map { viewer in
                try viewer == "tokyo"
                    ? pair("blue", origin, viewer, .failed, working: 0, cause: sessionDown) : pair("blue", origin, viewer, .programmed)
            }
        }
        let text = VerificationResult(pairs: pairs).page(width: 80, wide: false).rendered(columns: 80)
        #expect(text.contains("blue  lima → paris     PROGRAMMED"), "\(text)")
        for line in text.split(separator: "\n") where !line.contains("vtysh") { #expect(displayWidth(line) <= 80, "\(line)") }
    }

    @Test("each command of a remedy is a line that can be copied, without what marks it in JSON")
    func remedies() {
        let lines = [StyledText](
            remedy: "on gw1 of paris: `vtysh -c 'show zebra'` shows one thing, `ip -br link` another; see; `fedctl status`")
        #expect(
            lines.map(\.plain) == [
                "on gw1 of paris:", "  vtysh -c 'show zebra'", "shows one thing,", "  ip -br link", "another; see;", "  fedctl status",
            ])
    }
}
