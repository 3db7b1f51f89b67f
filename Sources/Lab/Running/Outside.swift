import Foundation
import Glibc

/// This machine's own place in a lab's management network, for what a lab does not raise itself, an OpenStack for one: a network
/// namespace on this machine, `fl-outside-NAME`, with a loopback of its own and an interface `mgmt`. What runs in it ends with the lab.
package struct Outside: Sendable {
    package let namespace: NetworkNamespace
    private let lab: String

    /// - Parameter lab: the name of the lab's topology.
    package init(_ lab: String) {
        self.lab = lab
        namespace = NetworkNamespace("\(NetworkNamespace.prefix)outside-\(lab)")
    }

    /// The interface in the namespace.
    package static let interface = "mgmt"

    /// The lab's end: of a guest the kernel's own Ethernet device, on this machine's kernel the other end of a veth pair.
    package static func leg(inGuest: Bool) -> String { inGuest ? "eth0" : "fl-outside" }

    /// Makes the namespace.
    /// - Parameter forGuest: with a tap device, which a user-mode kernel that starts in the namespace opens.
    package func raise(forGuest: Bool) async throws {
        let device =
            forGuest
            ? "tuntap add dev \(Self.interface) mode tap"
            : "link add \(Self.interface) type veth peer name \(Self.leg(inGuest: false)) netns \(getpid())"
        try await Command(["ip", "netns", "add", namespace.name]).succeed()
        let lines = [
            "link set lo up", device, "address add \(AddressPlan.outside)/24 dev \(Self.interface)", "link set \(Self.interface) up",
        ]
        // ip(8) takes tuntap in no batch.
        for line in lines { try await Command(["ip", "-n", namespace.name] + line.split(separator: " ").map(String.init)).succeed() }
    }

    /// Ends what runs in it, and removes it; where there is none, does nothing.
    package func end() async {
        guard let inode = namespace.inode else { return }
        _ = try? await Command(["ip", "netns", "delete", namespace.name]).run()
        for _ in 0..<3 {
            // Not this program itself, should it have been called there.
            let rest = NetworkNamespace.processes(in: [inode]).filter { $0 != getpid() }
            for process in rest { kill(process, SIGKILL) }
            if rest.isEmpty { return }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}
