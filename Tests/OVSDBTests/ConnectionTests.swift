import Foundation
import NetworkTypes
import Testing

@testable import OVSDB

@Suite("Connections to real servers", .timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test("lets no row go when the server is killed, and brings the difference when it is back")
    func killed() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", .addressSets) { client in
            let reader = Reader(client)
            _ = try await reader.next()
            _ = try await client.transact([.insertAddressSet("a", ["1"]), .insertAddressSet("b"), .insertAddressSet("c")])
            _ = try await reader.next()
            let before = try #require(client.replica)
            server.kill()
            await wait(client) { $0.phase == .waiting }
            #expect(client.connection.lastError != nil)
            await #expect(throws: OVSDBError.notConnected) { try await client.transact([.insertAddressSet("x")]) }
            #expect(try #require(client.replica).addressSetNames == ["a", "b", "c"])
            // Somebody else changes it before we are back.
            try await run(
                "ovsdb-tool",
                [
                    "transact", server.directory.path() + "db",
                    #"["OVN_Northbound",{"op":"delete","table":"Address_Set","where":[["name","==","b"]]},{"op":"insert","table":"Address_Set","row":{"name":"d"}},{"op":"mutate","table":"Address_Set","where":[["name","==","a"]],"mutations":[["addresses","insert","2"]]}]"#,
                ])
            try await server.start()
            let update = try await reader.next()
            let change = update.change["Address_Set"]
            #expect(change.inserted.count == 1 && change.modified.count == 1 && change.deleted.count == 1)
            #expect(update.replica.addressSetNames == ["a", "c", "d"])
            #expect(change.modified.first.flatMap { before.tables["Address_Set"]?.rows[$0]?.values[0].string } == "a")
            await wait(client) { $0.isConnected }
            // Back with the same rows there is nothing to tell.
            server.kill()
            await wait(client) { !$0.isConnected }
            try await server.start()
            await wait(client) { $0.isConnected }
            _ = try await client.transact([.insertAddressSet("e")])
            let next = try await reader.next().change["Address_Set"]
            #expect(next.inserted.count == 1 && next.modified.isEmpty && next.deleted.isEmpty)
        }
    }

    @Test("goes to the next remote when one does not answer, and notices a server that is frozen")
    func rotation() async throws {
        let first = try await TestServer(.schema(TestServer.northbound))
        let second = try await TestServer(.schema(TestServer.northbound))
        try await first.start()
        try await second.start()
        let nowhere = OVSDBRemote.unix(path: first.directory.path() + "nowhere")
        var policy = Reconnection.Policy.quick
        policy.probeInterval = .milliseconds(300)
        policy.probeTimeout = .seconds(1)
        try await withClient([nowhere, first.remote, second.remote], "OVN_Northbound", .addressSets, policy: policy) { client in
            await wait(client) { $0.isConnected }
            #expect(client.connection.remote == first.remote)
            first.suspend()
            await wait(client) { $0.isConnected && $0.remote == second.remote }
            #expect(client.connection.lastError?.description.contains("echo") == true)
            // It idles longer than it takes to be given up, and is still there: the echo was answered.
            try await Task.sleep(for: .milliseconds(1800))
            #expect(client.connection.isConnected && client.connection.remote == second.remote)
            first.resume()
        }
    }

    @Test("falls over TCP, IPv4 and IPv6")
    func tcp() async throws {
        for (host, bind) in [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")] {
            let server = try await TestServer(.schema(TestServer.northbound), arguments: ["--remote=ptcp:0:\(bind)"])
            try await server.start()
            let port = try await port(of: server)
            let remote = try OVSDBRemote(parsing: "tcp:\(bind):\(port)")
            #expect(remote == .tcp(host: host, port: port))
            try await withClient([remote], "OVN_Northbound", .addressSets) { client in
                _ = try await Reader(client).next()
                #expect(try await client.transact([.insertAddressSet("a")]).count == 1)
            }
        }
    }

    /// The port that the kernel chose, from the server's log.
    private func port(of server: TestServer) async throws -> Int {
        while true {
            let log = (try? String(contentsOf: server.directory.appending(path: "log"), encoding: .utf8)) ?? ""
            if let match = log.firstMatch(of: /listening on port (\d+)/), let port = Int(match.1) { return port }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test("resumes at a cluster where it was, and drops a member that is not the leader only if told to")
    func cluster() async throws {
        let server = try await TestServer(.cluster(TestServer.northbound))
        try await server.start()
        let door = OldServer(before: server, unknown: [])
        try await door.start()
        try await withClient([.unix(path: door.path)], "OVN_Northbound", .addressSets, requiresLeader: true) { client in
            let reader = Reader(client)
            _ = try await reader.next()
            _ = try await client.transact([.insertAddressSet("a"), .insertAddressSet("b")])
            #expect(try await reader.next().change["Address_Set"].inserted.count == 2)
            door.cut()
            await wait(client) { !$0.isConnected }
            try await withClient([server.remote], "OVN_Northbound", .addressSets) { other in
                _ = try await Reader(other).next()
                _ = try await other.transact([.delete(table: "Address_Set", where: [OVSDBCondition("name", .equal, .atom(.string("a")))])])
            }
            let update = try await reader.next()
            #expect(update.change["Address_Set"].deleted.count == 1 && update.change["Address_Set"].inserted.isEmpty)
            #expect(update.replica.addressSetNames == ["b"])
            #expect(
                door.results("monitor").compactMap { $0.array?.first } == [false, true], "the second time the server knew where we were")
        }
        await door.stop()
    }

    @Test("writes through a follower of a cluster, and has what it wrote when it is answered")
    func follower() async throws {
        let leader = try await TestServer(.cluster(TestServer.northbound))
        try await leader.start()
        let follower = try await TestServer(.member(of: leader, "OVN_Northbound"))
        try await follower.start()
        try await withClient([follower.remote], "OVN_Northbound", .addressSets) { client in
            _ = try await Reader(client).next()
            for name in ["a", "b", "c"] {
                _ = try await client.transact([.insertAddressSet(name)])
                #expect(client.replica?.addressSetNames.last == name)
            }
            #expect(client.silence == nil)
        }
        try await withClient([follower.remote], "OVN_Northbound", .addressSets, requiresLeader: true) { client in
            await wait(client) { $0.lastError == .unsuitable("the server is not the leader of its cluster") }
        }
    }

    @Test("follows a cluster that was restored from a backup: same identity, shorter log")
    func restored() async throws {
        let server = try await TestServer(.cluster(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", .addressSets) { client in
            _ = try await Reader(client).next()
            _ = try await client.transact([.insertAddressSet("old")])
        }
        server.kill()
        let backup = try server.contents
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", .addressSets) { client in
            let reader = Reader(client)
            _ = try await reader.next()
            for number in 0..<20 { _ = try await client.transact([.insertAddressSet("new\(number)")]) }
            // It connects again, and hears how far the log is.
            server.kill()
            try await server.start()
            await wait(client) { !$0.isConnected }
            await wait(client) { $0.isConnected }
            #expect(client.replica?.addressSetNames.count == 21)
            server.kill()
            await wait(client) { !$0.isConnected }
            #expect(client.silence != nil)
            try server.restore(backup)
            try await server.start()
            await wait(client) { $0.lastError == .unsuitable("the server lags behind its cluster") }
            await wait(client) { $0.isConnected }
            #expect(client.replica?.addressSetNames == ["old"] && client.silence == nil)
            _ = try await client.transact([.insertAddressSet("next")])
        }
    }

    @Test("leaves a server that talks nonsense, and says so")
    func nonsense() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        let door = OldServer(before: server, unknown: [])
        try await door.start()
        try await withClient([.unix(path: door.path)], "OVN_Northbound", .addressSets) { client in
            let reader = Reader(client)
            _ = try await reader.next()
            door.say("{\"id\":nonsense}")
            await wait(client) { if case .decoding? = $0.lastError { true } else { false } }
            await wait(client) { $0.isConnected }
            door.say(#"{"id":"hello","method":"echo","params":["x"]}"#)
            _ = try await client.transact([.insertAddressSet("a")])
            #expect(try await reader.next().change["Address_Set"].inserted.count == 1)
        }
        await door.stop()
    }

    @Test("ends its readers when it ends, and does not run twice at once")
    func ending() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        let reading = try await withClient([server.remote], "OVN_Northbound", .addressSets) { client in
            let updates = client.updates()
            let reading = Task { await updates.reduce(0) { count, _ in count + 1 } }
            await wait(client) { $0.isConnected }
            await #expect(throws: OVSDBError.alreadyRunning) { try await client.run() }
            return reading
        }
        #expect(await reading.value <= 1)
    }

    @Test("an unknown database is an error that can be seen, not a crash")
    func unknownDatabase() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Southbound", .addressSets) { client in
            await wait(client) { $0.lastError == .unsuitable("the server does not serve OVN_Southbound") }
            #expect(client.replica == nil)
        }
    }
}
