import FederationAPI
import FederationModel
import Verification

/// Judges again and again while anybody watches, and tells what changed.
package struct VerdictWatch: Sendable {
    private struct Pair: Hashable {
        var vpn: VPNName
        var origin: CloudName
        var viewer: CloudName
    }

    let controlPlane: ControlPlane
    let interval: Duration

    package init(controlPlane: ControlPlane, interval: Duration = .seconds(1)) {
        self.controlPlane = controlPlane
        self.interval = interval
    }

    /// Until cancelled.
    package func run() async {
        // Nil while nobody watches: the first look then is what changes are told against.
        var known: [Pair: PairVerdict]?
        while !Task.isCancelled {
            known = controlPlane.events.hasWatchers ? look(known) : nil
            try? await Task.sleep(for: interval)
        }
    }

    private func look(_ former: [Pair: PairVerdict]?) -> [Pair: PairVerdict] {
        var verdicts: [Pair: PairVerdict] = [:]
        for verdict in controlPlane.verdicts() {
            let pair = Pair(vpn: verdict.vpn, origin: verdict.origin, viewer: verdict.viewer)
            verdicts[pair] = verdict
            guard let former, former[pair]?.state != verdict.state || former[pair]?.cause?.code != verdict.cause?.code else { continue }
            var brief = verdict
            brief.prefixes = []
            controlPlane.events.tell(at: controlPlane.clock(), .verdictChanged(before: former[pair]?.state, brief))
        }
        return verdicts
    }
}
