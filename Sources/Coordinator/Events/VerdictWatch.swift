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

    let observed: any GatewayReading
    let events: EventFeed
    let clock: @Sendable () -> Int64
    let interval: Duration

    /// - Parameter clock: milliseconds since 1970.
    package init(
        observed: any GatewayReading, events: EventFeed, clock: @escaping @Sendable () -> Int64, interval: Duration = .seconds(1)
    ) {
        self.observed = observed
        self.events = events
        self.clock = clock
        self.interval = interval
    }

    /// Until cancelled.
    package func run() async {
        // Nil while nobody watches: the first look then is what changes are told against.
        var known: [Pair: PairVerdict]?
        while !Task.isCancelled {
            known = events.hasWatchers ? look(known) : nil
            try? await Task.sleep(for: interval)
        }
    }

    private func look(_ former: [Pair: PairVerdict]?) -> [Pair: PairVerdict] {
        var verdicts: [Pair: PairVerdict] = [:]
        for verdict in observed.verdicts() {
            let pair = Pair(vpn: verdict.vpn, origin: verdict.origin, viewer: verdict.viewer)
            verdicts[pair] = verdict
            guard let former, former[pair]?.state != verdict.state || former[pair]?.cause?.code != verdict.cause?.code else { continue }
            var brief = verdict
            brief.prefixes = []
            events.tell(at: clock(), .verdictChanged(before: former[pair]?.state, brief))
        }
        return verdicts
    }
}
