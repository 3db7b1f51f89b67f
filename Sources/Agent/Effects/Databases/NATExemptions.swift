import OVN
import OVSDB

/// Writes what an `ExemptionPlan` asks for into the cloud's northbound database.
enum NATExemptions {
    static func carryOut(_ transaction: ExemptionTransaction, in database: OVSDBClient) async throws {
        _ = try await database.transact([.comment("ovn-federation: router \(transaction.router)")] + transaction.steps.flatMap(operations))
    }

    static func operations(for step: ExemptionStep) -> [OVSDBOperation] {
        switch step {
        case .createSet(let name, let router, let keeper, let addresses):
            let row: [String: OVSDBValue] = [
                "name": .atom(.string(name)), "addresses": texts(addresses),
                "external_ids": .map([
                    .string(AddressSet.ownerKey): .string(router), .string(AddressSet.keeperKey): .string(keeper),
                ]),
            ]
            return [.insert(table: "Address_Set", row: row, name: identifier(name))]
        case .keepSet(let set, _, let keeper):
            let mutations = OVSDBMutation.setting([AddressSet.keeperKey: keeper], in: "external_ids")
            return [.mutate(table: "Address_Set", where: [.uuid(set)], mutations: mutations)]
        case .changeSet(let set, _, let insert, let delete):
            let mutations =
                (insert.isEmpty ? [] : [OVSDBMutation("addresses", .insert, texts(insert))])
                + (delete.isEmpty ? [] : [OVSDBMutation("addresses", .delete, texts(delete))])
            return [.mutate(table: "Address_Set", where: [.uuid(set)], mutations: mutations)]
        case .exempt(let rule, let set, let replacing):
            let reference: OVSDBValue =
                switch set {
                case .existing(let uuid): .atom(.uuid(uuid))
                case .created(let name): .atom(.namedUUID(identifier(name)))
                }
            return [unchanged(rule, replacing), .update(table: "NAT", where: [.uuid(rule)], row: ["exempted_ext_ips": reference])]
        case .restore(let rule, let set):
            return [unchanged(rule, set), .update(table: "NAT", where: [.uuid(rule)], row: ["exempted_ext_ips": .set([])])]
        case .deleteSet(let set, _):
            return [.delete(table: "Address_Set", where: [.uuid(set)])]
        }
    }

    /// Fails the transaction where somebody wrote the column meanwhile: his word is newer, and the next plan sees it.
    private static func unchanged(_ rule: OVSDBUUID, _ set: OVSDBUUID?) -> OVSDBOperation {
        .wait(
            table: "NAT", where: [.uuid(rule)], columns: ["exempted_ext_ips"], until: .equal,
            rows: [["exempted_ext_ips": .set(set.map { [.uuid($0)] } ?? [])]])
    }

    private static func texts(_ values: [String]) -> OVSDBValue { .set(values.map { .string($0) }) }

    /// A `uuid-name` has letters, digits and underscores (RFC 7047, section 3.1).
    private static func identifier(_ name: String) -> String { String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }) }
}
