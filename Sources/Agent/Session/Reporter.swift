import FederationModel
import Logging
import Netlink
import NetworkTypes

/// Puts reports together from what the loop knows and what bgpd says, and posts them for the session.
package struct Reporter: Sendable {
    /// Between reports when nothing happens, and at least: this, and this many times as long as bgpd needed to tell its tables.
    /// While thousands of routes come, bgpd has better things to do.
    static let interval = Duration.seconds(3)
    static let rest = Duration.milliseconds(300)
    static let restPerRead = 4

    private let agent: GatewayAgent
    private let tables: RoutingReports
    private let board: ReportBoard
    private let log: Logger

    package init(agent: GatewayAgent, frrDirectory: String, board: ReportBoard, log: Logger) {
        self.agent = agent
        tables = RoutingReports(directory: frrDirectory, log: log)
        self.board = board
        self.log = log
    }

    /// Until cancelled.
    package func run() async {
        while !Task.isCancelled {
            await agent.news.wait(within: Self.interval)
            let start = ContinuousClock.now
            var content = RoutingReports.Content()
            var problems = Self.hostProblems
            do {
                content = try await tables.read(vrfs: await agent.reportedVRFs)
            } catch {
                problems.append(Self.unreachable(error))
            }
            let reading = ContinuousClock.now - start
            if let report = await agent.report(with: content, hostProblems: problems) { board.post(report) }
            try? await Task.sleep(for: max(Self.rest, min(Self.interval, reading * Self.restPerRead)))
        }
    }

    /// What the node as a whole lacks. It is not the agent's to change.
    private static var hostProblems: [Problem] {
        let sysctl = Sysctl.forwarding(.ipv6, "all")
        guard let value = try? sysctl.read(), value == "0" else { return [] }
        return [notForwarding(sysctl)]
    }

    package static func notForwarding(_ sysctl: Sysctl) -> Problem {
        Problem(
            code: .ipv6ForwardingOff, message: "\(sysctl) is 0, so this node forwards no IPv6",
            remedy: "`sysctl -w net.ipv6.conf.all.forwarding=1`, and put it in /etc/sysctl.d")
    }

    package static func unreachable(_ error: any Error) -> Problem {
        Problem(
            code: .frrUnreachable, message: "bgpd or zebra cannot be asked: \(error)",
            remedy: "`systemctl status frr`; the agent goes on by itself when they are back")
    }
}
