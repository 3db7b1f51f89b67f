import OVN
import OVSDB

/// Turns steps into operations of RFC 7047, as the agent does, and sends each transaction to a real server.
extension Database {
    func write(_ plan: ExemptionPlan) throws {
        try write(plan.transactions)
    }

    func write(_ transactions: [ExemptionTransaction]) throws {
        for transaction in transactions { try transact(transaction.steps.flatMap(Self.operations)) }
    }

    private static func operations(_ step: ExemptionStep) -> [String] {
        func row(_ uuid: OVSDBUUID) -> String { #""where":[["_uuid","==",["uuid","\#(uuid)"]]]"# }
        func set(_ strings: [String]) -> String { #"["set",[\#(strings.map { "\"\($0)\"" }.joined(separator: ","))]]"# }
        func exempted(_ uuid: OVSDBUUID?) -> String { uuid.map { #"["uuid","\#($0)"]"# } ?? #"["set",[]]"# }
        func wait(_ nat: OVSDBUUID, _ held: OVSDBUUID?) -> String {
            #"{"op":"wait","timeout":0,"table":"NAT",\#(row(nat)),"columns":["exempted_ext_ips"],"until":"==","#
                + #""rows":[{"exempted_ext_ips":\#(exempted(held))}]}"#
        }
        switch step {
        case .createSet(let name, let router, let keeper, let addresses):
            return [
                #"{"op":"insert","table":"Address_Set","uuid-name":"\#(name.replacing(".", with: "_"))","row":{"name":"\#(name)","#
                    + #""addresses":\#(set(addresses)),"external_ids":["map",[["\#(AddressSet.ownerKey)","\#(router)"],"#
                    + #"["\#(AddressSet.keeperKey)","\#(keeper)"]]]}}"#
            ]
        case .keepSet(let uuid, _, let keeper):
            return [
                #"{"op":"mutate","table":"Address_Set",\#(row(uuid)),"mutations":[["external_ids","delete",\#(set([AddressSet.keeperKey]))],"#
                    + #"["external_ids","insert",["map",[["\#(AddressSet.keeperKey)","\#(keeper)"]]]]]}"#
            ]
        case .changeSet(let uuid, _, let insert, let delete):
            return [
                #"{"op":"mutate","table":"Address_Set",\#(row(uuid)),"mutations":"#
                    + #"[["addresses","delete",\#(set(delete))],["addresses","insert",\#(set(insert))]]}"#
            ]
        case .exempt(let nat, let reference, let replacing):
            let value =
                switch reference {
                case .existing(let uuid): #"["uuid","\#(uuid)"]"#
                case .created(let name): #"["named-uuid","\#(name.replacing(".", with: "_"))"]"#
                }
            return [wait(nat, replacing), #"{"op":"update","table":"NAT",\#(row(nat)),"row":{"exempted_ext_ips":\#(value)}}"#]
        case .restore(let nat, let held):
            return [wait(nat, held), #"{"op":"update","table":"NAT",\#(row(nat)),"row":{"exempted_ext_ips":["set",[]]}}"#]
        case .deleteSet(let uuid, _):
            return [#"{"op":"delete","table":"Address_Set",\#(row(uuid))}"#]
        }
    }
}
