import FederationAPI
import FederationModel
import GRPCCore
import NetworkTypes

/// The ledger: who has which value.
extension AdminServiceProvider {
    package func listAllocations(request: WireListAllocationsRequest, context: ServerContext) async throws -> WireListAllocationsResponse {
        let revision = controlPlane.current
        var response = WireListAllocationsResponse()
        response.revision = revision.number
        response.entries = revision.record.entries.map(WireLedgerEntry.init(_:))
        if let graph = revision.graph { response.problems = revision.ledger.check(graph).map(WireLedgerProblem.init(_:)) }
        return response
    }

    package func reserve(request: WireReserveRequest, context: ServerContext) async throws -> WireReserveResponse {
        let admin = try context.callingAdmin()
        let reservation = Reservation(values: try values(request.kind, request.value), reason: request.reason)
        guard !reservation.reason.isEmpty else {
            throw RPCError(code: .invalidArgument, message: "a reservation has a reason; say whose the values are")
        }
        return try await refusing {
            let terms = Terms(base: request.hasBase ? request.base : nil, message: request.message)
            return WireReserveResponse(try await controlPlane.reserve(reservation, terms, rehearsing: request.dryRun, by: admin.text))
        }
    }

    package func release(request: WireReleaseRequest, context: ServerContext) async throws -> WireReserveResponse {
        let admin = try context.callingAdmin()
        let values = try values(request.kind, request.value)
        return try await refusing {
            let terms = Terms(base: request.hasBase ? request.base : nil, message: request.message)
            return WireReserveResponse(try await controlPlane.release(values, terms, rehearsing: request.dryRun, by: admin.text))
        }
    }

    private func values(_ kind: String, _ text: String) throws(RPCError) -> Reservation.Values {
        do throws(ParseError) {
            return try Reservation.Values(kind: kind, parsing: text)
        } catch {
            throw RPCError(code: .invalidArgument, message: error.description)
        }
    }
}
