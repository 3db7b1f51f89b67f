import Testing

@testable import FRR
@testable import VTY

@Suite("What FRR refused, in one sentence")
struct VTYRejectionTests {
    private func rejection(_ line: String, _ status: VTYStatus, _ text: String) -> VTYRejection {
        VTYRejection(line: line, status: status, text: text)
    }

    @Test("the refusal that explains the others is told, without FRR's marks")
    func telling() {
        let rejections = [
            rejection(" neighbor X peer-group", .unknownCommand, "% [BGP] Unknown command: neighbor X peer-group"),
            rejection("router bgp 1", .configurationFailed, "% BGP is already running; AS is 2\nand more"),
            rejection(" bgp router-id 1.2.3.4", .unknownCommand, "% [BGP] Unknown command"),
        ]
        #expect(VTYRejection.summary(rejections) == "“router bgp 1”: BGP is already running; AS is 2 (and 2 more lines)")
        #expect(VTYRejection.summary([rejections[0]]) == "“neighbor X peer-group”: [BGP] Unknown command: neighbor X peer-group")
        #expect(VTYRejection.summary([]).isEmpty)
    }

    @Test("it is short and printable, whatever bgpd says")
    func bounded() {
        let long = VTYRejection.summary([rejection(String(repeating: "x", count: 2000), .warning, String(repeating: "y", count: 5000))])
        #expect(long.count < 260)
        let forged = VTYRejection.summary([rejection("vni 1", .warning, "\u{1b}[2Kall is well\u{7}")])
        #expect(forged == "“vni 1”: ?[2Kall is well?")
        #expect(rejection("vni 1", .warning, "\n%\n").description == "“vni 1”: warning")
        #expect(VTYError.refused(command: "show x", status: .warning, text: "{}").description == "“show x”: {}")
    }
}
