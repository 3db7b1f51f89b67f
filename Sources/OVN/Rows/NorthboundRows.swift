import OVSDB

/// What is read of a northbound database, as typed rows in a stable order.
package struct NorthboundRows: Equatable, Sendable {
    package let routers: [LogicalRouter]
    package let switches: [LogicalSwitch]
    package let natRules: [NATRule]
    package let staticRoutes: [StaticRoute]
    package let policies: [RouterPolicy]
    package let addressSets: [AddressSet]
    package let balancers: [LoadBalancer]
    package let balancerGroups: [LoadBalancerGroup]
    package let disabledPorts: [DisabledPort]
    package let disabledRouterPorts: [DisabledRouterPort]
    package let globals: [NorthboundGlobal]
    package let problems: [RowProblem]

    package init(_ replica: OVSDBReplica) {
        var problems: [RowProblem] = []
        routers = replica.read(LogicalRouter.self, problems: &problems).sorted { $0.uuid < $1.uuid }
        switches = replica.read(LogicalSwitch.self, problems: &problems).sorted { $0.uuid < $1.uuid }
        natRules = replica.read(NATRule.self, problems: &problems).sorted()
        staticRoutes = replica.read(StaticRoute.self, problems: &problems).sorted()
        policies = replica.read(RouterPolicy.self, problems: &problems).sorted()
        addressSets = replica.read(AddressSet.self, problems: &problems).sorted()
        balancers = replica.read(LoadBalancer.self, problems: &problems).sorted { $0.uuid < $1.uuid }
        balancerGroups = replica.read(LoadBalancerGroup.self, problems: &problems).sorted { $0.uuid < $1.uuid }
        disabledPorts = replica.read(DisabledPort.self, problems: &problems).filter { !$0.isEnabled }.sorted { $0.uuid < $1.uuid }
        disabledRouterPorts = replica.read(DisabledRouterPort.self, problems: &problems).filter { !$0.isEnabled }.sorted()
        globals = replica.read(NorthboundGlobal.self, problems: &problems).sorted { $0.uuid < $1.uuid }
        self.problems = problems.sorted()
    }
}
