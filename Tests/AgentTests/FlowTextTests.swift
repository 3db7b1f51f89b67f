import Agent
import EVPN
import NetworkTypes
import Testing

@Suite("Flows as text")
struct FlowTextTests {
    static let samples: [Flow] = [
        Flow(
            index: 1, priority: 1000, inPort: 2, sourceMAC: MACAddress("fa:16:3e:00:01:01"), source: IPPrefix("10.1.0.0/24"),
            destination: IPPrefix("10.2.0.11/32"),
            action: .deliver(mac: MACAddress("02:fe:d0:00:00:01")!, stripVLAN: false, port: 7)),
        Flow(
            index: 2, priority: 1000, inPort: 2, vlan: 200, sourceMAC: MACAddress("fa:16:3e:00:01:01"), source: IPPrefix("fd10:1::/64"),
            destination: IPPrefix("fd10:2::11/128"),
            action: .deliver(mac: MACAddress("02:fe:d0:00:00:01")!, stripVLAN: true, port: 7)),
        Flow(
            index: 1, priority: 1000, inPort: 7, destinationMAC: MACAddress("fa:16:3e:00:01:01"), destination: IPPrefix("10.1.0.0/24"),
            action: .inject(vlan: nil, port: 2)),
        Flow(
            index: 1, priority: 1000, inPort: 7, destinationMAC: MACAddress("fa:16:3e:00:01:01"), destination: IPPrefix("fd10:1::/64"),
            action: .inject(vlan: 200, port: 2)),
        Flow(index: 3, priority: 990, inPort: 7, action: .drop),
    ]

    @Test("what ovs-ofctl prints is read")
    func printed() throws {
        let line =
            " cookie=0xfed0fed00000001, priority=1000,ip,in_port=2,dl_src=fa:16:3e:00:01:01,nw_src=10.1.0.0/24,nw_dst=10.2.0.11 actions=set_field:02:fe:d0:00:00:01->eth_dst,output:7"
        #expect(try FlowText.parse(line) == Self.samples[0])
    }

    @Test("headings are no flows", arguments: ["", "OFPST_FLOW reply (OF1.3) (xid=0x2):"])
    func headings(line: String) throws {
        #expect(try FlowText.parse(line) == nil)
    }

    @Test("a flow that is none of our kinds is refused with the part that says so")
    func strangers() {
        #expect(throws: FlowText.Unreadable.self) {
            try FlowText.parse(" cookie=0xfed0fed00000001, priority=1,tcp,in_port=2 actions=NORMAL")
        }
    }

    @Test("rubbish never crashes", arguments: 0..<500)
    func rubbish(seed: Int) {
        let good = " cookie=0xfed0fed00000001, priority=1000,ip,in_port=2,nw_dst=10.2.0.11 actions=output:7"
        var bytes = Array(good.utf8)
        var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1
        for _ in 0..<3 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20) & 0x7f
        }
        _ = try? FlowText.parse(String(decoding: bytes, as: UTF8.self))
    }
}
