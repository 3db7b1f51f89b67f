import Federation
import FederationAPI
import GRPCCore

/// What was.
extension AdminServiceProvider {
    /// Summaries and entries in one answer, at most.
    private static let page = 1000

    package func getHistory(request: WireGetHistoryRequest, context: ServerContext) async throws -> WireGetHistoryResponse {
        try await refusing {
            let limit = limit(request.limit)
            let found = try await controlPlane.store.history(before: request.before == 0 ? nil : request.before, limit: limit + 1)
            var response = WireGetHistoryResponse()
            response.revisions = found.prefix(limit).map(WireRevisionSummary.init(_:))
            response.more = found.count > limit
            if let pendingCommit = controlPlane.pendingCommit { response.probation = WireProbation(pendingCommit) }
            return response
        }
    }

    package func getAudit(request: WireGetAuditRequest, context: ServerContext) async throws -> WireGetAuditResponse {
        try await refusing {
            let limit = limit(request.limit)
            let found = try await controlPlane.store.audit(before: request.before == 0 ? nil : request.before, limit: limit + 1)
            var response = WireGetAuditResponse()
            response.entries = found.prefix(limit).map(WireAuditEntry.init(_:))
            response.more = found.count > limit
            return response
        }
    }

    package func getGraph(request: WireGetGraphRequest, context: ServerContext) async throws -> WireGetGraphResponse {
        try await refusing {
            let revision = request.revision == 0 ? controlPlane.current.record : try await controlPlane.record(of: request.revision)
            var response = WireGetGraphResponse()
            response.revision = revision.number
            response.epoch = revision.epoch
            response.text = revision.text
            response.allocations = revision.held.map(WireAllocation.init(_:))
            if revision.number > 0 { response.summary = WireRevisionSummary(revision.summary) }
            return response
        }
    }

    package func diff(request: WireDiffRequest, response: RPCWriter<WireDiffResponse>, context: ServerContext) async throws {
        let (from, to) = try await refusing {
            (
                try await controlPlane.revision(request.from),
                request.to == 0 ? controlPlane.current : try await controlPlane.revision(request.to)
            )
        }
        for (number, part) in from.difference(to: to).wireParts.enumerated() {
            var message = WireDiffResponse()
            message.plan = part
            if number == 0 {
                message.to = WireRevisionSummary(to.summary)
                message.fromText = from.text
                message.toText = to.text
                message.ledger = LedgerChange.between(from.record.entries, to.record.entries).map(WireLedgerChange.init(_:))
            }
            try await response.write(message)
        }
    }

    private func limit(_ asked: UInt32) -> Int { asked == 0 ? Self.page : min(Int(clamping: asked), Self.page) }
}
