import FederationAPI
import FederationModel

/// What changes the federation.
extension AdminServiceProvider {
    package func plan(_ request: PlanRequest) async throws -> ChangeResult {
        try await refusing {
            switch request {
            case .file(let text, let fileName, let yesRemove):
                try await changes.plan(text: text, fileName: fileName, yesRemove: yesRemove)
            case .rollback(let number, let yesRemove): try await changes.plan(rollbackTo: number, yesRemove: yesRemove)
            }
        }
    }

    package func apply(_ order: ApplyOrder, by admin: Principal) async throws -> ChangeResult {
        try await refusing { try await changes.apply(order, by: admin) }
    }

    package func rollback(_ order: RollbackOrder, by admin: Principal) async throws -> ChangeResult {
        try await refusing { try await changes.rollback(order, by: admin) }
    }

    package func confirm(_ revision: UInt64?, by admin: Principal) async throws -> UInt64 {
        try await refusing { try await changes.confirm(revision, by: admin) }
    }

    package func reserve(_ order: ReserveOrder, by admin: Principal) async throws -> LedgerOutcome {
        try await refusing {
            try await changes.reserve(order.reservation, order.terms, rehearsing: order.isRehearsal, by: admin)
        }
    }

    package func release(_ order: ReleaseOrder, by admin: Principal) async throws -> LedgerOutcome {
        try await refusing { try await changes.release(order.values, order.terms, rehearsing: order.isRehearsal, by: admin) }
    }

    package func unpin(_ selector: AttachmentSelector, of cloud: CloudName, isRehearsal: Bool, by admin: Principal) async throws
        -> Unpinning
    {
        try await refusing { try await changes.unpin(selector, of: cloud, rehearsing: isRehearsal, by: admin) }
    }
}
