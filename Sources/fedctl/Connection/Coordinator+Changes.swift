import Federation
import FederationAPI

/// What changes the federation.
extension Coordinator {
    func plan(_ file: FederationText, yesRemove: UInt32 = 0) async throws -> Answer {
        var request = WirePlanRequest()
        request.fileName = file.fileName
        request.text = file.text
        request.yesRemove = yesRemove
        return try Answer(try await call { try await admin.plan(request, options: options) }, of: file)
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

    func rollback(to number: UInt64, on base: UInt64?, _ terms: Terms, isDryRun: Bool) async throws -> Answer {
        var request = WireRollbackRequest()
        request.to = number
        if let base { request.base = base }
        request.yesRemove = terms.yesRemove
        request.message = terms.message
        if let seconds = terms.confirmSeconds { request.confirmSeconds = seconds }
        request.dryRun = isDryRun
        return try Answer(try await call { try await admin.rollback(request, options: options) }, of: nil)
    }

    /// - Returns: the revision that stays.
    func confirm(_ revision: UInt64?) async throws -> UInt64 {
        var request = WireConfirmRequest()
        if let revision { request.revision = revision }
        return try await call { try await admin.confirm(request, options: options) }.revision
    }

    /// - Returns: the revision in force afterwards.
    func reserve(_ kind: String, _ value: String, reason: String) async throws -> UInt64 {
        var request = WireReserveRequest()
        request.kind = kind
        request.value = value
        request.reason = reason
        return try await call { try await admin.reserve(request, options: options) }.revision
    }

    func release(_ kind: String, _ value: String) async throws -> UInt64 {
        var request = WireReleaseRequest()
        request.kind = kind
        request.value = value
        return try await call { try await admin.release(request, options: options) }.revision
    }
}

/// On what conditions a change is made.
struct Terms: Hashable, Sendable {
    var yesRemove: UInt32 = 0
    var confirmSeconds: UInt32?
    var message = ""
}
