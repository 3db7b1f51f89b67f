import Federation
import FederationAPI
import GRPCCore

/// The ledger: who has which value.
extension AdminServiceProvider {
    package func listAllocations(request: WireListAllocationsRequest, context: ServerContext) async throws -> WireListAllocationsResponse {
        WireListAllocationsResponse()
    }

    package func reserve(request: WireReserveRequest, context: ServerContext) async throws -> WireReserveResponse {
        throw RPCError(code: .unimplemented, message: "")
    }

    package func release(request: WireReleaseRequest, context: ServerContext) async throws -> WireReserveResponse {
        throw RPCError(code: .unimplemented, message: "")
    }
}
