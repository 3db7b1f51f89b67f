import Foundation
import Glibc

/// Where a lab runs.
package enum Platform: String, Sendable, CaseIterable {
    /// In network namespaces of this machine's kernel.
    case direct
    /// In the same namespaces of a user-mode kernel that runs on this machine's files.
    case uml

    /// Tries whether this kernel makes what a lab needs: containers and micro-VMs often lack `vrf`.
    package static func detect() async throws -> Platform {
        let probe = NetworkNamespace(NetworkNamespace.prefix + "probe-\(getpid())")
        guard try await Command(["ip", "netns", "add", probe.name]).run().succeeded else { return .uml }
        let lines = """
            link add v type vrf table 10000
            link add b type bridge
            link add d type dummy
            link add x type vxlan id 1 dstport 4789
            link add e type veth peer name f

            """
        let links = try await Command(["ip", "-batch", "-"], in: probe, input: lines).run().succeeded
        _ = try await Command(["ip", "netns", "delete", probe.name]).run()
        return links && FileManager.default.fileExists(atPath: "/dev/net/tun") ? .direct : .uml
    }

    /// Whether this process runs in a user-mode kernel.
    package static var isGuest: Bool {
        (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains("User Mode Linux") == true
    }

    /// The Debian packages with the programs that a lab needs, where those are missing.
    /// - Parameter withKernel: whether a kernel of one's own makes Debian's unnecessary.
    package static func missingPrograms(_ platform: Platform, withKernel: Bool = false) -> [String] {
        var needed = [
            "/usr/sbin/ip": "iproute2", "/usr/sbin/ovsdb-server": "openvswitch-switch", "/usr/sbin/ovs-vswitchd": "openvswitch-switch",
            "/usr/bin/ovn-northd": "ovn-central", "/usr/bin/ovn-controller": "ovn-host", "/usr/lib/frr/bgpd": "frr",
        ]
        if platform == .uml, !withKernel {
            needed["/usr/bin/linux.uml"] = "user-mode-linux"
            needed["/sbin/depmod"] = "kmod"
        }
        return needed.filter { !FileManager.default.isExecutableFile(atPath: $0.key) }.map(\.value).sorted()
    }
}
