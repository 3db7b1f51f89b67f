import FederationAPI
import FederationModel

/// What is and was.
extension Coordinator {
    /// - Parameter revision: nil: the one in force.
    func graph(_ revision: UInt64? = nil) async throws -> AppliedGraph {
        var request = WireGetGraphRequest()
        request.revision = revision ?? 0
        return try AppliedGraph(try await call { try await admin.getGraph(request, options: options) })
    }

    func history(before: UInt64 = 0, limit: UInt32 = 0) async throws -> History {
        var request = WireGetHistoryRequest()
        request.before = before
        request.limit = limit
        return History(try await call { try await admin.getHistory(request, options: options) })
    }

    func audit(before: UInt64 = 0, limit: UInt32 = 0) async throws -> Audit {
        var request = WireGetAuditRequest()
        request.before = before
        request.limit = limit
        return Audit(try await call { try await admin.getAudit(request, options: options) })
    }

    /// - Parameter to: nil: the revision in force.
    func diff(from: UInt64, to: UInt64?) async throws -> RevisionDifference {
        var request = WireDiffRequest()
        request.from = from
        request.to = to ?? 0
        return try await call { [request] in
            try await admin.diff(request, options: options) { response in
                var difference: RevisionDifference?
                for try await message in response.messages {
                    if difference == nil {
                        difference = try RevisionDifference(message)
                    } else {
                        try difference?.plan.append(message.plan)
                    }
                }
                guard let difference else { throw ConversionError(field: "plan", reason: "it is missing") }
                return difference
            }
        }
    }

    func allocations() async throws -> LedgerView {
        try LedgerView(try await call { try await admin.listAllocations(WireListAllocationsRequest(), options: options) })
    }
}
