import FederationAPI
import FederationModel
import GRPCCore
import NIOCore
import Testing

@Suite("Connection budget: who may be connected")
struct ConnectionBudgetTests {
    private let limits = ConnectionLimits(total: 6, unproven: 4, unprovenPerAddress: 2)
    private let paris = PeerIdentity.gateway(FederationID(unchecked: "demo"), World.paris)
    private let tokyo = PeerIdentity.gateway(FederationID(unchecked: "demo"), World.tokyo)

    private func address(_ text: String) -> SourceAddress { SourceAddress(try? SocketAddress(ipAddress: text, port: 1)) }

    @Test("of one address the oldest without a certificate makes room for the newest, and others are left alone")
    func perAddress() {
        var budget = ConnectionBudget<Int>(limits)
        #expect(budget.arrive(1, from: address("10.0.0.1")) == .taken(evicting: nil))
        #expect(budget.arrive(2, from: address("10.0.0.2")) == .taken(evicting: nil))
        #expect(budget.arrive(3, from: address("10.0.0.1")) == .taken(evicting: nil))
        #expect(budget.arrive(4, from: address("10.0.0.1")) == .taken(evicting: 1))
        #expect(budget.arrive(5, from: address("10.0.0.1")) == .taken(evicting: 3))
        // It is being closed: a certificate comes too late.
        #expect(budget.prove(1, paris) == nil)
        #expect(budget.prove(2, tokyo) == [])
    }

    @Test("from many addresses the oldest of all makes room")
    func unproven() {
        var budget = ConnectionBudget<Int>(limits)
        for host in 1...4 { #expect(budget.arrive(host, from: address("10.0.0.\(host)")) == .taken(evicting: nil)) }
        #expect(budget.arrive(5, from: address("10.0.0.5")) == .taken(evicting: 1))
    }

    @Test("of one gateway the newest connections stay")
    func newestWins() {
        var budget = ConnectionBudget<Int>(limits)
        for number in 1...3 {
            #expect(budget.arrive(number, from: address("10.0.0.\(number)")) == .taken(evicting: nil))
            #expect(budget.prove(number, paris) == (number == 3 ? [1] : []))
        }
    }

    @Test("where all have certificates a further one is refused, and taken again when one is gone")
    func total() {
        var budget = ConnectionBudget<Int>(limits)
        for number in 1...6 {
            #expect(budget.arrive(number, from: address("10.0.0.\(number)")) == .taken(evicting: nil))
            let node = NodeName(unchecked: "gw\(number)")
            let gateway = GatewayID(cloud: CloudName(unchecked: "paris"), node: node)
            #expect(budget.prove(number, .gateway(FederationID(unchecked: "demo"), gateway)) == [])
        }
        #expect(budget.arrive(7, from: address("10.0.0.7")) == .refused)
        #expect(budget.open == 7)
        budget.leave(7)
        budget.leave(1)
        #expect(budget.arrive(8, from: address("10.0.0.8")) == .taken(evicting: nil))
        #expect(budget.open == 6)
    }

    @Test("what is being closed has its descriptor until it is closed: then nothing more is accepted")
    func full() {
        var budget = ConnectionBudget<Int>(limits)
        var number = 0
        while !budget.isFull, number < 1000 {
            number += 1
            _ = budget.arrive(number, from: address("10.0.0.1"))
        }
        #expect(budget.open == limits.total + limits.slack)
        budget.leave(1)
        #expect(!budget.isFull)
    }

    @Test("an IPv6 network counts as one source, and IPv4 as seen by a socket of both families as itself")
    func sources() {
        #expect(address("2001:db8::1") == address("2001:db8::ffff:1"))
        #expect(address("2001:db8::1") != address("2001:db8:0:1::1"))
        #expect(address("::ffff:10.0.0.1") == address("10.0.0.1"))
        #expect(address("::ffff:10.0.0.1") != address("::ffff:10.0.0.2"))
    }

    @Test("there are always descriptors left for the rest of the program", arguments: [64, 256, 1024, 65_536, 1 << 30])
    func descriptors(count: Int) {
        let limits = ConnectionLimits(descriptors: count)
        #expect(limits.total >= 8 && limits.unproven < limits.total && limits.unprovenPerAddress < limits.unproven)
        if count >= 256 { #expect(limits.total + limits.slack + 64 < count) }
    }

    @Test("of three connections of one gateway the first is closed")
    func thirdConnection() async throws {
        let world = try World()
        try await world.withServer { server in
            try await world.withClient("paris.gw1", port: server.port) { first, _ in
                _ = try await openSession(first, waitForReady: true)
                try await world.withClient("paris.gw1", port: server.port) { second, _ in
                    _ = try await openSession(second, waitForReady: true)
                    try await world.withClient("paris.gw1", port: server.port) { third, _ in
                        _ = try await openSession(third, waitForReady: true)
                        #expect(await eventually { server.connections.count == 2 })
                        #expect(world.log.text.contains("the peer connected again"))
                    }
                }
            }
        }
    }

    @Test("of connections that say nothing only the newest of an address are kept, and their descriptors are given back")
    func silence() async throws {
        let world = try World()
        try await world.withServer(connections: ConnectionLimits(total: 40, unproven: 10, unprovenPerAddress: 5)) { server in
            let sockets = try (0..<200).map { _ in try RawSocket(port: server.port) }
            defer { for socket in sockets { socket.close() } }
            #expect(await eventually { server.connections.open <= 5 })
            try await world.withClient("paris.gw1", port: server.port) { client, _ in
                _ = try await openSession(client, waitForReady: true)
            }
            #expect(world.log.text.split(separator: "\n").count { $0.hasPrefix("warning") } < 40)
        }
    }
}
