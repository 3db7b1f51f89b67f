import NetworkTypes
import Testing

@testable import Probing

/// Another number each time, and the same ones in each run.
struct CountingGenerator: RandomNumberGenerator {
    private var count: UInt64 = 0

    mutating func next() -> UInt64 {
        count += 1
        return count &* 0x9e37_79b9_7f4a_7c15
    }
}

/// Two gateways in one VRF and what is between them.
private struct World {
    static let second: Int64 = 1_000_000_000
    static let start: Int64 = 1_800_000_000 * second
    static let addresses = [IPAddress("100.127.0.1")!, IPAddress("100.127.0.2")!]

    enum Direction { case out, back }

    var probers: [Prober]
    var now = start
    /// Whether a packet from the first one, or from the second, is lost.
    var loses: (Direction, [UInt8]) -> Bool = { _, _ in false }
    var delay: Int64 = 1_000_000
    private(set) var sent = [0, 0]
    private var generator = CountingGenerator()

    init(isSecondProbing: Bool = true) {
        probers = [Prober(identifier: 100), Prober(identifier: 200)]
        probers[0].assign([Self.vrf(0, probes: true)], at: now)
        probers[1].assign([Self.vrf(1, probes: isSecondProbing)], at: now)
    }

    static func vrf(_ number: Int, probes: Bool, mtu: Int = 1450) -> ProbedVRF {
        ProbedVRF(
            index: 1, device: "fed1", ingress: "fedbr1", addresses: [addresses[number]], mtu: mtu,
            peers: [.init(address: addresses[1 - number], isProbed: probes)])
    }

    mutating func run(seconds: Int) {
        for _ in 0..<seconds * 20 {
            now += 50_000_000
            for number in 0...1 {
                for transmission in probers[number].send(at: now, using: &generator) {
                    sent[number] += 1
                    deliver(transmission, from: number)
                }
            }
        }
    }

    /// And what comes back.
    private mutating func deliver(_ transmission: ProbeTransmission, from number: Int) {
        guard !loses(number == 0 ? .out : .back, transmission.bytes) else { return }
        now += delay
        let path = ProbePath(vrf: transmission.path.vrf, peer: Self.addresses[number])
        guard
            let reply = probers[1 - number].receive(transmission.bytes.span.bytes, on: path, hopLimit: 255, receivedAt: now, at: now)
        else { return }
        deliver(reply, from: 1 - number)
    }

    func finding(_ number: Int) -> ProbeFinding? {
        probers[number].findings(at: now)[ProbePath(vrf: 1, peer: Self.addresses[1 - number])]
    }
}

@Suite("What probes find")
struct ProberTests {
    @Test("where all pass, both sizes come back within a second, with the time that they took", .timeLimit(.minutes(1)))
    func sound() throws {
        var world = World()
        world.run(seconds: 2)
        for number in 0...1 {
            let finding = try #require(world.finding(number))
            #expect(finding.small.outcome == .returned && finding.large.outcome == .returned)
            #expect(finding.small.isHeard && finding.large.isHeard)
            #expect(finding.roundTrip == 2_000_000 && finding.largeSize == 1450)
            #expect(finding.lossOut == 0 && finding.lossBack == 0)
        }
    }

    @Test("a finding says the same all the time where nothing changes", .timeLimit(.minutes(1)))
    func quiet() {
        var world = World()
        world.run(seconds: 5)
        let before = world.finding(0)
        for _ in 0..<60 {
            world.delay = world.delay == 1_000_000 ? 1_150_000 : 1_000_000
            world.run(seconds: 1)
            #expect(world.finding(0) == before)
        }
    }

