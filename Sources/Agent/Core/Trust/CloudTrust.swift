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
    /// Until when an earlier agent heard what stands; nil: whether that is too long ago was looked at.
    private var rememberedAt: Int64?
    /// What an earlier agent left too long ago to be judged by; nil: nothing.
    private var outdated: CloudView?

    /// - Parameter remembered: what an agent before this one believed.
    package init(remembered: RememberedCloud? = nil) {
        standing = remembered?.view
        holds = remembered?.holds ?? [:]
        rememberedAt = remembered?.believedAt
    }

    /// What is acted on; nil until the databases were read.
    package var believed: CloudView? { told == nil ? nil : standing }

    /// What an earlier agent believed, as long as the databases were not read.
    var remembered: CloudView? { told == nil ? standing : nil }

    package mutating func see(_ view: CloudView, at now: Int64) {
        readSince = readSince ?? now
        guard view != told else { return }
        told = view
        isJudged = false
    }

    /// What is stored for an agent that starts later; nil: nothing is known, or not judged yet.
    ///
    /// - Parameters:
    ///   - routers: the ids of those that are attached.
    ///   - heardAt: until when the southbound database was heard.
    func memory(of routers: Set<String>, heardAt: Int64) -> RememberedCloud? {
        // While the databases say nothing, what an earlier agent left stands, and grows old.
        guard let standing, told != nil, isJudged else { return nil }
        return RememberedCloud(
            view: standing.part(of: routers), believedAt: heardAt, holds: holds.filter { routers.contains($0.key.router) })
    }

    /// Decides anew what is held: when something was seen, and as time goes by.
    ///
    /// - Parameters:
    ///   - chassis: this node's name in OVN; nil: not known yet.
    ///   - now: milliseconds since 1970.
    package mutating func judge(at chassis: String?, _ now: Int64) {
        forgetWhatIsOld(now)
        guard let told, !isJudged || !holds.isEmpty else { return }
        guard let standing else {
            // One database comes before the other.
            if told.northbound == nil, now - (readSince ?? now) < Self.patience { return }
            // Out of a silence nothing is withdrawn.
            self.standing = told.northbound == nil ? outdated.map(told.withUntold) ?? told : told
            outdated = nil
            isJudged = true
            return
        }
        isJudged = true
        var judgement = CloudJudgement(before: standing, told: told, holds: holds, chassis: chassis, now: now)
        self.standing = judgement.view()
        holds = judgement.holds
    }

    /// Who was away for long knows nothing of the cloud.
    private mutating func forgetWhatIsOld(_ now: Int64) {
        guard let rememberedAt else { return }
        self.rememberedAt = nil
        // Clocks differ by moments; one that is far off at a node's start says nothing of an age.
        guard !(-60_000..<RememberedCloud.lifetime).contains(now - rememberedAt) else { return }
        outdated = standing
        standing = nil
        holds = [:]
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
    package static let patience: Int64 = 10_000
}
