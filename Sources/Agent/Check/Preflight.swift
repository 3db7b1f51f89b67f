import EVPN
import FederationModel
import Foundation
import Logging
import Netlink
import NetworkTypes
import OVN

/// Looks whether a node has what an agent needs, with or without one that runs, and changes nothing.
package struct Preflight: Sendable {
    let surroundings: Surroundings
    let stateDirectory: String
    let log: Logger
    /// The last intent; nil: none has come to this node yet, and nothing is known of VTEPs.
    let intent: GatewayIntent?
    let indexes: [Int]

    package init(surroundings: Surroundings, stateDirectory: String, log: Logger) {
        self.surroundings = surroundings
        self.stateDirectory = stateDirectory
        self.log = log
        let store = StateDirectory(reading: stateDirectory, log: log)
        intent = store.loadIntent()
        indexes = (store.loadIndexes(of: intent) ?? LocalIndexes()).instances.values.sorted()
    }

    /// - Parameter patience: how long databases are waited for.
    package func run(within patience: Duration) async -> CheckReport {
        var findings = process() + files() + kernelModules() + sysctls()
        findings.append(clock())
        findings += await firewall()
        findings += await kernel()
        findings += await routing()
        findings += await databases(within: patience)
        return CheckReport(findings)
    }

    // MARK: - The process

    /// CAP_NET_ADMIN is number 12 (linux/capability.h).
    private func process() -> [Finding] {
        var findings: [Finding] = []
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let bits = line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) }
        findings.append(
            (bits ?? 0) & 1 << 12 != 0
                ? Finding("permissions", .good, "CAP_NET_ADMIN")
                : Finding(
                    "permissions", .unknown, "this process has no CAP_NET_ADMIN, so that what follows may be refused",
                    remedy: "run the check as root, or as the agent's user with its capability"))
        let held = intent.map { "revision \($0.revision) of federation \($0.federation), \($0.vpns.count) VPNs" }
        findings.append(
            held.map { Finding("intent", .good, $0) }
                ?? Finding(
                    "intent", .note, "none is stored in \(stateDirectory): VTEPs are not known, and are not checked",
                    remedy: "check again when the agent has had its first session"))
        return findings
    }

    // MARK: - The kernel

    private func kernelModules() -> [Finding] {
        let known = KernelModules()
        return ["vrf", "vxlan", "bridge", "veth"].map { name in
            switch known.state(of: name) {
            case .present: Finding("module \(name)", .good, "the kernel has it")
            case .loadable: Finding("module \(name)", .good, "the kernel loads it when it is needed")
            case .absent:
                Finding(
                    "module \(name)", .bad, "the kernel has no \(name) devices: no VRF can be made",
                    remedy: "install the distribution's full kernel (linux-image-amd64, not a “cloud” one); `modprobe \(name)` tells more")
            case .unknown: Finding("module \(name)", .unknown, "/lib/modules of the running kernel cannot be read")
            }
        }
    }

    private func sysctls() -> [Finding] {
        let forwarding = Sysctl.forwarding(.ipv6, "all"), filter = Sysctl.reversePathFilter("all")
        var findings: [Finding] = []
        switch try? forwarding.read() {
        case "1": findings.append(Finding("forwarding", .good, "the node forwards IPv6; IPv4 is switched on by device"))
        case .some:
            let problem = Reporter.notForwarding(forwarding)
            findings.append(Finding("forwarding", .bad, problem.message, remedy: problem.remedy))
        case nil: findings.append(Finding("forwarding", .note, "the node has no IPv6"))
        }
        if let value = try? filter.read() {
            let problem = Reporter.filtersSources(filter, value)
            findings.append(
                value == "0"
                    ? Finding("rp_filter", .good, "the node filters no sources")
                    : Finding("rp_filter", .note, problem.message, remedy: problem.remedy))
        }
        return findings
    }

    private func clock() -> Finding {
        switch KernelClock.isSynchronized {
        case true?: Finding("clock", .good, "synchronized")
        case false?:
            Finding(
                "clock", .note, "not synchronized: certificates are refused when it is wrong by more than their margin",
                remedy: "`timedatectl set-ntp true`, with systemd-timesyncd or chrony installed")
        case nil: Finding("clock", .unknown, "the kernel does not tell the state of its clock")
        }
    }

    private func firewall() async -> [Finding] {
        let filter = await ForwardWatch(log: log).filter()
        let indexes = indexes.isEmpty ? [1] : indexes
        let kernel = try? await KernelHost().look(indexes: indexes)
        let problems = filter.problems((kernel ?? ObservedKernel()).forwarded(indexes: indexes))
        guard problems.isEmpty else {
            return problems.map {
                Finding("firewall", $0.code == .firewallUnreadable ? .unknown : .bad, $0.message, remedy: $0.remedy)
            }
        }
        return [Finding("firewall", .good, "\(filter.chains.count) chains filter what is forwarded, and let VRFs pass")]
    }

    /// The ways to VTEPs, and what others put before the routes of VRFs.
    private func kernel() async -> [Finding] {
        do {
            let netlink = try Netlink()
            let links = try await netlink.snapshot().links
            var findings: [Finding] = []
            if let intent { findings += try await ways(intent, netlink, links) }
            let view = try await KernelHost().look(indexes: indexes)
            let overrides = indexes.flatMap { view.overrides(of: LocalNames(index: $0).table, to: []) }
            findings += overrides.map {
                Finding("routes", .bad, "\($0.what) takes the traffic to \($0.prefix)", remedy: "remove it: `\($0.removal)`")
            }
            if overrides.isEmpty { findings.append(Finding("routes", .good, "nobody's route or rule is in the way of VRFs")) }
            return findings
        } catch {
            return [Finding("routes", .unknown, "\(error)")]
        }
    }

    private func ways(_ intent: GatewayIntent, _ netlink: Netlink, _ links: [KernelLink]) async throws -> [Finding] {
        let vteps = Set(intent.vpns.values.flatMap { vpn in vpn.origins.map(\.vtep) + vpn.tunnelSources }).subtracting([intent.base.vtep])
        let largest = intent.vpns.values.map { intent.mtu(of: $0) }.max() ?? intent.base.underlayMTU - Cloud.vxlanOverhead
        let needed = largest + Cloud.vxlanOverhead
        var findings: [Finding] = []
        for vtep in vteps.sorted() {
            let subject = "way to \(vtep)"
            guard let path = try await netlink.path(to: .v4(vtep)), let device = links.first(where: { $0.name == path.interface }) else {
                findings.append(
                    Finding(
                        subject, .bad, "no route to this VTEP: tunnels to it lead nowhere",
                        remedy: "look at the underlay's routing: `ip route get \(vtep)`"))
                continue
            }
            let mtu = Int(min(device.mtu, path.mtu ?? .max))
            findings.append(
                mtu >= needed
                    ? Finding(subject, .good, "by \(path.interface), MTU \(mtu)")
                    : Finding(
                        subject, .bad, "\(path.interface) carries \(mtu) bytes, and VPNs send up to \(needed): large packets are lost",
                        remedy: "raise the MTU: `ip link set \(path.interface) mtu \(needed)`, and that of the routers behind it; or set "
                            + "“underlayMTU: \(mtu)” for the cloud in the federation file"))
        }
        return findings
    }
}
