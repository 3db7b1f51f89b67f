import FederationAPI
import FederationModel
import Synchronization

/// The newest report and acknowledgements of this gateway, for the session to send. A session that comes back sends all of it.
package final class ReportBoard: Sendable {
    /// What there is to say, and when it was observed.
    package struct Content: Hashable, Sendable {
        package var report: GatewayReport
        package var acknowledgements: [ResourceName: Acknowledgement]
        /// Milliseconds since 1970.
        package var observedAt: Int64

        package init(report: GatewayReport, acknowledgements: [ResourceName: Acknowledgement], observedAt: Int64) {
            self.report = report
            self.acknowledgements = acknowledgements
            self.observedAt = observedAt
        }
    }

    private let content = Mutex<Content?>(nil)
    private let changed = Signal()

    package init() {}

    package var newest: Content? { content.withLock { $0 } }

    package func post(_ new: Content) {
        let isNew = content.withLock { old in
            defer { old = new }
            return old?.report.withoutCounters != new.report.withoutCounters || old?.acknowledgements != new.acknowledgements
        }
        if isNew { changed.raise() }
    }

    /// Returns at the next change or when the time is over. One reader at a time.
    package func change(within time: Duration) async { await changed.wait(within: time) }
}

extension GatewayReport {
    /// Reconciles happen all the time, and that alone is no news.
    fileprivate var withoutCounters: GatewayReport {
        var copy = self
        copy.base.writes.reconciles = 0
        return copy
    }
}

/// What one session has told the coordinator: the difference to the newest is what is to be sent.
package struct SentReport: Sendable {
    private var report: GatewayReport?
    private var acknowledgements: [ResourceName: Acknowledgement] = [:]
    private var sequence: UInt64 = 0
    /// When a resource was sent last, in milliseconds since 1970, while no report is of later.
    private var askedAt: [ResourceName: Int64] = [:]

    package init() {}

    /// A resource came. What a later report says of it is sent, though it be the same as before: one that went and came back between two
    /// reports has the same version, and the coordinator has forgotten what was acknowledged.
    package mutating func asked(for resource: ResourceName, at now: Int64) { askedAt[resource] = now }

    /// The messages that bring the coordinator from what it has been told to `content`.
    package mutating func messages(for content: ReportBoard.Content) -> [AgentMessage] {
        var messages: [AgentMessage] = []
        let new = content.report
        func part(_ content: ReportPart.Content, _ observedAt: Int64) -> AgentMessage {
            sequence += 1
            return .report(ReportPart(sequence: sequence, observedAt: observedAt, content: content))
        }
        if report?.base != new.base { messages.append(part(.base(new.base), content.observedAt)) }
        for vpn in new.vpns.values.sorted(by: { $0.name < $1.name }) where report?.vpns[vpn.name] != vpn {
            messages += VPNReportChunks.parts(of: vpn).map { part($0, content.observedAt) }
        }
        for name in (report?.vpns.keys.sorted() ?? []) where new.vpns[name] == nil {
            messages.append(part(.vpnRemoved(name), content.observedAt))
        }
        if report?.bgpvpns != new.bgpvpns { messages.append(part(.bgpvpns(new.bgpvpns ?? BGPVPNReports()), content.observedAt)) }
        // After the reports of its resource: who reads both never takes an old report for that of a new version. The first report of a session
        // counts when it is whole, so that they come after all of it; later the routes received from others, which may be many, come last.
        for (resource, time) in askedAt where time < content.observedAt { (acknowledgements[resource], askedAt[resource]) = (nil, nil) }
        var received: [AgentMessage] = []
        if report?.received != new.received {
            received = ReceivedRoutesChunks.of(new.received).map { part($0, content.observedAt) }
        }
        if report == nil { messages += received }
        for (name, acknowledgement) in content.acknowledgements.sorted(by: { $0.key < $1.key })
        where acknowledgements[name] != acknowledgement {
            messages.append(.acknowledgement(name, acknowledgement))
        }
        acknowledgements = content.acknowledgements
        if report != nil { messages += received }
        report = new
        return messages
    }
}
