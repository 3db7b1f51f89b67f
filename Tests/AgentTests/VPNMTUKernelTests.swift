import EVPN
import FederationModel
import Foundation
import Glibc
import NetworkTypes
import SimulatedGateway
import Testing

@testable import Agent

/// Virtual machines often have kernels without VRFs, so the devices that carry packets are made outside of one here.
@Suite("The MTU of a VPN, in the kernel", .serialized, .timeLimit(.minutes(1)))
struct VPNMTUKernelTests {
    /// A network namespace of this test.
    private final class Namespace: Sendable {
        let name = "fedmtu-\(UInt32.random(in: 0...UInt32.max))"

        init() throws { #expect(try shell("ip netns add \(name)").status == 0) }
        deinit { _ = try? shell("ip netns del \(name)") }

        /// One whose sockets are in this namespace.
        func kernel() throws -> KernelHost {
            let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), here = open("/run/netns/\(name)", O_RDONLY | O_CLOEXEC)
            defer {
                close(home)
                close(here)
            }
            try #require(enterNamespace(here) == 0)
            defer { #expect(enterNamespace(home) == 0) }
            return try KernelHost()
        }

        func mtu(_ device: String) throws -> String {
            try shell("ip -n \(name) -o link show \(device) | sed 's/.* mtu \\([0-9]*\\) .*/\\1/'").output
        }
    }

    /// setns(2) for CLONE_NEWNET. glibc declares it for _GNU_SOURCE only, so that Swift does not see it.
    private static let enterNamespace: @Sendable (Int32) -> Int32 = {
        typealias Setns = @Sendable @convention(c) (Int32, Int32) -> Int32
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "setns") else { return { _ in -1 } }
        let setns = unsafeBitCast(symbol, to: Setns.self)
        return { setns($0, 0x4000_0000) }
    }()

    private static func enterNamespace(_ descriptor: Int32) -> Int32 { enterNamespace(descriptor) }

    private static func shell(_ script: String) throws -> (status: Int32, output: String) {
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// What the design says of the devices that carry packets, as if there were no VRF.
    private func links(_ mtu: Int?) -> [EVPN.Link] {
        var vpn = Samples.vpn("blue")
        vpn.mtu = mtu
        var indexes = LocalIndexes()
        let design = Designer.design(
            .init(intent: Samples.intent(vpns: [vpn]), routers: [], destinations: [:], switching: nil), indexes: &indexes)
        return design.vpns.values.flatMap(\.links).compactMap { link in
            if case .vrf = link.kind { return nil }
            var link = link
            if case .bridge = link.kind { link.master = nil }
            return link
        }
    }

    @Test("devices are made with it, read back, and adjusted in their place when it changes")
    func lifecycle() async throws {
        let namespace = try Namespace()
        let kernel = try namespace.kernel()
        for link in links(1400) { try await kernel.carryOut(.createLink(link)) }
        #expect(try namespace.mtu("fedbr1") == "1400" && namespace.mtu("fedvx1") == "1400")
        for (mtu, expected) in [(1280, 1280), (nil, 1450), (1400, 1400)] as [(Int?, Int)] {
            let identity = try Self.shell("cat /sys/class/net/lo/ifindex; ip -n \(namespace.name) -o link | cut -d: -f1,2").output
            for link in links(mtu) { try await kernel.carryOut(.adjustLink(link)) }
            let seen = try await kernel.look(indexes: [1])
            #expect(seen.links["fedbr1"]?.mtu == expected && seen.links["fedvx1"]?.mtu == expected)
            #expect(try Self.shell("cat /sys/class/net/lo/ifindex; ip -n \(namespace.name) -o link | cut -d: -f1,2").output == identity)
        }
    }
}