    @Test("what is lost on the way out is told from what is lost on the way back, by what the other end hears", .timeLimit(.minutes(1)))
    func halves() throws {
        for direction in [World.Direction.out, .back] {
            var world = World()
            world.run(seconds: 5)
            world.loses = { way, _ in way == direction }
            let cut = world.now
            world.run(seconds: 8)
            let (first, second) = (try #require(world.finding(0)), try #require(world.finding(1)))
            #expect(first.small.outcome == .lost && second.small.outcome == .lost, "a round trip takes both halves")
            #expect(first.small.since >= cut && first.small.since <= cut + 1_100_000_000)
            #expect(second.small.isHeard == (direction == .back))
            #expect(first.small.isHeard == (direction == .out))
            world.loses = { _, _ in false }
            world.run(seconds: 3)
            #expect(world.finding(0)?.small.outcome == .returned && world.finding(0)?.lossOut == 0, "what is over is over")
        }
    }

    @Test("where nothing ever came back, it is lost since the first probe", .timeLimit(.minutes(1)))
    func neverAnswered() throws {
        var world = World()
        world.loses = { _, _ in true }
        world.run(seconds: 3)
        #expect(world.finding(0)?.small.outcome == .waiting)
        world.run(seconds: 5)
        let finding = try #require(world.finding(0))
        #expect(finding.small.outcome == .lost && finding.small.since < World.start + World.second && !finding.small.isHeard)
    }

    @Test("large packets that are lost leave the small ones as they are", .timeLimit(.minutes(1)))
    func tooBig() throws {
        var world = World()
        world.run(seconds: 5)
        world.loses = { way, bytes in way == .out && bytes.count > 1000 }
        world.run(seconds: 10)
        let (first, second) = (try #require(world.finding(0)), try #require(world.finding(1)))
        #expect(first.small.outcome == .returned && first.large.outcome == .lost)
        #expect(!second.large.isHeard && second.small.isHeard)
        world.loses = { _, _ in false }
        world.run(seconds: 2)
        #expect(world.finding(0)?.large.outcome == .returned)
    }

    @Test("a path that loses some again and again is lossy, and the half is told by the reflector’s numbers", .timeLimit(.minutes(1)))
    func lossy() throws {
        for direction in [World.Direction.out, .back] {
            var world = World(isSecondProbing: false)
            world.run(seconds: 5)
            var count = 0
            world.loses = { way, bytes in
                guard way == direction, bytes.count == 44 else { return false }
                count += 1
                return count % 4 == 0
            }
            world.run(seconds: 40)
            let finding = try #require(world.finding(0))
            #expect(finding.small.outcome == .lossy)
            let (lost, sound) = direction == .out ? (finding.lossOut, finding.lossBack) : (finding.lossBack, finding.lossOut)
            #expect((15...35).contains(lost) && sound == 0, "\(direction): \(finding)")
            world.loses = { _, _ in false }
            world.run(seconds: 40)
            #expect(world.finding(0)?.small.outcome == .returned)
        }
    }

    @Test("one interruption of three seconds is no lossy path", .timeLimit(.minutes(1)))
    func blip() {
        var world = World()
        world.run(seconds: 20)
        world.loses = { _, _ in true }
        world.run(seconds: 3)
        world.loses = { _, _ in false }
        world.run(seconds: 5)
        #expect(world.finding(0)?.small.outcome == .returned)
    }

    @Test("a path that is interrupted again and again is lossy, and sound some time after the last time", .timeLimit(.minutes(1)))
    func flapping() {
        var world = World(isSecondProbing: false)
        world.run(seconds: 20)
        for _ in 0..<3 {
            world.loses = { _, _ in true }
            world.run(seconds: 8)
            #expect(world.finding(0)?.small.outcome == .lost)
            world.loses = { _, _ in false }
            world.run(seconds: 8)
        }
        #expect(world.finding(0)?.small.outcome == .lossy && (world.finding(0)?.lossOut ?? 0) > 0)
        world.run(seconds: 40)
        #expect(world.finding(0)?.small.outcome == .returned && world.finding(0)?.lossOut == 0)
    }

    @Test("interruptions of all packets do not make the large ones lossy", .timeLimit(.minutes(1)))
    func largeInterrupted() {
        var world = World(isSecondProbing: false)
        world.run(seconds: 10)
        for _ in 0..<4 {
            world.loses = { _, _ in true }
            world.run(seconds: 11)
            world.loses = { _, _ in false }
            world.run(seconds: 31)
            #expect(world.finding(0)?.small.outcome == .returned && world.finding(0)?.large.outcome == .returned)
        }
    }

    @Test("a reflector whose numbers stand still, or leap, hides no loss", .timeLimit(.minutes(1)), arguments: [0, 1, 2])
    func numbers(kind: Int) throws {
        var prober = World(isSecondProbing: false).probers[0]
        var generator = CountingGenerator()
        let path = ProbePath(vrf: 1, peer: World.addresses[1])
        var (now, asked) = (World.start, 0)
        for _ in 0..<30 * 20 {
            now += 50_000_000
            for transmission in prober.send(at: now, using: &generator) where transmission.bytes.count == STAMPPacket.length {
                asked += 1
                guard asked % 3 != 0, case .request(let request)? = try? STAMPPacket(transmission.bytes.span.bytes) else { continue }
                let count = [7, UInt32(asked) &* 1000, 0 &- UInt32(asked)][kind]
                let reply = STAMPReply(
                    answered: request, sequence: count, receivedAt: STAMPTimestamp(nanoseconds: now),
                    sentAt: STAMPTimestamp(nanoseconds: now), hopLimit: 255)
                _ = prober.receive(reply.bytes.span.bytes, on: path, hopLimit: 255, receivedAt: now, at: now)
            }
        }
        let finding = try #require(prober.findings(at: now)[path])
        #expect(finding.small.outcome == .lossy && finding.lossOut + finding.lossBack >= 20, "\(finding)")
    }

    @Test("large ones that are lost again and again are lossy though small ones pass, and the loss is theirs", .timeLimit(.minutes(1)))
    func largeLossy() throws {
        var world = World(isSecondProbing: false)
        world.run(seconds: 5)
        var count = 0
        world.loses = { way, bytes in
            guard way == .out, bytes.count > 1000 else { return false }
            count += 1
            return count % 3 == 0
        }
        world.run(seconds: 100)
        let finding = try #require(world.finding(0))
        #expect(finding.small.outcome == .returned && finding.large.outcome == .lossy)
        #expect((20...45).contains(finding.lossOut) && finding.lossBack == 0, "\(finding)")
    }

    @Test("a reflector that starts anew makes no path lossy, and is answered to", .timeLimit(.minutes(1)))
    func restart() {
        var world = World()
        for identifier in 0..<6 {
            world.run(seconds: 4)
            world.loses = { _, _ in true }
            world.run(seconds: 2)
            world.loses = { _, _ in false }
            world.probers[1] = Prober(identifier: UInt16(1000 + 10 * identifier))
            world.probers[1].assign([World.vrf(1, probes: true)], at: world.now)
        }
        world.run(seconds: 3)
        #expect(world.finding(0)?.small.outcome == .returned && world.finding(1)?.small.outcome == .returned)
    }

    @Test("another size of the large ones is asked anew, and small ones go on", .timeLimit(.minutes(1)))
    func anotherSize() {
        var world = World()
        world.run(seconds: 5)
        let since = world.finding(0)?.small.since
        world.probers[0].assign([World.vrf(0, probes: true, mtu: 1400)], at: world.now)
        #expect(world.finding(0)?.large.outcome == .waiting)
        world.run(seconds: 4)
        #expect(
            world.finding(0)?.large.outcome == .returned && world.finding(0)?.largeSize == 1400 && world.finding(0)?.small.since == since)
    }

    @Test("a clock that is set back by an hour stops nothing", .timeLimit(.minutes(1)))
    func clock() {
        var world = World()
        world.run(seconds: 5)
        world.now -= 3_600 * World.second
        world.run(seconds: 3)
        #expect(world.finding(0)?.small.outcome == .returned)
        world.loses = { _, _ in true }
        world.run(seconds: 9)
        #expect(world.finding(0)?.small.outcome == .lost)
    }
}

@Suite("What probes do not do")
struct ProberLimitTests {
    private static let path = ProbePath(vrf: 1, peer: World.addresses[1])

