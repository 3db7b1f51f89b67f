import Foundation
import Glibc
import NetworkTypes
import Testing

@testable import Lab

/// On the real thing: processes, namespaces, sockets.
@Suite("Machine", .timeLimit(.minutes(1)))
struct MachineTests {
    @Test("a command's status and both streams come back")
    func command() async throws {
        let result = try await Command(
            ["/bin/sh", "-c", "read x; echo out $x $V; echo err >&2; exit 3"], environment: ["V": "v"], input: "in\n"
        ).run()
        #expect(result.status == 3 && result.output == "out in v\n" && result.errors == "err\n")
    }

    @Test("a command that takes too long is ended, and one that leaves a daemon with its pipe behind is not waited for")
    func patience() async throws {
        #expect(try await Command(["sleep", "30"], limit: .milliseconds(300)).run().status == 124)
        let start = ContinuousClock.now
        let result = try await Command(["/bin/sh", "-c", "sleep 8 & echo $!"]).run()
        #expect(result.succeeded && ContinuousClock.now - start < .seconds(4))
        if let process = pid_t(result.output.trimmingCharacters(in: .whitespacesAndNewlines)) { kill(process, SIGKILL) }
    }

    @Test("a program that is not there is an error with its name")
    func missing() async {
        await #expect(throws: LabError.self) { try await Command(["/nonexistent"]).run() }
    }

    @Test("a daemon is known by its pid file, and a reused process id is not taken for it")
    func daemon() async throws {
        try await withFolder { folder in
            let daemon = Daemon(pidFile: "\(folder)/d.pid", mark: folder)
            try await daemon.start(["/bin/sh", "-c", "echo up; sleep 60; :", folder], in: nil, log: "\(folder)/log")
            let process = try #require(daemon.process)
            #expect(Daemon(pidFile: "\(folder)/d.pid", mark: "/run/other").process == nil)
            try await eventually(within: .seconds(5), "line in the log") {
                try String(contentsOfFile: "\(folder)/log", encoding: .utf8) == "up\n"
            }
            kill(-process, SIGKILL)
            try await eventually(within: .seconds(5), "end of the daemon") { daemon.process == nil }
        }
    }

    @Test("a database takes transactions, names a failed operation, and waits")
    func database() async throws {
        try await withFolder { folder in
            try await Command(["ovsdb-tool", "create", "\(folder)/nb.db", "/usr/share/ovn/ovn-nb.ovsschema"]).succeed()
            let server = Daemon(pidFile: "\(folder)/server.pid", mark: folder)
            try await server.start(
                ["ovsdb-server", "\(folder)/nb.db", "--remote=punix:\(folder)/nb.sock", "--unixctl=\(folder)/ctl", "--no-chdir"], in: nil,
                log: "\(folder)/log")
            defer { server.signal(SIGKILL) }
            let database = Database(socket: "\(folder)/nb.sock", name: "OVN_Northbound")
            try await eventually(within: .seconds(10), "database") { (try? await database.select("NB_Global", columns: ["_uuid"])) != nil }
            let cloud = try #require(try ScenarioParserTests.shipped("two-clouds").cloud("paris"))
            _ = try await database.transact(NorthboundContents.operations(for: cloud))
            #expect(try await database.select("Logical_Router", columns: ["name"]).count == 3)
            await #expect(throws: LabError.self) { try await database.transact([["op": "select", "table": "Nonsense", "where": []]]) }
            try await database.wait("NB_Global", where: [], column: "name", until: "==", "", limit: .seconds(5))
            await #expect(throws: LabError.self) {
                try await database.wait("NB_Global", where: [], column: "name", until: "==", "x", limit: .seconds(1))
            }
        }
    }

    @Test("pings cross a link between two namespaces, a capture sees them, and a route event is heard")
    func namespaces() async throws {
        let one = NetworkNamespace("fl-test-\(getpid())-a")
        let other = NetworkNamespace("fl-test-\(getpid())-b")
        try await withNamespaces([one, other]) {
            try await Command(["ip", "link", "add", "x", "netns", one.name, "type", "veth", "peer", "name", "x", "netns", other.name])
                .succeed()
            for (namespace, number) in [(one, 1), (other, 2)] {
                let lines = "address add 192.0.2.\(number)/24 dev x\naddress add 2001:db8::\(number)/64 dev x nodad\nlink set x up\n"
                try await Command(["ip", "-batch", "-"], in: namespace, input: lines).succeed()
            }
            try await one.perform { try turnOffTransmitChecksums(of: "x") }
            #expect(NetworkNamespace.processes(in: [try #require(one.inode)]) == [])
            let stop = StopSign()
            let (ready, announce) = AsyncStream.makeStream(of: Void.self)
            async let sightings = EchoCapture(in: other, interface: "x").run(until: stop) { announce.yield() }
            async let heard = RouteMonitor(in: other).run(within: .seconds(10), started: { announce.yield() }) { event, _ in
                !(event.prefix == IPPrefix("198.51.100.0/24") && event.table == 10001 && event.isAdded)
            }
            var iterator = ready.makeAsyncIterator()
            for _ in 0..<2 { _ = await iterator.next() }
            for target in ["192.0.2.2", "2001:db8::2"] {
                let outcome = try await Ping(from: one, to: try #require(IPAddress(target)), identifier: 7).run(
                    count: 5, every: .milliseconds(20))
                #expect(outcome.sent == 5 && outcome.lost == 0)
            }
            let nobody = try await Ping(from: one, to: try #require(IPAddress("192.0.2.9")), identifier: 8).run(
                count: 2, every: .milliseconds(20), patience: .zero)
            #expect(nobody.lost == 2)
            try await Command(["ip", "route", "add", "198.51.100.0/24", "via", "192.0.2.1", "table", "10001"], in: other).succeed()
            #expect(try await heard)
            let routes = try await RouteMonitor(in: other).routes()
            #expect(routes.map(\.prefix) == [IPPrefix("198.51.100.0/24")] && routes[0].gateways == [IPAddress("192.0.2.1")!])
            stop.set()
            let sources = Dictionary(grouping: try await sightings, by: \.source).mapValues { $0.reduce(0) { $0 + $1.count } }
            #expect(sources == [IPAddress("192.0.2.1")!: 5, IPAddress("2001:db8::1")!: 5])
        }
    }

    @Test("requests and answers cross a spool")
    func spool() async throws {
        try await withFolder { folder in
            let spool = Spool(folder)
            let server = Task {
                await spool.serve({ CommandResult(status: 3, output: $0.command.joined(separator: " "), errors: $0.host ?? "") }) { _, _ in
                }
            }
            defer { server.cancel() }
            let answer = try await spool.ask(.init(host: "paris/gw1", command: ["a", "b"]), limit: .seconds(10)) { true }
            #expect(answer.status == 3 && answer.output == "a b" && answer.errors == "paris/gw1")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
            await #expect(throws: LabError.self) { try await spool.ask(.init(host: nil, command: []), limit: .seconds(10)) { false } }
        }
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lab-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func withNamespaces(_ namespaces: [NetworkNamespace], _ body: () async throws -> Void) async throws {
        for namespace in namespaces { try await Command(["ip", "netns", "add", namespace.name]).succeed() }
        let result: Result<Void, any Error>
        do {
            try await body()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        for namespace in namespaces { _ = try await Command(["ip", "netns", "delete", namespace.name]).run() }
        try result.get()
    }
}
