import FederationAPI
import FederationModel
import Verification

/// What one gateway reported: the last whole report, and the one that is being put together.
///
/// Pure: time comes in as milliseconds since 1970 by the coordinator's clock.
package struct ReportAssembly: Sendable {
    /// A report that a session has told from its beginning.
    private struct Draft: Sendable {
        var session: UInt64
        var begunAt: Int64
        var report = GatewayReport()
        var moments = ReportMoments()
        var hasBase = false
        var hasReceived = false
        var sequence: UInt64 = 0
        var chunks = ReceivedRoutesAssembly()
        var vpnChunks = VPNReportAssembly()
        var heardAt: Int64

        func isWhole(at now: Int64) -> Bool { hasBase && (hasReceived || now - begunAt > ReportAssembly.patience) }

        /// - Returns: repairs that were not reported before.
        mutating func replace(_ vpn: VPNReport, former: GatewayObservation?, at now: Int64) -> [Drift] {
            let known = report.vpns[vpn.name] ?? former?.report.vpns[vpn.name]
            moments.tell(vpn, after: known, at: now)
            report.vpns[vpn.name] = vpn
            return vpn.drift.filter { known?.drift.contains($0) != true }
        }
    }

    private var draft: Draft?
    /// Of a former session, until the present one has told everything once.
    private var former: GatewayObservation?
    private var isConnected = false

    package init() {}

    /// How long a session may take until what it has not told counts as not there, in milliseconds.
    package static let patience: Int64 = 5000

    /// A session begins: what it reports replaces all that others did, as soon as it is whole.
    package mutating func begin(session: UInt64, at now: Int64) {
        former = observation(at: now)
        draft = Draft(session: session, begunAt: now, heardAt: now)
        if let moments = former?.moments { draft?.moments = moments }
        isConnected = true
    }

    package mutating func end(session: UInt64) {
        if draft?.session == session { isConnected = false }
    }

    /// The agent is heard, and what it reported still holds.
    package mutating func heartbeat(session: UInt64, at now: Int64) {
        if draft?.session == session { draft?.heardAt = now }
    }

    /// Takes a part of the report in.
    /// - Returns: repairs that were not reported before.
    /// - Throws: `ReportRefusal` where parts are missing; the session cannot be gone on with.
    package mutating func add(_ part: ReportPart, session: UInt64, at now: Int64) throws -> [Drift] {
        guard var draft, draft.session == session else { return [] }
        guard part.sequence == draft.sequence + 1 else {
            throw ReportRefusal(expected: draft.sequence + 1, got: part.sequence)
        }
        // While it is held here too, each chunk would copy all that was collected before it.
        self.draft = nil
        defer { self.draft = draft }
        draft.sequence = part.sequence
        draft.heardAt = now
        switch part.content {
        case .base(let base):
            draft.report.base = base.byClock(of: part, at: now)
            draft.hasBase = true
        case .vpn(let vpn):
            return draft.replace(vpn.byClock(of: part, at: now), former: former, at: now)
        case .vpnChunk(let vpn, let isFirst, let isLast):
            if let whole = try draft.vpnChunks.add(vpn.byClock(of: part, at: now), isFirst: isFirst, isLast: isLast) {
                return draft.replace(whole, former: former, at: now)
            }
        case .vpnRemoved(let name):
            draft.moments.forget(name)
            draft.report.vpns[name] = nil
        case .bgpvpns(let reports): draft.report.bgpvpns = reports.isEmpty ? nil : reports
        case .received(let routes, let isFirst, let isLast):
            if let all = try draft.chunks.add(routes, isFirst: isFirst, isLast: isLast) {
                draft.moments.tell(received: all, after: (draft.hasReceived ? draft.report : former?.report)?.received ?? [], at: now)
                draft.report.received = all
                draft.hasReceived = true
            }
        }
        return []
    }

    /// A part came that is not to be believed: only its number counts.
    /// - Throws: `ReportRefusal`, as `add`.
    package mutating func skip(_ sequence: UInt64, session: UInt64, at now: Int64) throws {
        guard let expected = draft.flatMap({ $0.session == session ? $0.sequence + 1 : nil }) else { return }
        guard sequence == expected else { throw ReportRefusal(expected: expected, got: sequence) }
        draft?.sequence = sequence
        draft?.heardAt = now
    }

    /// Whether a report is being put together that is not believed yet.
    package func isForming(at now: Int64) -> Bool { draft.map { !$0.isWhole(at: now) } ?? false }

    /// What is to be believed now; nil where the gateway never told a whole report.
    package func observation(at now: Int64) -> GatewayObservation? {
        guard let draft else { return former }
        if draft.isWhole(at: now) {
            return GatewayObservation(report: draft.report, receivedAt: draft.heardAt, connected: isConnected, moments: draft.moments)
        }
        var observation = former
        observation?.connected = isConnected
        return observation
    }
}

extension BaseReport {
    /// Since when sources are silent, by the clock by which times are judged: nothing begins before 1970, or later than now.
    fileprivate func byClock(of part: ReportPart, at now: Int64) -> BaseReport {
        var result = self
        for index in result.silentSources.indices {
            result.silentSources[index].since = part.time(result.silentSources[index].since, at: now)
        }
        return result
    }
}

extension VPNReport {
    /// The same for probes.
    fileprivate func byClock(of part: ReportPart, at now: Int64) -> VPNReport {
        guard !probes.isEmpty else { return self }
        var result = self
        for index in result.probes.indices {
            result.probes[index].small.since = part.time(result.probes[index].small.since, at: now)
            result.probes[index].large.since = part.time(result.probes[index].large.since, at: now)
            guard var router = result.probes[index].router else { continue }
            router.small.since = part.time(router.small.since, at: now)
            router.large.since = part.time(router.large.since, at: now)
            result.probes[index].router = router
        }
        return result
    }
}

extension ReportPart {
    /// A time by the agent's clock, by that of the coordinator.
    fileprivate func time(_ time: Int64, at now: Int64) -> Int64 {
        min(max(0, now - (observedAt - time)), now)
    }
}

/// Parts of a report are missing or doubled.
package struct ReportRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package let expected: UInt64
    package let got: UInt64

    package init(expected: UInt64, got: UInt64) {
        self.expected = expected
        self.got = got
    }

    package var description: String { "unexpected report part \(got), expected \(expected)" }
}
