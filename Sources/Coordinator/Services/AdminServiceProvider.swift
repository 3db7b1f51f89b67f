import FederationAPI
import FederationModel
import Logging
import Verification

/// The admins' service.
package struct AdminServiceProvider: AdminService {
    let changes: any FederationChanges
    let revisions: any RevisionReading
    let observed: any GatewayReading
    let past: any PastReading
    let database: any DatabaseCare
    let feed: EventFeed
    let problems: CoordinatorProblems
    /// Signs a text with the coordinator’s key: a detached CMS signature, PEM.
    let sign: @Sendable ([UInt8]) throws -> String
    let log: Logger

    package func status() async throws -> FederationStatus {
        let inForce = revisions.inForce
        var status = FederationStatus(inForce.revision, records: observed.records, connected: observed.connected)
        status.pendingCommit = inForce.pendingCommit
        status.problems = problems.problems
        return status
    }

    package func gateways(_ selection: FederationSelection) async throws -> [GatewayState] {
        let intents = revisions.inForce.revision.intents
        let reports = observed.observations()
        let connected = observed.connected
        let marks = selection.marks(in: intents)
        return Set(intents.keys).union(reports.keys).sorted().filter { selection.includes($0.cloud) }.map { gateway in
            let intent = intents[gateway]
            let observation = reports[gateway].map { selection.cut($0.within(intent), to: marks) }
            return GatewayState(
                gateway: gateway, connected: connected.contains(gateway), receivedAt: observation?.receivedAt,
                intent: intent.map(selection.cut),
                report: observation?.report)
        }
    }

    package func verdicts(_ request: VerdictRequest) async throws -> VerdictAnswer {
        VerdictAnswer(to: request, from: observed.verdicts(request.selection))
    }

    package func bundle() async throws -> VerificationBundle {
        let (revision, inputs) = observed.inputs()
        return VerificationBundle(federation: revision.federation, revision: revision.number, inputs: inputs)
    }

    package func impacts(of outage: Outage) async throws -> [Impact] { observed.impacts(of: outage) }

    package func explanation(_ question: PairQuestion) async throws -> PairExplanation {
        do throws(PairQuestionError) {
            return try observed.explanation(question)
        } catch {
            throw AdminRefusal(.invalidRequest, error.reason, remedy: error.remedy)
        }
    }

    package func isolation(_ order: IsolationOrder) async throws -> IsolationAnswer {
        let (revision, proof) = observed.isolation(of: order.vpns)
        var answer = IsolationAnswer(federation: revision.federation, epoch: revision.epoch, revision: revision.number, proof: proof)
        guard order.wantsStatement else { return answer }
        let text = Array(answer.statementText(of: order.vpns).utf8)
        answer.statement = try await refusing { SignedStatement(text: text, signature: try sign(text)) }
        return answer
    }

    package func events(withVerdicts selection: FederationSelection?) async throws -> AsyncThrowingStream<FederationEvent, any Error> {
        guard let selection else { return feed.watch() }
        return observed.watch(selection)
    }

    package func eventLog(_ request: EventRequest) async throws -> EventLog { try await refusing { try await past.events(request) } }

    package func verdicts(at time: Int64, _ selection: FederationSelection) async throws -> PastVerdicts {
        try await refusing {
            var found = try await past.verdicts(at: time)
            found.pairs.removeAll { pair in
                !(selection.includes(pair.name.vpn) && (selection.includes(pair.name.origin) || selection.includes(pair.name.viewer)))
            }
            return found
        }
    }

    /// Refusals as the admin gets them.
    func refusing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as Refusal {
            throw AdminRefusal(refusal)
        } catch StoreError.faulty(let fault) {
            throw AdminRefusal(Refusal.fault(fault))
        } catch {
            if !(error is AdminRefusal), !(error is CancellationError) {
                log.error("admin call failed", metadata: ["error": "\(error)"])
            }
            throw error
        }
    }
}
