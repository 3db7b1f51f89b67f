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
    private let board: ReportBoard
    private let log: Logger

    package init(agent: GatewayAgent, board: ReportBoard, log: Logger) {
        self.agent = agent
        self.board = board
        self.log = log
    }

    /// Until cancelled.
    package func run() async {
        while !Task.isCancelled {
            await agent.news.wait(within: Self.interval)
            let start = ContinuousClock.now
            let tables = await agent.readTables()
            let reading = ContinuousClock.now - start
            await agent.lookAtFirewall()
            await agent.lookAtSwitch()
            if let report = await agent.report(with: tables, hostProblems: Self.hostProblems) { board.post(report) }
            try? await Task.sleep(for: max(Self.rest, min(Self.interval, reading * Self.restPerRead)))
        }
    }

    /// What the node as a whole lacks. It is not the agent's to change.
    private static var hostProblems: [Problem] {
        var problems: [Problem] = []
        let forwarding = Sysctl.forwarding(.ipv6, "all"), filter = Sysctl.reversePathFilter("all")
        if let value = try? forwarding.read(), value == "0" { problems.append(notForwarding(forwarding)) }
        if let value = try? filter.read(), value != "0" { problems.append(filtersSources(filter, value)) }
        return problems
    }

    package static func filtersSources(_ sysctl: Sysctl, _ value: String) -> Problem {
        Problem(
            code: .reversePathFilter,
            message: "\(sysctl) is \(value): packets of a cloud that only imports, or whose routes a filter denies, are dropped",
            remedy: "`sysctl -w net.ipv4.conf.all.rp_filter=0`, and make it permanent in /etc/sysctl.d")
    }

    package static func notForwarding(_ sysctl: Sysctl) -> Problem {
        Problem(
            code: .ipv6ForwardingOff, message: "\(sysctl) is 0: this node forwards no IPv6",
            remedy: "`sysctl -w net.ipv6.conf.all.forwarding=1`, and make it permanent in /etc/sysctl.d")
    }

    package static func unreachable(_ reason: String) -> Problem {
        Problem(
            code: .frrUnreachable, message: "no answer from bgpd or zebra: \(reason)",
            remedy: "`systemctl status frr`; the agent continues when they answer again")
    }
}
