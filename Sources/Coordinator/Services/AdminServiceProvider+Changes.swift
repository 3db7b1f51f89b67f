import FederationAPI
import FederationModel
import GRPCCore

/// What changes the federation.
extension AdminServiceProvider {
    package func plan(request: WirePlanRequest, response: RPCWriter<WirePlanResponse>, context: ServerContext) async throws {
        let yesRemove = Int(clamping: request.yesRemove)
        let result = try await refusing {
            request.hasRollbackTo
                ? try await controlPlane.plan(rollbackTo: request.rollbackTo, yesRemove: yesRemove)
                : try await controlPlane.plan(text: request.text, fileName: fileName(request.fileName), yesRemove: yesRemove)
        }
        for message in WirePlanResponse.messages(result) { try await response.write(message) }
    }

    package func apply(request: WireApplyRequest, context: ServerContext) async throws -> WireApplyResponse {
        let admin = try context.callingAdmin()
        return try await refusing {
            let order = ApplyOrder(text: request.text, fileName: fileName(request.fileName), terms: Terms(request))
            return WireApplyResponse(try await controlPlane.apply(order, by: admin.text))
        }
    }

    package func rollback(request: WireRollbackRequest, context: ServerContext) async throws -> WireApplyResponse {
        let admin = try context.callingAdmin()
        return try await refusing {
            let order = RollbackOrder(to: request.to, terms: Terms(request))
            return WireApplyResponse(try await controlPlane.rollback(order, by: admin.text))
        }
    }

    package func confirm(request: WireConfirmRequest, context: ServerContext) async throws -> WireConfirmResponse {
        let admin = try context.callingAdmin()
        return try await refusing {
            var response = WireConfirmResponse()
            response.revision = try await controlPlane.confirm(request.hasRevision ? request.revision : nil, by: admin.text)
            return response
        }
    }

    /// As diagnostics repeat it.
    private func fileName(_ name: String) -> String {
        name.isEmpty ? "federation.yaml" : TextLimits.cut(name, to: Self.fileNameLimit)
    }

    /// In bytes: NAME_MAX of Linux.
    private static let fileNameLimit = 255

    /// Gives refusals the code that callers tell them apart by.
    func refusing<Response>(_ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let refusal as Refusal {
            throw RPCError(code: refusal.code, message: refusal.description)
        } catch StoreError.faulty(let fault) {
            let refusal = Refusal.fault(fault)
            throw RPCError(code: refusal.code, message: refusal.description)
        } catch let error as RPCError {
            throw error
        } catch {
            controlPlane.log.error("an admin’s call failed", metadata: ["error": "\(error)"])
            throw RPCError(code: .internalError, message: "it cannot be done, and nothing was changed: \(error)")
        }
    }
}

/// What every request for a change says.
private protocol ChangeRequest {
    var base: UInt64 { get }
    var hasBase: Bool { get }
    var yesRemove: UInt32 { get }
    var confirmSeconds: UInt32 { get }
    var hasConfirmSeconds: Bool { get }
    var message: String { get }
}

extension WireApplyRequest: ChangeRequest {}
extension WireRollbackRequest: ChangeRequest {}

extension Terms {
    fileprivate init(_ request: some ChangeRequest) {
        self.init(
            base: request.hasBase ? request.base : nil, yesRemove: Int(clamping: request.yesRemove),
            confirmSeconds: request.hasConfirmSeconds ? request.confirmSeconds : nil, message: request.message)
    }
}

extension Refusal {
    var code: RPCError.Code {
        switch self {
        case .conflict: .aborted
        case .awaitingConfirmation, .nothingPending, .otherPending, .confirmationTooLate, .ledger, .fault: .failedPrecondition
        case .noRevision: .notFound
        case .confirmSeconds, .messageTooLong: .invalidArgument
        case .busy: .resourceExhausted
        }
    }
}
