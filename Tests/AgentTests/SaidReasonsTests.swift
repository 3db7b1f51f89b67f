import EVPN
import Logging
import NetworkTypes
import Synchronization
import Testing

@testable import Agent

/// What is logged, without time and label.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var log: Logger { Logger(label: "test") { _ in Handler(lines: self) } }
    var taken: [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let words = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0)=\($1)" }.joined()
            lines.lines.withLock { $0.append("\(event.level) \(event.message)\(words)") }
        }
    }
}

@Suite("Why something does not work", .timeLimit(.minutes(1)))
struct SaidReasonsTests {
    private func topic(_ router: String) -> SaidReasons.Topic {
        SaidReasons.Topic(failing: "it fails", working: "it works again", object: ["router": router], level: .error)
    }

    @Test("is said once, again when the reason changes, and once when it works again; each object has its own")
    func changes() {
        let lines = Lines()
        let said = SaidReasons(lines.log)
        let told = ["closed", "closed", nil, nil, "closed", "refused", "refused"].map { said.say($0, topic("r1")) }
        #expect(told == [true, false, true, false, true, true, false])
        #expect(
            lines.taken == [
                "error it fails reason=closed router=r1", "notice it works again router=r1", "error it fails reason=closed router=r1",
                "error it fails reason=refused router=r1",
            ])
        #expect(said.reason(topic("r1")) == "refused" && said.reason(topic("r2")) == nil)
        #expect(said.say("refused", topic("r2")))
        #expect(!said.say(nil, topic("r3")), "it always worked")
    }

    @Test("what is waited for is said when it works the first time")
    func expected() {
        let lines = Lines()
        let said = SaidReasons(lines.log, expected: [topic("r1")])
        #expect(said.reason(topic("r1")) == nil)
        #expect([nil, nil, "closed"].map { said.say($0, topic("r1")) } == [true, false, true])
        #expect(lines.taken.first == "notice it works again router=r1")
    }

    @Test("a firewall, FRR and a kernel's filter that fail at every look are said once")
    func surfaces() async {
        let lines = Lines()
        let routing = RoutingHost(directory: "/nonexistent", passwords: nil, log: lines.log)
        _ = (await routing.look(), await routing.look())
        #expect(lines.taken.filter { $0.contains("no answer from bgpd or zebra") }.count == 1)
        let watch = ForwardWatch(command: ["false"], hasNetfilter: { true }, log: lines.log)
        for delay in [0, 60, 120] { await watch.look([:], at: .now + .seconds(delay)) }
        #expect(lines.taken.count == 1)
        let tunnels = TunnelGuard(command: ["false"], log: lines.log)
        let filter = VXLANFilter(vtep: IPv4Address(bits: 1), sources: [:])
        for delay in [0, 60, 120] { await tunnels.keep(filter, at: .now + .seconds(delay)) }
        #expect(lines.taken.count == 1)
    }
}