    private func request(_ sequence: UInt32) -> [UInt8] {
        STAMPRequest(identifier: 500, sequence: sequence, sentAt: STAMPTimestamp(nanoseconds: World.start)).bytes
    }

    @Test("nobody is answered who is no member, or whose packet was routed, or who answers answers", .timeLimit(.minutes(1)))
    func strangers() throws {
        var prober = World().probers[0]
        func answer(_ bytes: [UInt8], _ path: ProbePath, _ hops: UInt8) -> ProbeTransmission? {
            prober.receive(bytes.span.bytes, on: path, hopLimit: hops, receivedAt: World.start, at: World.start)
        }
        #expect(answer(request(0), ProbePath(vrf: 1, peer: IPAddress("100.127.0.9")!), 255) == nil)
        #expect(answer(request(0), ProbePath(vrf: 2, peer: World.addresses[1]), 255) == nil)
        #expect(answer(request(0), Self.path, 254) == nil)
        #expect(answer(Array(request(0).dropLast()), Self.path, 255) == nil)
        let reply = try #require(answer(request(0), Self.path, 255))
        #expect(answer(reply.bytes, Self.path, 255) == nil, "two reflectors do not answer each other for ever")
    }

    @Test("a member that floods is answered twenty times a second", .timeLimit(.minutes(1)))
    func flood() {
        var prober = World().probers[0]
        var answers = 0
        for number in 0..<10_000 {
            let now = World.start + Int64(number) * 1_000_000
            if prober.receive(request(UInt32(number)).span.bytes, on: Self.path, hopLimit: 255, receivedAt: now, at: now) != nil {
                answers += 1
            }
        }
        #expect((190...221).contains(answers), "\(answers) in ten seconds")
    }

