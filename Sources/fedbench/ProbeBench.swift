import ArgumentParser
import Foundation
import NetworkTypes
import Probing

/// What probes cost a gateway.
struct ProbeBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probes",
        abstract:
            "Probes 19 other gateways and through their routers, in both families in each of 100 VPNs, and answers theirs, for a minute of their time.",
        discussion: "Prints the share of a core, all well and with a tenth of the paths dead. Exits with 1 where it is over its limit.")

    @Option(help: "VPNs.") var vpns = 100
    @Option(help: "Gateways in each VPN, this one included.") var gateways = 20
    @Option(help: "Seconds of the probes' own time.") var seconds = 60

    /// Percent of a core.
    private static let limit = 1.0
    /// Between two looks, in nanoseconds, as the agent has it.
    private static let tick: Int64 = 50_000_000

    func run() throws {
        var noise = Calibration()
        noise.run()
        let exchange = try Exchange(sockets: vpns * 2)
        print("\(vpns) VPNs with \(gateways) gateways each, both families: \(vpns * (gateways - 1) * 4) paths")
        print("  dead paths   packets/s  deciding  sockets   of a core  the same datagrams on loopback alone")
        var isSlow = false
        for dead in [0, 10] {
            let (deciding, sent, received) = decide(dead: dead)
            let looks = Double(seconds) * 1e9 / Double(Self.tick)
            let packets = exchange.cost(sent: sent, received: received)
            let sockets = packets + exchange.look * looks
            let share = (deciding + sockets) / Double(seconds) * 100
            print(
                String(
                    format: "  %8d %%  %10.0f  %6.2f %%  %5.2f %%  %8.2f %%  %.2f %%  (limit %.0f %%)", dead,
                    Double(sent + received) / Double(seconds), deciding / Double(seconds) * 100, sockets / Double(seconds) * 100, share,
                    packets / Double(seconds) * 100, Self.limit))
            isSlow = isSlow || share > Self.limit
            noise.run()
        }
        print("noise of this machine: a loop of fixed length took \(noise.summary)")
        if isSlow { throw ExitCode.failure }
    }

    // MARK: - Deciding

    /// - Parameter dead: percent of the paths on which nothing passes.
    /// - Returns: Seconds in the node's own prober, and its packets.
    private func decide(dead: Int) -> (seconds: Double, sent: Int, received: Int) {
        var node = Prober(identifier: 2)
        // All the others together, as loud as one of them: what each sends to this node is as much as this node sends to it.
        var others = Prober(identifier: 4)
        var generator = SystemRandomNumberGenerator()
        var now: Int64 = 1_800_000_000_000_000_000
        node.assign((0..<vpns).map { vrf($0, peers: (1..<gateways).flatMap { [Self.v4($0), Self.v6($0)] }) }, at: now)
        others.assign(
            (0..<vpns).flatMap { vpn in
                (1..<gateways).map {
                    ProbedVRF(
                        index: vpn * gateways + $0, device: "", ingress: "", addresses: [Self.v4($0), Self.v6($0)], mtu: 1450,
                        peers: [.init(address: Self.v4(0), isProbed: true), .init(address: Self.v6(0), isProbed: true)])
                }
            }, at: now)
        var (spent, sent, received) = (0.0, 0, 0)
        let end = now + Int64(seconds) * 1_000_000_000
        while now < end {
            var (toNode, toOthers): ([ProbeTransmission], [ProbeTransmission]) = (others.send(at: now, using: &generator), [])
            spent += Measuring.time { toOthers = node.send(at: now, using: &generator) }.seconds
            sent += toOthers.count
            // What is answered in this look arrives in it.
            while !toNode.isEmpty || !toOthers.isEmpty {
                var replies: [ProbeTransmission] = []
                for packet in toOthers {
                    let peer = Self.number(packet.path.peer)
                    guard (packet.path.vrf * gateways + peer) % 100 >= dead else { continue }
                    guard packet.end == .gateway else {
                        // No agent is asked: it comes back as it went.
                        received += 1
                        spent +=
                            Measuring.time {
                                _ = node.receive(packet.bytes.span.bytes, on: packet.path, hopLimit: 252, receivedAt: now, at: now)
                            }.seconds
                        continue
                    }
                    let path = ProbePath(vrf: packet.path.vrf * gateways + peer, peer: Self.address(0, packet.path.peer.family))
                    if let reply = others.receive(packet.bytes.span.bytes, on: path, hopLimit: 255, receivedAt: now, at: now) {
                        replies.append(reply)
                    }
                }
                toOthers = []
                let arrived = toNode + replies
                toNode = []
                for packet in arrived where packet.path.vrf % 100 >= dead {
                    let path = ProbePath(
                        vrf: packet.path.vrf / gateways, peer: Self.address(packet.path.vrf % gateways, packet.path.peer.family))
                    received += 1
                    spent +=
                        Measuring.time {
                            if let reply = node.receive(packet.bytes.span.bytes, on: path, hopLimit: 255, receivedAt: now, at: now) {
                                toOthers.append(reply)
                            }
                        }.seconds
                }
                sent += toOthers.count
            }
            now += Self.tick
        }
        return (spent, sent, received)
    }

    private func vrf(_ index: Int, peers: [IPAddress]) -> ProbedVRF {
        ProbedVRF(
            index: index, device: "", ingress: "", addresses: [Self.v4(0), Self.v6(0)], mtu: 1450,
            peers: peers.sorted().flatMap { peer in
                [.init(address: peer, isProbed: true), .init(address: Self.turning(peer), isProbed: true, end: .router)]
            })
    }

    private static func v4(_ number: Int) -> IPAddress { .v4(IPv4Address(bits: 0x647f_0001 + UInt32(number))) }
    private static func v6(_ number: Int) -> IPAddress { .v6(IPv6Address(bits: 0xfd0f_ed00 << 96 | UInt128(0x647f_0001 + number))) }
    private static func address(_ number: Int, _ family: AddressFamily) -> IPAddress { family == .ipv4 ? v4(number) : v6(number) }
    private static func turning(_ address: IPAddress) -> IPAddress {
        switch address {
        case .v4(let address): .v4(IPv4Address(bits: address.bits | 0xf000_0000))
        case .v6(let address): .v6(IPv6Address(bits: address.bits | 1 << 96))
        }
    }
    private static func number(_ address: IPAddress) -> Int {
        switch address {
        case .v4(let address): Int(address.bits & 0x0fff_ffff) - 0x047f_0001
        case .v6(let address): Int(truncatingIfNeeded: address.bits & 0xffff_ffff) - 0x647f_0001
        }
    }
}

