import NetworkTypes
import OVSDB

/// This node's identity in OVN.
package struct LocalChassis: Hashable, Sendable {
    /// The name of its Chassis row.
    package let systemID: String
    /// Nil if not set: then ovn-controller uses the host's.
    package let hostname: String?
    /// The southbound database's addresses, `tcp:IP:PORT`, `ssl:…` or `unix:…`.
    package let southboundRemotes: [String]
    /// The northbound database's, where `ovn-nb-remote` is set: ovn-controller does not need it, agents like ours do.
    package let northboundRemotes: [String]
    /// Addresses that tunnels between chassis end at.
    package let encapsulationAddresses: [IPAddress]
    /// Physical network → bridge.
    package let bridgeMappings: [String: String]
    /// `br-int` by default.
    package let integrationBridge: String
    /// Bridge mappings that make no sense, sorted.
    package let problems: [RowProblem]

    /// Throws if the node has no `system-id`: then it is not a chassis.
    package init(_ configuration: OpenVSwitchConfiguration) throws(RowProblem) {
        let externalIDs = configuration.externalIDs
        guard let systemID = externalIDs.nonEmpty("system-id") else {
            throw RowProblem(
                table: OpenVSwitchConfiguration.table, row: configuration.uuid, column: "external_ids:system-id", value: "",
                reason: "is not set")
        }
        // OVN lib/ovn-util.c, get_chassis_external_id_value: `KEY-SYSTEMID` goes before `KEY`, where several chassis share one OVS.
        func value(_ key: String) -> String? { externalIDs.nonEmpty("\(key)-\(systemID)") ?? externalIDs.nonEmpty(key) }
        func list(_ key: String) -> [String] {
            (value(key) ?? "").split(separator: ",").map { $0.trimmingSpaces() }.filter { !$0.isEmpty }
        }
        var mappings: [String: String] = [:]
        var problems: [RowProblem] = []
        for entry in list("ovn-bridge-mappings") {
            let parts = entry.split(separator: ":", omittingEmptySubsequences: false).map { $0.trimmingSpaces() }
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                problems.append(
                    RowProblem(
                        table: OpenVSwitchConfiguration.table, row: configuration.uuid, name: systemID,
                        column: "external_ids:ovn-bridge-mappings", value: entry, reason: "is not NETWORK:BRIDGE"))
                continue
            }
            mappings[parts[0]] = parts[1]
        }
        self.systemID = systemID
        hostname = value("hostname")
        southboundRemotes = list("ovn-remote")
        northboundRemotes = list("ovn-nb-remote")
        encapsulationAddresses = list("ovn-encap-ip").compactMap { IPAddress($0) }
        bridgeMappings = mappings
        integrationBridge = value("ovn-bridge") ?? "br-int"
        self.problems = problems.sorted()
    }
}

extension StringProtocol {
    fileprivate func trimmingSpaces() -> String {
        String(String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
    }
}
