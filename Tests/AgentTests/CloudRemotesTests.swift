import FederationModel
import OVN
import OVSDB
import Testing

@testable import Agent

@Suite("Where the cloud's databases are", .timeLimit(.minutes(3)))
struct CloudRemotesTests {
    private func remotes(_ ids: [String: String], northbound: [OVSDBRemote]? = nil) -> CloudRemotes {
        var replica = OVSDBReplica()
        for (table, columns) in OVNMonitor.localSwitch { replica.tables[table] = OVSDBTable(columns: columns) }
        let uuid = OVSDBUUID(high: 0, low: 1)
        let values = OpenVSwitchConfiguration.columns.map { column -> OVSDBValue in
            guard column == "external_ids" else { return .set([]) }
            return .map(Dictionary(uniqueKeysWithValues: ids.map { (.string($0), .string($1)) }))
        }
        replica.tables[OpenVSwitchConfiguration.table]?.rows[uuid] = OVSDBRow(uuid: uuid, values: values)
        return CloudRemotes(configured: .init(local: [], northbound: northbound), LocalSwitchView(replica))
    }

    @Test(
        "the northbound database is looked for beside the southbound one, whichever port or relay that has, unless it is named",
        arguments: [
            ("tcp:192.0.2.1:6642", "tcp:192.0.2.1:6641"), ("ssl:[2001:db8::1]:16642", "ssl:[2001:db8::1]:6641"),
            ("unix:/run/ovn/ovnsb_db.sock", "unix:/run/ovn/ovnnb_db.sock"),
        ])
    func beside(_ southbound: String, _ northbound: String) {
        let found = remotes(["system-id": "gw1", "ovn-remote": southbound])
        #expect(found.southbound.map(\.description) == [southbound] && found.northbound.map(\.description) == [northbound])
        #expect(found.unknown.isEmpty)
        let named = remotes(["system-id": "gw1", "ovn-remote": southbound, "ovn-nb-remote": "tcp:192.0.2.9:7000"])
        #expect(named.northbound.map(\.description) == ["tcp:192.0.2.9:7000"])
    }

    @Test("what is not known is said, and what is known is followed")
    func unknown() {
        #expect(Set(remotes([:]).unknown.keys) == [.southbound, .northbound])
        let without = remotes(["system-id": "gw1"])
        #expect(without.unknown[.southbound]?.contains("ovn-remote is not set") == true)
        let strange = remotes(["system-id": "gw1", "ovn-remote": "unix:/srv/sb"])
        #expect(strange.southbound.count == 1 && strange.northbound.isEmpty)
        #expect(strange.unknown[.northbound]?.contains("ovn-nb-remote is not set") == true && strange.unknown[.southbound] == nil)
        let wrong = remotes(["system-id": "gw1", "ovn-remote": "192.0.2.1"])
        #expect(wrong.unknown[.southbound]?.contains("192.0.2.1") == true)
    }
}
