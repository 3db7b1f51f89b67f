extension Transaction {
    /// Writes the groups of all tenants, as Neutron does.
    ///
    /// All that is not allowed is dropped; a tenant's group lets everything out, and in what a federated tenant opens:
    /// members of other clouds are in no address set here, so its default group alone would shut them out.
    mutating func insertSecurityGroups(_ members: [String: [Reference]], ids: NeutronCloud) {
        let drops = ["from-lport": "inport", "to-lport": "outport"].sorted { $0.key < $1.key }.map { direction, port in
            rule(direction, "\(port) == @neutron_pg_drop && ip", action: "drop", priority: 1000, id: nil)
        }
        let everyone = members.sorted { $0.key < $1.key }.flatMap(\.value)
        insert("Port_Group", ["name": "neutron_pg_drop", "acls": .set(drops), "ports": .set(everyone)])
        for (project, ports) in members.sorted(by: { $0.key < $1.key }) {
            let group = NeutronName.portGroup(ids.securityGroup(project))
            let matches = [
                ("from-lport", "inport == @\(group) && ip4"), ("from-lport", "inport == @\(group) && ip6"),
                ("to-lport", "outport == @\(group) && ip4 && ip4.src == 0.0.0.0/0"),
                ("to-lport", "outport == @\(group) && ip6 && ip6.src == ::/0"),
            ]
            let rules = matches.enumerated().map { index, match in
                rule(match.0, match.1, action: "allow-related", priority: 1002, id: ids.rule(project, index))
            }
            insert(
                "Port_Group",
                [
                    "name": .string(group), "acls": .set(rules), "ports": .set(ports),
                    "external_ids": .map(["neutron:security_group_id": ids.securityGroup(project).description]),
                ])
        }
    }

    private mutating func rule(_ direction: String, _ match: String, action: String, priority: Int, id: OpenStackID?)
        -> Reference
    {
        insert(
            "ACL",
            [
                "direction": .string(direction), "match": .string(match), "action": .string(action), "priority": .number(Double(priority)),
                "external_ids": .map(id.map { ["neutron:security_group_rule_id": $0.description] } ?? [:]),
            ])
    }
}
