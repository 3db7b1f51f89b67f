import FederationAPI
import FederationModel
import Verification

extension ControlPlane: RevisionReading {
    package var inForce: InForce { active.current }

    package func record(of number: UInt64) async throws -> RevisionRecord {
        let current = current
        if number == current.number { return current.record }
        guard let record = try await store.revision(number) else { throw Refusal.noRevision(number, newest: current.number) }
        return record
    }

    package func revision(_ number: UInt64) async throws -> Revision {
        let current = current
        if number == current.number { return current }
        let record = try await record(of: number)
        return try await planQueue.work { Result { try Revision(compiling: record) } }.get()
    }

    package func history(before: UInt64?, limit: Int) async throws -> [RevisionSummary] {
        try await store.history(before: before, limit: limit)
    }

    package func audit(before: UInt64?, limit: Int) async throws -> [AuditEntry] { try await store.audit(before: before, limit: limit) }
}

extension ControlPlane: GatewayReading {
    package var connected: Set<GatewayID> { sessions.connected }
    package var records: [GatewayID: AgentRecord] { registry.all }
    package func observations() -> [GatewayID: GatewayObservation] { reports.all(at: clock()) }

    package func verdicts(_ selection: FederationSelection) -> [PairVerdict] {
        verdicts.read { verdicts in
            guard let vpn = selection.vpn else { return verdicts.all.filter(selection.includes) }
            return verdicts[vpn].filter(selection.includes)
        }
    }

    package func inputs() -> (revision: Revision, inputs: VerificationInputs) {
        let now = clock()
        let revision = current
        let inputs = VerificationInputs(
            intents: revision.intents, vpns: revision.graph?.vpns ?? [:], rollout: revision.rollout(registry.all),
            observations: reports.all(at: now), changedAt: active.intentChanges, now: now)
        return (revision, inputs)
    }

    package func impacts(of outage: Outage) -> [Impact] {
        let inputs = inputs().inputs
        return Verification.impacts(
            of: outage, on: verdicts(.init()), intents: inputs.intents, observations: inputs.observations, now: inputs.now)
    }

    package func explanation(_ question: PairQuestion) throws(PairQuestionError) -> PairExplanation {
        try inputs().inputs.explanation(question, verdicts: verdicts(.init(vpn: question.vpn)))
    }
}

extension ControlPlane {
    package func isolation(of selection: Set<VPNName>?) -> (revision: Revision, proof: IsolationProof) {
        let (revision, inputs) = inputs()
        return (revision, inputs.isolation(of: selection))
    }
}

extension ControlPlane: AutomaticChanges {
    package var acknowledgements: UInt64 { registry.changes }
}
