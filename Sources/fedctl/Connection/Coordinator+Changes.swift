import FederationAPI
import FederationModel

/// What changes the federation.
extension Coordinator {
    func plan(_ file: FederationText, yesRemove: UInt32) async throws -> Answer {
        var request = WirePlanRequest()
        request.fileName = file.fileName
        request.text = file.text
        request.yesRemove = yesRemove
        return try await plan(request, of: file)
    }

    func plan(rollbackTo number: UInt64, yesRemove: UInt32) async throws -> Answer {
        var request = WirePlanRequest()
        request.rollbackTo = number
        request.yesRemove = yesRemove
        return try await plan(request, of: nil)
    }

    private func plan(_ request: WirePlanRequest, of file: FederationText?) async throws -> Answer {
        try await call {
            try await admin.plan(request, options: options) { response in
                var answer: Answer?
                for try await message in response.messages {
                    if answer == nil {
                        answer = try Answer(message, of: file)
                    } else {
                        try answer?.append(message.plan, of: file)
                    }
                }
                guard let answer else { throw ConversionError(field: "plan", reason: "it is missing") }
                return answer
            }
        }
    }

    func apply(_ file: FederationText, on base: UInt64, _ terms: Terms) async throws -> Answer {
        var request = WireApplyRequest()
        request.fileName = file.fileName
        request.text = file.text
        request.base = base
        request.yesRemove = terms.yesRemove
        request.message = terms.message
        if let seconds = terms.confirmSeconds { request.confirmSeconds = seconds }
        return try Answer(try await call { try await admin.apply(request, options: options) }, of: file)
    }

    func rollback(to number: UInt64, on base: UInt64, _ terms: Terms) async throws -> Answer {
        var request = WireRollbackRequest()
        request.to = number
        request.base = base
        request.yesRemove = terms.yesRemove
        request.message = terms.message
        if let seconds = terms.confirmSeconds { request.confirmSeconds = seconds }
        return try Answer(try await call { try await admin.rollback(request, options: options) }, of: nil)
    }

    /// - Returns: the revision that stays.
    func confirm(_ revision: UInt64?) async throws -> UInt64 {
        var request = WireConfirmRequest()
        if let revision { request.revision = revision }
        return try await call { try await admin.confirm(request, options: options) }.revision
    }

    func reserve(_ kind: String, _ value: String, reason: String, _ change: LedgerOptions) async throws -> LedgerOutcome {
        var request = WireReserveRequest()
        request.kind = kind
        request.value = value
        request.reason = reason
        request.message = change.message ?? ""
        request.dryRun = change.dryRun
        if let base = change.base { request.base = base }
        return LedgerOutcome(kind, value, try await call { try await admin.reserve(request, options: options) })
    }

    func release(_ kind: String, _ value: String, _ change: LedgerOptions) async throws -> LedgerOutcome {
        var request = WireReleaseRequest()
        request.kind = kind
        request.value = value
        request.message = change.message ?? ""
        request.dryRun = change.dryRun
        if let base = change.base { request.base = base }
        return LedgerOutcome(kind, value, try await call { try await admin.release(request, options: options) })
    }
}

/// What became of values that were to be reserved or released.
struct LedgerOutcome: Hashable, Sendable, Encodable {
    var kind: String
    var value: String
    /// In force afterwards.
    var revision: UInt64
    /// They were, or would be; false where they are so already.
    var changes: Bool

    init(_ kind: String, _ value: String, _ wire: WireReserveResponse) {
        self.kind = kind
        self.value = value
        revision = wire.revision
        changes = wire.changes
    }
}

/// On what conditions a change is made.
struct Terms: Hashable, Sendable {
    var yesRemove: UInt32 = 0
    var confirmSeconds: UInt32?
    var message = ""
}
