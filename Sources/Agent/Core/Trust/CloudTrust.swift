import OVN

/// How far the cloud's databases are believed, object by object.
///
/// What they say of an object is believed; that they say nothing of it any more, only where that can be true. A tenant who deletes a router
/// or a VM takes it from both databases, and the rest stays. A database that was emptied, that is being filled, or that an ovn-controller
/// has just left, lacks things that are there: they are held as they were last seen, for a limited time.
package struct CloudTrust: Hashable, Sendable, Codable {
    /// As the databases have it; nil: they were not read yet.
    private(set) var told: CloudView?
    /// What stood before, by which the next is judged: at first what an earlier agent left.
    private var standing: CloudView?
    package private(set) var holds: [HeldObject: Hold] = [:]
    private var isJudged = false
    /// When the databases were first read: milliseconds since 1970.
    private var readSince: Int64?

    /// - Parameter remembered: the last good view of an agent before this one.
    package init(remembered: CloudView? = nil) { standing = remembered }

    /// What is acted on; nil until the databases were read.
    package var believed: CloudView? { told == nil ? nil : standing }

    /// Whether all that the databases say is believed.
    package var isSound: Bool { told != nil && isJudged && holds.isEmpty }

    package mutating func see(_ view: CloudView, at now: Int64) {
        readSince = readSince ?? now
        guard view != told else { return }
        told = view
        isJudged = false
    }

    /// Decides anew what is held: when something was seen, and as time goes by.
    ///
    /// - Parameters:
    ///   - chassis: this node's name in OVN; nil: not known yet.
    ///   - needsNorthbound: what is attached can be told from the northbound database only.
    ///   - now: milliseconds since 1970.
    package mutating func judge(at chassis: String?, needsNorthbound: Bool, _ now: Int64) {
        guard let told, !isJudged || !holds.isEmpty else { return }
        guard let standing else {
            // One database comes before the other. Without any word of the northbound one, what hangs on its labels would be taken down.
            if told.northbound == nil, needsNorthbound || now - (readSince ?? now) < Self.patience { return }
            self.standing = told
            isJudged = true
            return
        }
        isJudged = true
        var judgement = CloudJudgement(before: standing, told: told, holds: holds, chassis: chassis, now: now)
        self.standing = judgement.view()
        holds = judgement.holds
    }

    /// Why parts of this router are held; of what is held for a moment only, nothing is said.
    package func reasons(of router: String, at now: Int64) -> [Hold.Reason: Int] {
        holds.reduce(into: [:]) { found, hold in
            guard hold.key.router == router, now - hold.value.since >= Self.moment else { return }
            found[hold.value.reason, default: 0] += 1
        }
    }

    /// Milliseconds: databases change one after the other.
    static let moment: Int64 = 2_000
    /// Milliseconds for which an agent that starts waits for the northbound database, when it has the southbound one.
    static let patience: Int64 = 10_000
}