/// What the kernel takes for datagrams on loopback.
private struct Exchange {
    /// Seconds for one look at all sockets, when nothing came.
    let look: Double
    private let send: Double
    private let receive: Double

    /// - Parameter count: of the sockets that are looked at together.
    init(sockets count: Int) throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, rlim_t(count + 100))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let sockets = (0..<count).map { _ in socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0) }
        defer { for one in sockets where one >= 0 { close(one) } }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard let first = sockets.first, !sockets.contains(where: { $0 < 0 }),
            withUnsafeMutablePointer(
                to: &address,
                { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        Glibc.bind(first, $0, length) == 0 && getsockname(first, $0, &length) == 0
                    }
                })
        else { throw ValidationError("no sockets: \(String(cString: strerror(errno)))") }
        var polls = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let rounds = 2_000
        look = Measuring.time { for _ in 0..<rounds { poll(&polls, nfds_t(polls.count), 0) } }.seconds / Double(rounds)
        var bytes = [UInt8](repeating: 0, count: 1422)
        var (sending, receiving) = (0.0, 0.0)
        for round in 0..<rounds {
            // Of four, one is large.
            let size = round % 4 == 0 ? 1422 : 44
            sending +=
                Measuring.time {
                    withUnsafePointer(to: &address) { pointer in
                        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = sendto(first, bytes, size, 0, $0, length) }
                    }
                }.seconds
            receiving += Measuring.time { _ = recv(first, &bytes, bytes.count, 0) }.seconds
        }
        (send, receive) = (sending / Double(rounds), receiving / Double(rounds))
    }

    /// Seconds. For what comes there is one call more, which finds nothing.
    func cost(sent: Int, received: Int) -> Double { send * Double(sent) + receive * Double(received) * 2 }
}
