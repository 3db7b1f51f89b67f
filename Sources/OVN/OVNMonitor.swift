import OVSDB

/// The tables and columns to monitor in each database: only those that the views read. Leaving out the others matters as
/// much: Interface.statistics, Chassis.nb_cfg and NB_Global.nb_cfg tick by themselves and would wake the agent for nothing.
package enum OVNMonitor {
    /// Columns by table.
    package typealias Columns = [String: [String]]

    /// OVN_Southbound.
    package static let southbound = columns(PortBinding.self, DatapathBinding.self, Chassis.self)
    /// OVN_Northbound.
    package static let northbound = columns(
        LogicalRouter.self, LogicalSwitch.self, NATRule.self, StaticRoute.self, RouterPolicy.self, AddressSet.self, LoadBalancer.self,
        LoadBalancerGroup.self,
        DisabledPort.self, DisabledRouterPort.self, NorthboundGlobal.self)
    /// The same as a request: of all the cloud's ports only those that were taken down.
    package static var northboundRequest: MonitorRequest {
        var request = MonitorRequest(northbound)
        for table in [DisabledPort.table, DisabledRouterPort.table] {
            request.tables[table]?.conditions = [OVSDBCondition("enabled", .equal, .atom(.boolean(false)))]
        }
        return request
    }
    /// Open_vSwitch of this node.
    package static let localSwitch = columns(OpenVSwitchConfiguration.self, OVSBridge.self, OVSPort.self, OVSInterface.self)

    /// Columns to add to `southbound` if the server's schema, given as columns by table, has them.
    package static func newerSouthbound(in schema: Columns) -> Columns {
        var result: Columns = [:]
        for row in [PortBinding.self, DatapathBinding.self, Chassis.self] as [any ReplicatedRow.Type] {
            let known = Set(schema[row.table] ?? [])
            let columns = row.newerColumns.filter { known.contains($0) }
            if !columns.isEmpty { result[row.table] = columns }
        }
        return result
    }

    private static func columns(_ rows: any ReplicatedRow.Type...) -> Columns {
        Dictionary(rows.map { ($0.table, $0.columns) }, uniquingKeysWith: +)
    }
}
