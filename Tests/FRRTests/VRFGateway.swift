import Foundation
import NetworkTypes
import Testing

@testable import FRR
@testable import VTY

/// A real zebra and bgpd with many VRFs that each have an L3VNI, on a kernel without VRF devices.
///
/// zebra takes network namespaces for VRFs (`-n`): all those under /run/netns, so that it gets a mount namespace with a /run/netns of
/// its own. The VRFs' namespaces are bound nowhere else, and go with the daemons.
final class VRFGateway {
    let directory: URL
    private var processes: [ChildProcess] = []
    let count: Int

    var bgpd: String { directory.appendingPathComponent("bgpd.vty").path }
    var zebra: String { directory.appendingPathComponent("zebra.vty").path }

    static func vrf(_ index: Int) -> String { "v\(index)" }
    static func vni(_ index: Int) -> Int { 5001 + index }

    /// - Parameters:
    ///   - number: 1 or 2; the VTEP is 10.255.0.number, the VRFs' router MACs are the gateway's own.
    ///   - sharesMAC: all VRFs have one router MAC, as on a node that the agent keeps.
    init(_ number: Int, in namespace: NetworkNamespace, vrfs count: Int, sharesMAC: Bool = false) async throws {
        self.count = count
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("frr-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try run("chown", "frr:frr", directory.path)
        try Data().write(to: directory.appendingPathComponent("empty.conf"))
        var script = ["set -e", "mount -t tmpfs tmpfs /run/netns"]
        for index in 0..<count {
            let (vrf, vni) = (Self.vrf(index), Self.vni(index))
            let mac = String(format: "02:00:00:00:%02x:%02x", number, sharesMAC ? 0 : index)
            script += [
                "ip netns add \(vrf)",
                "ip link add vx\(vni) type vxlan id \(vni) dstport 4789 local 10.255.0.\(number) nolearning",
                "ip link set vx\(vni) netns \(vrf)",
                "printf '%s\\n' 'link set lo up' 'link add br\(vni) address \(mac) type bridge' 'link set br\(vni) addrgenmode none'"
                    + " 'link set vx\(vni) master br\(vni)' 'link set vx\(vni) up' 'link set br\(vni) up' | ip -n \(vrf) -batch -",
            ]
        }
        script.append("exec /usr/lib/frr/zebra -n -s 90000000 " + common("zebra"))
        processes.append(
            try ChildProcess(["ip", "netns", "exec", namespace.name, "unshare", "-m", "sh", "-c", script.joined(separator: "\n")]))
        try await appears("zserv")
        try await appears("zebra.vty")
        let mounts = "--mount=/proc/\(processes[0].pid)/ns/mnt"
        processes.append(
            try ChildProcess([
                "ip", "netns", "exec", namespace.name, "nsenter", mounts, "sh", "-c", "exec /usr/lib/frr/bgpd " + common("bgpd"),
            ]))
        try await appears("bgpd.vty")
    }

    deinit {
        while let process = processes.popLast() { process.end() }
        try? FileManager.default.removeItem(at: directory)
    }

    /// Runs a program where zebra's VRFs are, until it is ended; what it says goes to a file.
    func begin(_ command: String, into file: String) throws -> ChildProcess {
        try ChildProcess(["nsenter", "--mount=/proc/\(processes[0].pid)/ns/mnt", "sh", "-c", "exec \(command) > \(file) 2>&1"])
    }

    /// What a program says there.
    func output(_ command: String) throws -> String {
        let file = directory.appendingPathComponent("output").path
        try begin(command, into: file).wait()
        return try String(contentsOfFile: file, encoding: .utf8)
    }

    private func common(_ daemon: String) -> String {
        let files = directory.path
        return "-F traditional -f \(files)/empty.conf --vty_socket \(files) -z \(files)/zserv -i \(files)/\(daemon).pid"
            + " -A 127.0.0.1 -P 0 --log file:\(files)/\(daemon).log"
    }

    private func appears(_ file: String) async throws {
        let path = directory.appendingPathComponent(file).path
        for _ in 0..<1000 {
            if FileManager.default.fileExists(atPath: path) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Daemons.Missing(path: path)
    }
}

/// Two such gateways with an EVPN session, each in its own AS. VRF `vN` of each has VNI 5001 + N and advertises 10.NUMBER.N.0/24.
struct VRFGatewayPair {
    let numbers = [1, 2]
    let asns: [UInt32]
    let count: Int
    let bgpds: [VTYClient]
    private let namespaces: [NetworkNamespace]
    private let gateways: [VRFGateway]

    init(asns: [UInt32], vrfs count: Int, label: String) async throws {
        self.asns = asns
        self.count = count
        namespaces = try ["l", "r"].map { try NetworkNamespace(label + $0) }
        let (left, right) = (namespaces[0].name, namespaces[1].name)
        try Self.connect(left, right)
        gateways = [
            try await VRFGateway(1, in: namespaces[0], vrfs: count), try await VRFGateway(2, in: namespaces[1], vrfs: count),
        ]
        var bgpds: [VTYClient] = []
        for (index, gateway) in gateways.enumerated() {
            let bgpd = try await client(gateway.bgpd)
            let zebra = try await client(gateway.zebra)
            let vnis = (0..<count).flatMap { ["vrf \(VRFGateway.vrf($0))", " vni \(VRFGateway.vni($0))", "exit-vrf"] }
            #expect(try await zebra.configure(vnis).isEmpty)
            #expect(try await bgpd.configure(Self.base(asns[index], peer: 2 - index, asns[1 - index])).isEmpty)
            for vrf in 0..<count {
                let lines = [
                    "router bgp \(asns[index]) vrf \(VRFGateway.vrf(vrf))", " no bgp network import-check", " address-family ipv4 unicast",
                    "  network 10.\(index + 1).\(vrf).0/24", " exit-address-family", " address-family l2vpn evpn",
                    "  rd 10.255.0.\(index + 1):\(vrf + 1)", "  advertise ipv4 unicast", " exit-address-family", "exit",
                ]
                #expect(try await bgpd.configure(lines).isEmpty)
            }
            bgpds.append(bgpd)
        }
        self.bgpds = bgpds
    }

    /// The underlay: VTEP 10.255.0.1 on the left and 10.255.0.2 on the right.
    static func connect(_ left: String, _ right: String) throws {
        try run("ip", "-n", left, "link", "add", "name", "eth0", "type", "veth", "peer", "name", "eth0", "netns", right)
        for (namespace, own, other) in [(left, "1", "2"), (right, "2", "1")] {
            try run("ip", "-n", namespace, "addr", "add", "10.255.0.\(own)/32", "dev", "lo")
            try run("ip", "-n", namespace, "addr", "add", "10.0.0.\(own)/30", "dev", "eth0")
            try run("ip", "-n", namespace, "link", "set", "eth0", "up")
            try run("ip", "-n", namespace, "route", "add", "10.255.0.\(other)/32", "via", "10.0.0.\(other)")
        }
    }

    private static func base(_ asn: UInt32, peer: Int, _ other: UInt32) -> [String] {
        [
            "router bgp \(asn)", " bgp router-id 10.255.0.\(3 - peer)", " no bgp default ipv4-unicast", " no bgp ebgp-requires-policy",
            " neighbor 10.255.0.\(peer) remote-as \(other)", " neighbor 10.255.0.\(peer) ebgp-multihop 4",
            " neighbor 10.255.0.\(peer) update-source 10.255.0.\(3 - peer)", " neighbor 10.255.0.\(peer) timers 1 3",
            " neighbor 10.255.0.\(peer) timers connect 1", " neighbor 10.255.0.\(peer) advertisement-interval 0",
            " address-family l2vpn evpn", "  neighbor 10.255.0.\(peer) activate", "  advertise-all-vni", " exit-address-family", "exit",
        ]
    }

    /// What came over the session: the targets of each of the other gateway's VRFs.
    func received(_ index: Int) async throws -> [Int: [RouteTarget]] {
        let routes = try EVPNPrefixRoutes.decode(try await bgpds[index].show("show bgp l2vpn evpn route type prefix json"))
        return Dictionary(routes.received.map { (Self.vrf(of: $0.prefix), $0.targets.sorted()) }, uniquingKeysWith: { $1 })
    }

    /// The VRFs of the other gateway whose prefixes are in this VRF.
    func imported(_ index: Int, _ vrf: Int) async throws -> Set<Int> {
        let table = try BGPVRFTable.decode(try await bgpds[index].show("show bgp vrf \(VRFGateway.vrf(vrf)) ipv4 unicast json"))
        return Set(table.routes.filter { !$0.isLocal }.map { Self.vrf(of: $0.prefix) })
    }

    private static func vrf(of prefix: IPPrefix) -> Int { Int(prefix.address.bits >> 8 & 0xff) }
}
