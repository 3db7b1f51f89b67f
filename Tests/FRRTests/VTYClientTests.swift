import Foundation
import Testing

@testable import FRR
@testable import VTY

@Suite("The vty client", .serialized, .timeLimit(.minutes(1)))
struct VTYClientTests {
    @Test("shows, configures, tells what was refused and why, and counts what it wrote")
    func conversation() async throws {
        let namespace = try NetworkNamespace("vty")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let version = try #require(FRRVersion(parsing: try await bgpd.show("show version")))
        #expect(version >= .floor)
        await #expect(
            throws: VTYError.refused(command: "show nonsense", status: .unknownCommand, text: "% [BGP] Unknown command: show nonsense")
        ) {
            _ = try await bgpd.show("show nonsense")
        }
        let rejections = try await bgpd.configure([
            "router bgp 65001", " bgp router-id 10.0.0.1", " nonsense", " address-family ipv4 unicast", "  no network 10.9.9.9/32",
            " exit-address-family", "exit",
        ])
        #expect(
            rejections == [
                VTYRejection(line: " nonsense", status: .unknownCommand, text: "% [BGP] Unknown command:  nonsense"),
                VTYRejection(line: "  no network 10.9.9.9/32", status: .configurationFailed, text: "% Can't find static route specified"),
            ])
        #expect(await bgpd.configurationLinesWritten == 5)
        #expect(try await bgpd.configure([]).isEmpty)
        #expect(try await bgpd.running().defaultASN?.value == 65001)
        withExtendedLifetime(daemons) {}
    }

    @Test("a block that is refused does not spoil the blocks after it")
    func blocks() async throws {
        let namespace = try NetworkNamespace("blk")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let rejections = try await bgpd.configure([
            "router bgp 65001", "exit",
            "router bgp 65002", " bgp router-id 10.0.0.2", "exit",
            "route-map GOOD permit 10", "exit",
            "router bgp 65002", " bgp router-id 10.0.0.2", "exit",
            "route-map BETTER permit 10", "exit",
        ])
        #expect(rejections.map(\.line) == ["router bgp 65002", " bgp router-id 10.0.0.2", "router bgp 65002", " bgp router-id 10.0.0.2"])
        let running = try await bgpd.running()
        #expect(running.sections(about: .routeMap("GOOD")).count == 1)
        #expect(running.sections(about: .routeMap("BETTER")).count == 1)
        #expect(await bgpd.isConnected)
        withExtendedLifetime(daemons) {}
    }

    @Test("calls from many tasks do not mix: no show lands in the middle of a configuration")
    func concurrency() async throws {
        let namespace = try NetworkNamespace("many")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        #expect(try await bgpd.configure(["router bgp 65001", " no bgp network import-check", "exit"]).isEmpty)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let networks = (0..<150).map { "  network 10.\(task).0.\($0)/32" }
                    let lines = ["router bgp 65001", " address-family ipv4 unicast"] + networks + [" exit-address-family", "exit"]
                    let rejections = try await bgpd.configure(lines)
                    #expect(rejections.isEmpty)
                }
                group.addTask {
                    for _ in 0..<10 {
                        let text = try await bgpd.show("show bgp summary json")
                        #expect(text.hasPrefix("{"))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await bgpd.running().sections(about: .bgp(vrf: nil))[0].body.count { $0.text.hasPrefix("network ") } == 1200)
        withExtendedLifetime(daemons) {}
    }

    @Test("notices that the daemon died, and works again after a fresh connect")
    func restart() async throws {
        let namespace = try NetworkNamespace("die")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        async let closed: Void = bgpd.waitForClose()
        daemons.killBGPD()
        await closed
        #expect(await !bgpd.isConnected)
        await #expect(throws: VTYError.notConnected) { _ = try await bgpd.show("show version") }
        await #expect(throws: VTYError.self) { try await bgpd.connect() }
        try await daemons.startBGPD(in: namespace)
        while await !bgpd.isConnected {
            try await Task.sleep(for: .milliseconds(20))
            try? await bgpd.connect()
        }
        #expect(try await bgpd.show("show version").hasPrefix("FRRouting"))
        withExtendedLifetime(daemons) {}
    }

    @Test("a silent daemon costs no more than the deadline, and the connection with it")
    func deadline() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("silent-\(UUID().uuidString.prefix(8)).vty").path
        let listener = try SilentListener(path: path)
        let client = VTYClient(path: path)
        let clock = ContinuousClock()
        let start = clock.now
        await #expect(throws: VTYError.deadlineExceeded(command: "enable")) { try await client.connect(within: .milliseconds(200)) }
        #expect(clock.now - start < .seconds(2))
        await client.waitForClose()
        await #expect(throws: VTYError.notConnected) { _ = try await client.show("show version") }
        withExtendedLifetime(listener) {}
    }

    @Test("a socket that is not there is a typed error; a line that would be two never leaves")
    func refusals() async throws {
        let client = VTYClient(path: "/nonexistent/bgpd.vty")
        await #expect(throws: VTYError.self) { try await client.connect() }
        await #expect(throws: VTYError.unsendable("a\nb")) { _ = try await client.configure(["a\nb"]) }
        await #expect(throws: VTYError.unsendable("a\0b")) { _ = try await client.show("a\0b") }
        await #expect(throws: VTYError.notConnected) { _ = try await client.show("show version") }
    }
}

/// Listens on a unix socket and says nothing: a daemon that hangs.
private final class SilentListener {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { field in field.copyBytes(from: path.utf8.prefix(field.count - 1)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard bound == 0, listen(descriptor, 4) == 0 else { throw POSIXError(.EIO) }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }
}
