import OVSDB

/// What is read of a northbound database, as typed rows in a stable order.
package struct NorthboundRows: Equatable, Sendable {
    package let routers: [LogicalRouter]
    package let switches: [LogicalSwitch]
    package let natRules: [NATRule]
    package let staticRoutes: [StaticRoute]
    package let addressSets: [AddressSet]
    package let problems: [RowProblem]

    package init(_ replica: OVSDBReplica) {
        var problems: [RowProblem] = []
        routers = replica.read(LogicalRouter.self, problems: &problems).sorted { $0.uuid < $1.uuid }
        switches = replica.read(LogicalSwitch.self, problems: &problems).sorted { $0.uuid < $1.uuid }
        natRules = replica.read(NATRule.self, problems: &problems).sorted()
        staticRoutes = replica.read(StaticRoute.self, problems: &problems).sorted()
        addressSets = replica.read(AddressSet.self, problems: &problems).sorted()
        self.problems = problems.sorted()
    }
}
