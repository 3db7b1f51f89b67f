extension CauseCode {
    /// Causes at `acknowledged`: the agent and its intent.
    var agentManual: CauseManual {
        switch self {
        case .agentNeverReported:
            CauseManual(
                "The coordinator has heard nothing of this gateway since it started. The gateway goes on forwarding; its state is not known.",
                from: ["the agent is not installed or not running", "it cannot reach the coordinator", "its certificate is refused"],
                look: ["on the gateway: `fed-agent status`", "on the gateway: `journalctl -u fed-agent -n 50`", "`fedctl get agents`"],
                fix: [
                    "on the gateway: `systemctl start fed-agent`; a refused certificate is replaced by `fedctl pki issue gateway CLOUD/NODE`"
                ])
        case .agentSilent:
            CauseManual(
                "The agent’s session is gone for longer than a report is valid (15 s). What the gateway forwards goes on; whether it does is not known.",
                from: [
                    "the agent is stopped, killed or frozen", "the network to the coordinator is cut",
                    "its certificate has expired or was revoked",
                ],
                look: ["on the gateway: `fed-agent status`", "on the gateway: `journalctl -u fed-agent -n 50`"],
                fix: ["on the gateway: `systemctl restart fed-agent`: a restart costs no route"])
        case .reportStale:
            CauseManual(
                "The session stands, but nothing was reported for longer than a report is valid (15 s).",
                from: ["the agent is frozen, or its machine has no CPU left", "packets are lost on the way to the coordinator"],
                look: ["on the gateway: `fed-agent status`", "on the gateway: `top -b -n 1 -o %CPU`"],
                fix: ["on the gateway: `systemctl restart fed-agent`: a restart costs no route"])
        case .vpnNotReported:
            CauseManual(
                "The agent reports, but has said nothing of this VPN yet.",
                from: ["the VPN was applied a moment ago", "the agent cannot read what it needs for it"],
                look: ["`fedctl status`", "on the gateway: `fed-agent explain VPN`"],
                fix: ["wait some seconds; if it stays, read what the agent waits for"])
        case .agentRejected:
            CauseManual(
                "The agent refused what it was to apply. What it had applied before stays in force.",
                from: ["somebody’s device, neighbor or AS stands in the way", "the agent is older than what the file asks for"],
                look: ["`fedctl describe agent CLOUD/NODE`", "on the gateway: `journalctl -u fed-agent -n 50`"],
                fix: ["remove the reason that the evidence names, or change the federation file: `fedctl apply -f FILE`"])
        case .notAcknowledged:
            CauseManual(
                "Another version than the intended one is in force on the gateway.",
                from: ["a change is on its way (some seconds)", "the agent is away since before the change"],
                look: ["`fedctl status`", "`fedctl describe agent CLOUD/NODE`"],
                fix: ["wait; if it stays, bring the agent back, on the gateway: `systemctl restart fed-agent`"])
        default: unlisted
        }
    }

    /// Never printed: a test has every code in its list.
    var unlisted: CauseManual { CauseManual("", from: [], look: [], fix: []) }
}
