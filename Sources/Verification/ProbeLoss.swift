import FederationModel
import NetworkTypes

/// Probes of one size that do not come back to a gateway: whether that is believed, and on which half they are lost.
///
/// A loss is one that both ends have found: whichever half is lost, round trips of both need it. One end alone may ask an agent that has
/// stopped, or know it earlier than the other one. So no time is compared, and no clock.
struct ProbeLoss {
    let viewer: GatewayInVPN
    let far: GatewayInVPN
    let report: ProbeReport
    private let size: KeyPath<ProbeReport, ProbeReport.Part>

    init(_ viewer: GatewayInVPN, _ far: GatewayInVPN, _ report: ProbeReport, _ size: KeyPath<ProbeReport, ProbeReport.Part>) {
        self.viewer = viewer
        self.far = far
        self.report = report
        self.size = size
    }

    private enum Half { case out, back, both, unknown }

    private var part: ProbeReport.Part { report[keyPath: size] }
    var isLarge: Bool { size == \ProbeReport.large }

    var finding: ProbeJudge.Finding {
        // One that does not probe back has learned nothing from the viewer, or is an agent without probes: it has no way to answer.
        guard let reverse = far.probes(to: viewer.base.vtep, report.family) else { return .notProbed }
        return switch reverse[keyPath: size].outcome {
        // It has begun anew, and may not have answered before.
        case .waiting: .notProbed
        case .returned, .lossy: .bad(Cause(unanswered: self))
        case .lost: .bad(cause(reverse[keyPath: size]))
        }
    }

    /// Who does not hear the other does so some time after the loss began, and not both ends at once: until then the half is not known.
    ///
    /// - Parameter reverse: what the far gateway finds.
    private func half(_ reverse: ProbeReport.Part) -> Half {
        switch (reverse.isHeard, part.isHeard) {
        case (true, true): .unknown
        case (true, false): .back
        case (false, true): .out
        case (false, false): .both
        }
    }

    private func cause(_ reverse: ProbeReport.Part) -> Cause {
        let half = half(reverse)
        let code: CauseCode =
            switch (half, isLarge) {
            case (.back, true): .probeTooBigBack
            case (_, true): .probeTooBig
            case (.back, false): .probeLostBack
            case (.out, false): .probeLostOut
            case (.both, false), (.unknown, false): .probeLost
            }
        let (from, to) = half == .back ? (far, viewer) : (viewer, far)
        let sentence: String
        switch half {
        case .out, .back: sentence = "\(what) \(from.id) sends to \(to.id) in VPN \(viewer.intent.name) do not arrive"
        case .both: sentence = "\(what) \(viewer.id) and \(far.id) send each other in VPN \(viewer.intent.name) do not arrive"
        case .unknown: sentence = "\(what) \(viewer.id) sends to \(far.id) in VPN \(viewer.intent.name) do not come back"
        }
        return Cause(code, sentence, evidence: evidence(half, reverse), remedy: remedy(from, to))
    }

    private var what: String { isLarge ? "packets of \(report.largeSize) bytes that" : "packets that" }

    /// The viewer's own finding.
    var loss: String {
        let address = "probe address \(far.base.probeAddress), \(report.family == .ipv4 ? "IPv4" : "IPv6")"
        return "\(viewer.id): \(isLarge ? "large" : "all") probes to \(far.id) (\(address)) are lost since \(utc(part.since))"
    }

    private func evidence(_ half: Half, _ reverse: ProbeReport.Part) -> [String] {
        var lines = [loss]
        if isLarge { lines.append("\(viewer.id): small ones come back") }
        lines.append("\(far.id): so are those to \(viewer.id)")
        if half == .unknown {
            lines.append("which half is lost is not known yet")
        } else {
            lines.append("\(far.id) \(reverse.isHeard ? "hears" : "does not hear") those of \(viewer.id)")
            lines.append("\(viewer.id) \(part.isHeard ? "hears" : "does not hear") those of \(far.id)")
        }
        return lines + viewer.complaints + far.complaints
    }

    /// A look, in the order in which a packet passes: the way to the VTEP, its size, the tunnel's entries, the filters at the far end.
    private func remedy(_ from: GatewayInVPN, _ to: GatewayInVPN) -> String {
        let way = "`ip route get \(to.base.vtep) from \(from.base.vtep)`"
        // IP and ICMP.
        let size = (isLarge ? report.largeSize + Cloud.vxlanOverhead : 128) - 28
        let ping = "`ping -c 3 -M do -s \(size) -I \(from.base.vtep) \(to.base.vtep)`"
        guard !isLarge else {
            return
                "to look, on \(from.place): \(ping) tells whether the underlay carries packets of \(size + 28) bytes to \(to.place); \(way) shows the "
                + "device; raise the MTU of that device and of the routers behind it, or set “underlayMTU” of the cloud to what it carries: "
                + Remedy.apply
        }
        return
            "to look, on \(from.place): \(way) must show a route by the underlay; \(ping) tells whether the underlay carries it; "
            + "`bridge fdb show` must lead \(to.base.routerMAC) to \(to.base.vtep) only; `ip rule` must have nothing of others before l3mdev; "
            + "on \(to.place): `nft list ruleset` (and “iptables-legacy-save” where that is in use) shows what drops UDP 4789 from \(from.base.vtep), or UDP 20862 on “fed+”"
    }
}

extension Cause {
    init(unanswered loss: ProbeLoss) {
        let (viewer, far) = (loss.viewer, loss.far)
        self.init(
            .probeUnanswered,
            "\(far.id) does not answer \(loss.isLarge ? "large probes" : "probes") of \(viewer.id), and says that its own come back",
            evidence: [loss.loss, "\(far.id): those to \(viewer.id) came back when it last said so"] + viewer.complaints + far.complaints,
            remedy:
                "it may be a moment until both say the same; to look, on \(far.place): `systemctl status fed-agent`; \(Remedy.journal); the agent "
                + "answers probes, and packets of tenants may pass without it; `nft list ruleset` shows what drops UDP 20862 on “fed+”"
        )
    }

    /// - Parameter far: the gateway at the other end, or its VTEP.
    init(lossy report: ProbeReport, _ viewer: GatewayInVPN, _ far: String) {
        // Where small ones are lost, the size is not the reason.
        let isLarge = report.small.outcome != .lossy
        self.init(
            .probeLossy,
            "some packets \(isLarge ? "of \(report.largeSize) bytes " : "")between \(viewer.id) and \(far) are lost in VPN \(viewer.intent.name): \(report.lossOut) % on the way there, "
                + "\(report.lossBack) % on the way back",
            evidence: [
                "\(viewer.id): \(report.lossOut + report.lossBack) % of the latest 30 \(isLarge ? "large " : "")probes to \(far) did not come back"
            ],
            remedy:
                "to look, on \(viewer.place): `ping -c 20 -i 0.2 \(isLarge ? "-M do -s \(report.largeSize + Cloud.vxlanOverhead - 28) " : "")-I \(viewer.base.vtep) \(report.vtep)` measures the loss of the underlay; "
                + "`ip -s link` shows devices that drop")
    }
}
