import FederationModel
import NetworkTypes

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// Valid graphs of all shapes, and valid changes of them.
struct RandomFederation {
    var random: SeededGenerator
    private var nextVTEP: UInt32 = 0x0a00_0001
    /// Explicit values come from here, outside of the pools' beginnings, never twice.
    private var nextExplicit: UInt32 = 1

    /// Gives VNIs out of the middle of what the ledger allocates, so that files ask for what others have or had.
    var asksForTakenValues = false

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func chance(_ one: Int, in of: Int) -> Bool { Int.random(in: 0..<of, using: &random) < one }
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func graph() -> FederationGraph {
        var graph = FederationGraph(federation: FederationID(unchecked: "random"))
        for index in 0..<number(0...6) { graph.clouds[CloudName(unchecked: "cloud\(index)")] = cloud() }
        for index in 0..<number(0...8) { graph.vpns[VPNName(unchecked: "vpn\(index)")] = vpn(in: graph) }
        return graph
    }

    /// Adds, removes and changes a few things.
    mutating func change(_ graph: inout FederationGraph) {
        for _ in 0..<number(1...3) {
            let vpnName = VPNName(unchecked: "vpn\(number(0...9))")
            let cloudName = CloudName(unchecked: "cloud\(number(0...7))")
            switch number(0...5) {
            case 0: graph.vpns[vpnName] = nil
            case 1, 2: graph.vpns[vpnName] = vpn(in: graph)
            case 3:
                graph.clouds[cloudName] = nil
                for name in graph.vpns.keys { graph.vpns[name]?.attachments.removeAll { $0.cloud == cloudName } }
            case 4: graph.clouds[cloudName] = graph.clouds[cloudName] ?? cloud()
            default: graph.clouds[cloudName]?.gateways[NodeName(unchecked: "gw\(number(1...4))")] = gateway()
            }
        }
    }

    private mutating func explicit() -> UInt32 {
        nextExplicit += 1
        return nextExplicit
    }

    mutating func cloud() -> Cloud {
        var cloud = Cloud(asn: chance(1, in: 2) ? ASN(value: 64512 + explicit() % 1000) : nil)
        for index in 1...number(1...3) { cloud.gateways[NodeName(unchecked: "gw\(index)")] = gateway() }
        cloud.underlayMTU = chance(1, in: 4) ? number(1330...9000) : nil
        if chance(1, in: 4) { cloud.bgp.management = .external }
        for index in 0..<number(0...2) where chance(1, in: 2) {
            let address = IPAddress(family: chance(1, in: 3) ? .ipv6 : .ipv4, bits: 0xac10_0000 + UInt128(index))
            guard let asn = ASN(value: 4_200_009_990 + UInt32(index)) else { continue }
            cloud.bgp.routeServers.append(
                RouteServer(
                    name: chance(1, in: 2) ? ["spine 1", "007", "a: b"].randomElement(using: &random) : nil, address: address, asn: asn))
        }
        return cloud
    }

    mutating func gateway() -> Gateway {
        nextVTEP += 1
        return Gateway(
            vtep: IPv4Address(bits: nextVTEP),
            routerMAC: chance(1, in: 4) ? MACAddress(bits: 0x0200_0000_0000 + UInt64(explicit())) : nil,
            probeAddress: chance(1, in: 4) ? IPv4Address(bits: 0xc0a8_0000 + explicit()) : nil)
    }

    mutating func vpn(in graph: FederationGraph) -> VPN {
        var vpn = VPN(vni: chance(1, in: 3) ? VNI(value: 500_000 + explicit()) : nil)
        if asksForTakenValues, chance(1, in: 4) { vpn.vni = VNI(value: UInt32(number(10000...10012))) }
        if chance(1, in: 5) { vpn.routeTarget = RouteTarget(.as2(65000, explicit())) }
        for cloud in graph.clouds.keys.sorted() where chance(2, in: 3) {
            let names = ["blue-router", "red router", "r \"x\": ü", "007", "no", "- a", "*x", "#", "null", "~", "a: b", " x "]
            let name = names.randomElement(using: &random) ?? ""
            let id = "0f8fad5b-d9cb-469f-a165-7086772895\(number(10...99))"
            let kind: AttachmentSelector.Kind = chance(1, in: 2) ? .router : .network
            let selector =
                chance(1, in: 2)
                ? AttachmentSelector(kind: kind, key: .name, value: name) : AttachmentSelector(kind: kind, key: .id, value: id)
            vpn.attachments.append(Attachment(cloud: cloud, selector: selector))
        }
        return vpn
    }
}
