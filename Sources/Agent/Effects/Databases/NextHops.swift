import NetworkTypes
import OVSDB

/// What OVN knows of MAC addresses beside its own ports: what it learned (MAC_Binding), and what was written down (Static_MAC_Binding, since 22.03).
enum NextHops {
    /// - Returns: the addresses, by gateway port; each of `ports` is there.
    static func read(of ports: [String], in southbound: OVSDBClient) async throws -> [String: Set<IPAddress>] {
        var found = try await addresses(of: ports, "MAC_Binding", southbound)
        // An older database has no such table.
        if let written = try? await addresses(of: ports, "Static_MAC_Binding", southbound) { found.merge(written) { $0.union($1) } }
        return found
    }

    private static func addresses(of ports: [String], _ table: String, _ southbound: OVSDBClient) async throws -> [String: Set<IPAddress>] {
        let questions = ports.map { port in
            OVSDBOperation.select(table: table, where: [OVSDBCondition("logical_port", .equal, .atom(.string(port)))], columns: ["ip"])
        }
        let answers = try await southbound.transact(questions)
        return Dictionary(
            zip(ports, answers).map { port, answer in
                (port, Set((answer.rows ?? []).compactMap { $0["ip"]?.string.flatMap { IPAddress($0) } }))
            }, uniquingKeysWith: { $0.union($1) })
    }
}