    @Test("an answer that another member made up changes nothing: it has not seen the question", .timeLimit(.minutes(1)))
    func forged() {
        var world = World()
        var asked: [STAMPRequest] = []
        world.loses = { _, bytes in
            if case .request(let request)? = try? STAMPPacket(bytes.span.bytes), request.identifier == 100 { asked.append(request) }
            return true
        }
        for _ in 0..<9 {
            world.run(seconds: 1)
            // All that can be known without it: who asks, how often, at what time.
            for guess in asked {
                let forged = STAMPReply(
                    answered: STAMPRequest(
                        identifier: 100, sequence: guess.sequence,
                        sentAt: STAMPTimestamp(bits: guess.sentAt.bits & ~0xffff_ffff | UInt64(guess.sequence))),
                    sequence: guess.sequence, receivedAt: STAMPTimestamp(bits: 1), sentAt: STAMPTimestamp(bits: 1), hopLimit: 255)
                _ = world.probers[0].receive(forged.bytes.span.bytes, on: Self.path, hopLimit: 255, receivedAt: world.now, at: world.now)
            }
        }
        #expect(asked.count >= 9)
        #expect(world.finding(0)?.small.outcome == .lost)
        #expect(Set(asked.map { $0.sentAt.bits & 0xffff_ffff }).count == asked.count, "each bears another secret")
    }

    /// 100 VPNs with 20 other gateways in each, both families.
    private func many() -> [ProbedVRF] {
        (1...100).map { index in
            ProbedVRF(
                index: index, device: "fed\(index)", ingress: "fedbr\(index)",
                addresses: [.v4(IPv4Address(bits: 1)), .v6(IPv6Address(bits: 1))], mtu: 1450,
                peers: (2...21).flatMap { number in
                    [
                        .init(address: .v4(IPv4Address(bits: UInt32(number))), isProbed: true),
                        .init(address: .v6(IPv6Address(bits: UInt128(number))), isProbed: true),
                    ]
                })
        }
    }

    @Test(
        "4,000 paths share 400 probes a second, each has its turn, and a tenth that fails costs 100 more at most", .timeLimit(.minutes(1)))
    func rate() {
        var prober = Prober(identifier: 100)
        var generator = CountingGenerator()
        prober.assign(many(), at: World.start)
        #expect((13_000_000_000...13_500_000_000).contains(prober.interval))
        var now = World.start
        var sent: [ProbePath: Int] = [:]
        var total = 0
        for _ in 0..<100 * 20 {
            now += 50_000_000
            for transmission in prober.send(at: now, using: &generator) {
                total += 1
                sent[transmission.path, default: 0] += 1
                // A tenth answers nothing.
                guard transmission.path.vrf % 10 != 0, let packet = try? STAMPPacket(transmission.bytes.span.bytes),
                    case .request(let request) = packet
                else { continue }
                let reply = STAMPReply(
                    answered: request, sequence: request.sequence, receivedAt: STAMPTimestamp(nanoseconds: now),
                    sentAt: STAMPTimestamp(nanoseconds: now), hopLimit: 255)
                _ = prober.receive(reply.bytes.span.bytes, on: transmission.path, hopLimit: 255, receivedAt: now, at: now)
            }
        }
        #expect(total <= 100 * 500 + 40, "\(total)")
        #expect(sent.count == 4000)
        #expect(sent.values.min() ?? 0 >= 4, "no path starves")
        let findings = prober.findings(at: now)
        #expect(findings.filter { $0.value.small.outcome == .lost }.count == 400)
        #expect(findings.filter { $0.value.small.outcome == .returned }.count == 3600)
    }

