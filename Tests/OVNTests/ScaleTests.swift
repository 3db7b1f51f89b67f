import Foundation
import NetworkTypes
import OVN
import OVSDB
import Testing

@Suite("A large cloud")
struct ScaleTests {
    /// 200 routers with a gateway and two interfaces (IPv4 and IPv6) in a network of 50 bound VMs each: 11,401 ports, with all the
    /// keys that Neutron writes.
    private static func cloud() -> OVSDBReplica {
        var next: UInt64 = 0
        func uuid() -> OVSDBUUID {
            next += 1
            return OVSDBUUID(high: 0x5ca1e, low: next)
        }
        func map(_ pairs: [String: String]) -> OVSDBValue {
            .map(Dictionary(uniqueKeysWithValues: pairs.map { (.string($0), .string($1)) }))
        }
        var ports: [OVSDBUUID: OVSDBRow] = [:]
        func port(
            _ name: String, _ type: String, _ datapath: OVSDBUUID, _ mac: String, chassis: OVSDBUUID? = nil,
            options: [String: String] = [:],
            _ externalIDs: [String: String] = [:]
        ) {
            let row = uuid()
            ports[row] = OVSDBRow(
                uuid: row,
                values: [
                    .atom(.string(name)), .atom(.string(type)), .atom(.uuid(datapath)), chassis.map { .atom(.uuid($0)) } ?? .set([]),
                    .set([]), .set([.string(mac)]), map(options), map(externalIDs), .set([]), .set([.boolean(true)]),
                ])
        }
        var datapaths: [OVSDBUUID: OVSDBRow] = [:]
        func datapath(_ kind: String) -> OVSDBUUID {
            let row = uuid()
            datapaths[row] = OVSDBRow(
                uuid: row, values: [map([kind: uuid().description, "name": "neutron-\(uuid())", "name2": "name of \(row)"])])
            return row
        }
        let chassis = uuid()
        let provider = datapath("logical-switch")
        port("provnet-1", "localnet", provider, "unknown", options: ["network_name": "physnet1"])
        for number in 0..<200 {
            let router = datapath("logical-router")
            let network = datapath("logical-switch")
            func mac(_ host: Int) -> String { "02:00:00:\(hex(number)):00:\(hex(host))" }
            func link(_ name: String, _ to: OVSDBUUID, _ addresses: String) {
                port(
                    "lrp-\(name)", "patch", router, addresses, options: ["peer": name],
                    ["neutron:is_ext_gw": "\(to == provider ? "True" : "False")"])
                port(name, "patch", to, "router", options: ["peer": "lrp-\(name)"])
            }
            link("gw-\(number)", provider, "\(mac(200)) 172.24.0.\(number)/16")
            port(
                "cr-lrp-gw-\(number)", "chassisredirect", router, mac(200), chassis: chassis,
                options: ["distributed-port": "lrp-gw-\(number)"])
            link("if4-\(number)", network, "\(mac(201)) 10.0.1.1/24")
            link("if6-\(number)", network, "\(mac(202)) fd10:1::1/64")
            for host in 1...50 {
                port(
                    uuid().description, "", network, "\(mac(host)) 10.0.1.\(host + 10) fd10:1::f816:3eff:\(number):\(host)",
                    chassis: chassis,
                    options: ["requested-chassis": "cmp1"],
                    Dictionary(
                        uniqueKeysWithValues: [
                            "cidrs", "device_id", "device_owner", "mtu", "network_name", "port_capabilities", "port_name", "project_id",
                            "revision_number", "security_group_ids", "subnet_pool_addr_scope4", "subnet_pool_addr_scope6", "vnic_type",
                        ].map { ("neutron:\($0)", "vm-\(number)-\(host)") }))
            }
        }
        return OVSDBReplica(tables: [
            "Port_Binding": OVSDBTable(columns: PortBinding.columns, rows: ports),
            "Datapath_Binding": OVSDBTable(columns: DatapathBinding.columns, rows: datapaths),
            "Chassis": OVSDBTable(
                columns: Chassis.columns, rows: [chassis: OVSDBRow(uuid: chassis, values: [.atom(.string("gw1")), .atom(.string(""))])]),
        ])
    }

    /// Of this thread and not of the clock: other tests run beside this one.
    private static func processorTime(_ work: () -> Void) -> Duration {
        func now() -> Duration {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let start = now()
        work()
        return now() - start
    }

    private static func hex(_ number: Int) -> String { String(number + 256, radix: 16).dropFirst().description }

    @Test("ten thousand ports are derived in tens of milliseconds, and compared in a few")
    func tenThousandPorts() {
        let replica = Self.cloud()
        let empty = OVSDBReplica()
        var view = CloudView(southbound: replica, northbound: empty)
        var derivations: [Duration] = []
        var comparisons: [Duration] = []
        for _ in 0..<5 {
            let before = view
            derivations.append(Self.processorTime { view = CloudView(southbound: replica, northbound: empty) })
            var isEqual = false
            comparisons.append(Self.processorTime { isEqual = view == before })
            #expect(isEqual)
        }
        #expect(view.problems.isEmpty)
        #expect(view.routers.count == 200)
        #expect(view.routers.flatMap(\.interfaces).flatMap(\.hosts).count == 20_000)
        #expect(view.routers(hostedBy: "gw1").count == 200)
        let derivation = derivations.sorted()[2]
        print("\(replica.tables["Port_Binding"]?.rows.count ?? 0) ports: derived in \(derivation), compared in \(comparisons.sorted()[2])")
        // A release build takes about 50 ms, a debug build ten times that; this catches what is quadratic.
        #expect(derivation < .seconds(3))
    }
}
