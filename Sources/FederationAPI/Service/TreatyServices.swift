import GRPCCore

/// Both services of the treaty, as a gRPC server takes them.
package enum TreatyServices {
    package static func serving(agents: some AgentService, admins: some AdminService) -> [any RegistrableRPCService] {
        [AgentServer(service: agents), AdminServer(service: admins)]
    }
}
