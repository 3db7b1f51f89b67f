import FederationAPI
import FederationModel
import Logging

/// The database: whether it is whole, and what it takes the place of.
extension ControlPlane {
    /// Looks at the store, reading all of it.
    package func checkStore() async {
        do {
            try await store.check()
        } catch {
            log.error("the database cannot be checked", metadata: ["error": "\(error)"])
        }
        await noticeStore()
    }

    /// What is known of the store is said.
    package func noticeStore() async {
        var found = store.fault.map { [ProblemNotice($0)] } ?? []
        if let waiting = try? await store.successions().first(where: { $0.adoptedAt == nil }) { found.append(ProblemNotice(waiting)) }
        problems.post(found, by: "store", at: clock())
    }

    /// An agent said what it holds.
    func notice(_ hello: Hello, of gateway: GatewayID, on revision: Revision) {
        foreignHoldings.note(gateway, hello, current: revision, isKnown: revision.intents[gateway] != nil)
        noticeAgents(on: revision)
    }

    /// Agents that take nothing from us are said.
    private func noticeAgents(on revision: Revision) {
        let succeeded = Set(sessions.succeeded)
        let ahead = foreignHoldings.all.filter { $0.epoch == revision.epoch && $0.revision > revision.number }
        let others = foreignHoldings.all.filter { $0.epoch != revision.epoch && !succeeded.contains($0.epoch) }
        func names(_ held: [ForeignHoldings.Held]) -> String {
            held.prefix(3).map { "\($0.gateway)" }.joined(separator: ", ") + (held.count > 3 ? " and \(held.count - 3) more" : "")
        }
        var found: [ProblemNotice] = []
        if let newest = ahead.map(\.revision).max() {
            found.append(
                ProblemNotice(
                    .warning, code: "agents-ahead",
                    reason: "agents say that they hold revision \(newest) of this database, which is at \(revision.number), and take "
                        + "nothing from it: \(names(ahead)); an old copy of it was put back, perhaps",
                    remedy: "put the newest copy in place: fed-coordinator restore BACKUP --database FILE --replace; see docs/backup.md",
                    key: "\(ahead.map(\.gateway))"))
        }
        if !others.isEmpty {
            found.append(
                ProblemNotice(
                    .warning, code: "agents-of-other-database",
                    reason: "agents hold what another database gave them, and take nothing from this one: \(names(others))",
                    remedy: "after a restore: fedctl adopt; otherwise see that they connect to the right coordinator, or restart them with "
                        + "--accept-new-epoch", key: "\(others.map(\.gateway))"))
        }
        problems.post(found, by: "agents", at: clock())
    }

    /// Lets agents take this database in place of those that it was restored from.
    package func adopt(rehearsing isRehearsal: Bool, by author: Principal) async throws -> Adoption {
        let revision = current
        let successions = try await store.successions()
        let epochs = Set(successions.map(\.epoch))
        let waiting = foreignHoldings.all.filter { epochs.contains($0.epoch) }.map { held in
            Adoption.WaitingAgent(
                gateway: held.gateway, epoch: held.epoch, revision: held.revision,
                lost: held.vpns.subtracting((revision.intents[held.gateway]?.vpns ?? [:]).keys).sorted())
        }
        let adoption = Adoption(agents: waiting, changes: successions.contains { $0.adoptedAt == nil })
        guard adoption.changes, !isRehearsal else { return adoption }
        do {
            try await Task { try await store.adopt(by: author, at: clock()) }.value
        } catch {
            throw await refusal(error, .adopt, by: author)
        }
        sessions.succeed(successions.map(\.epoch))
        await noticeStore()
        noticeAgents(on: revision)
        log.notice(
            "agents may take this database in place of those that it was restored from",
            metadata: ["author": "\(author)", "revision": "\(revision.number)", "waiting": "\(waiting.count)"])
        return adoption
    }
}

/// Looks at the store when the coordinator starts, and daily.
struct StoreWatch: Sendable {
    let database: any DatabaseCare
    let interval: Duration

    init(database: any DatabaseCare, interval: Duration = .seconds(86400)) {
        self.database = database
        self.interval = interval
    }

    /// Until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: interval)
            if !Task.isCancelled { await database.checkStore() }
        }
    }
}