    @Test(
        "however many paths die at once, all are found lost within a bounded time, and no other one is", .timeLimit(.minutes(2)),
        arguments: [(200, 300), (300, 1000), (1000, 1000)], [false, true])
    func manyDie(_ count: (dead: Int, sound: Int), isLargeOnly: Bool) {
        var prober = Prober(identifier: 100)
        var generator = CountingGenerator()
        let paths = count.dead + count.sound
        let peers = (2..<paths + 2).map { ProbedVRF.Peer(address: .v4(IPv4Address(bits: UInt32($0))), isProbed: true) }
        prober.assign(
            [ProbedVRF(index: 1, device: "fed1", ingress: "fedbr1", addresses: [.v4(IPv4Address(bits: 1))], mtu: 1450, peers: peers)],
            at: World.start)
        var now = World.start
        var total = 0
        func run(seconds: Int, dead: Int) {
            for _ in 0..<seconds * 20 {
                now += 50_000_000
                for transmission in prober.send(at: now, using: &generator) {
                    total += 1
                    guard case .v4(let peer) = transmission.path.peer,
                        peer.bits >= UInt32(dead + 2) || isLargeOnly && transmission.bytes.count == STAMPPacket.length,
                        case .request(let request)? = try? STAMPPacket(transmission.bytes.span.bytes)
                    else { continue }
                    let reply = STAMPReply(
                        answered: request, sequence: request.sequence, receivedAt: STAMPTimestamp(nanoseconds: now),
                        sentAt: STAMPTimestamp(nanoseconds: now), hopLimit: 255)
                    _ = prober.receive(reply.bytes.span.bytes, on: transmission.path, hopLimit: 255, receivedAt: now, at: now)
                }
            }
        }
        func isLost(_ finding: ProbeFinding) -> Bool { (isLargeOnly ? finding.large : finding.small).outcome == .lost }
        run(seconds: 60, dead: 0)
        #expect(prober.findings(at: now).values.allSatisfy { $0.small.outcome == .returned && $0.large.outcome == .returned })
        let interval = Int(prober.interval / 1_000_000_000) + 1
        // One that was sent before, and the rest in turns of the suspects, a hundred packets a second; time for the last to come back.
        let bound = interval * (isLargeOnly ? 3 : 1) + 3 * max(1, count.dead * (isLargeOnly ? 2 : 1) / 100) + 6
        let before = total
        run(seconds: bound, dead: count.dead)
        let lost = prober.findings(at: now).filter { isLost($0.value) }
        #expect(lost.count == count.dead && Set(lost.keys.map(\.peer)) == Set(peers.prefix(count.dead).map(\.address)), "\(lost.count)")
        #expect(total - before <= bound * 500 + 60)
        // And all are found again.
        run(seconds: bound, dead: 0)
        #expect(!prober.findings(at: now).values.contains { isLost($0) })
    }

    @Test("paths that go are forgotten, and what is known of those that stay stays", .timeLimit(.minutes(1)))
    func assignment() {
        var world = World()
        world.run(seconds: 3)
        let before = world.finding(0)
        var vrf = World.vrf(0, probes: true)
        vrf.peers.append(.init(address: IPAddress("100.127.0.3")!, isProbed: true))
        world.probers[0].assign([vrf], at: world.now)
        #expect(world.finding(0) == before)
        world.probers[0].assign([], at: world.now)
        #expect(world.probers[0].findings(at: world.now).isEmpty)
        var generator = CountingGenerator()
        #expect(world.probers[0].send(at: world.now + World.second, using: &generator).isEmpty)
    }
}

@Suite("What probes find that a router sends back as they are", .timeLimit(.minutes(1)))
struct RouterProberTests {
    private static let second: Int64 = 1_000_000_000
    private static let router = IPAddress("244.127.0.2")!
    private static let path = ProbePath(vrf: 1, peer: router)

    /// A router that turns what it gets, but for what is lost.
    private struct Turning {
        var prober = Prober(identifier: 100)
        var now: Int64 = 1_800_000_000_000_000_000
        var generator = CountingGenerator()
        var loses: ([UInt8]) -> Bool = { _ in false }
        private(set) var sent = 0

        init() {
            prober.assign(
                [
                    ProbedVRF(
                        index: 1, device: "fed1", ingress: "fedbr1", addresses: [IPAddress("100.127.0.1")!], mtu: 1450,
                        peers: [.init(address: RouterProberTests.router, isProbed: true, end: .router)])
                ], at: now)
        }

        mutating func run(seconds: Int) {
            for _ in 0..<seconds * 20 {
                now += 50_000_000
                for transmission in prober.send(at: now, using: &generator) {
                    sent += 1
                    #expect(transmission.end == .router && transmission.path == RouterProberTests.path)
                    // With IP and UDP: what every link carries.
                    #expect([44, 1280 - 28].contains(transmission.bytes.count))
                    guard !loses(transmission.bytes) else { continue }
                    now += 1_000_000
                    #expect(
                        prober.receive(transmission.bytes.span.bytes, on: transmission.path, hopLimit: 252, receivedAt: now, at: now) == nil
                    )
                }
            }
        }

        var finding: ProbeFinding? { prober.findings(at: now)[RouterProberTests.path] }
    }

    @Test("both sizes come back, whatever hop limit they have left")
    func sound() throws {
        var world = Turning()
        world.run(seconds: 2)
        let finding = try #require(world.finding)
        #expect(finding.small.outcome == .returned && finding.large.outcome == .returned && finding.roundTrip == 1_000_000)
        #expect(!finding.small.isHeard)
    }

    @Test("what is lost is found within seven seconds, and large ones by themselves")
    func lost() throws {
        for isLarge in [false, true] {
            var world = Turning()
            world.run(seconds: 5)
            world.loses = { $0.count > 1000 || !isLarge }
            world.run(seconds: isLarge ? 12 : 7)
            let finding = try #require(world.finding)
            #expect((finding.small.outcome, finding.large.outcome) == (isLarge ? .returned : .lost, isLarge ? .lost : .returned))
            world.loses = { _ in false }
            world.run(seconds: 4)
            #expect(world.finding?.small.outcome == .returned && world.finding?.large.outcome == .returned)
        }
    }

    @Test("a router that never sent one back stays unknown, and is not asked more often for that")
    func never() {
        var (silent, sound) = (Turning(), Turning())
        silent.loses = { _ in true }
        silent.run(seconds: 60)
        sound.run(seconds: 60)
        #expect(silent.finding?.small.outcome == .waiting && silent.finding?.large.outcome == .waiting)
        #expect(silent.sent <= sound.sent)
    }

    @Test("every fourth that is lost makes it lossy, with their share")
    func lossy() throws {
        var world = Turning()
        var count = 0
        world.loses = { bytes in
            guard bytes.count < 1000 else { return false }
            count += 1
            return count % 4 == 0
        }
        world.run(seconds: 60)
        let finding = try #require(world.finding)
        #expect(finding.small.outcome == .lossy && finding.lossOut + finding.lossBack == 25)
    }

    @Test("what somebody else made up, or sends again, counts for nothing, and an answer of a gateway neither")
    func forged() throws {
        var world = Turning()
        world.loses = { _ in true }
        var seen: [[UInt8]] = []
        for _ in 0..<100 {
            world.now += 50_000_000
            seen += world.prober.send(at: world.now, using: &world.generator).map(\.bytes)
        }
        var forged = try #require(seen.last)
        forged[10] ^= 1
        _ = world.prober.receive(forged.span.bytes, on: Self.path, hopLimit: 255, receivedAt: world.now, at: world.now)
        #expect(world.finding?.small.outcome == .waiting)
    }
}
