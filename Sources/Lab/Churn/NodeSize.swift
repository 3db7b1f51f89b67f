import Foundation
import Glibc

/// What an agent and its node hold: it must be the same whenever the same is asked for.
struct NodeSize: Hashable, Sendable {
    /// Of the agent's process: which one, KiB resident, and open descriptors.
    var process: pid_t?
    var memory = 0
    var descriptors = 0
    /// Devices of the node, flows and routes that are the agent's, lines of bgpd's configuration.
    var devices = 0
    var flows = 0
    var routes = 0
    var lines = 0

    /// What must be equal.
    var counted: [Int] { [devices, flows, routes, lines] }

    /// Descriptors that an agent may have more: a connection that is being made, a look at bgpd.
    static let spareDescriptors = 6
    /// KiB that an agent may have more, beside a quarter: what allocators keep.
    static let spareMemory = 16 << 10

    /// What has grown since, in words; nil if nothing has.
    func growth(since before: NodeSize) -> String? {
        var found: [String] = []
        if counted != before.counted {
            found.append("devices, flows, routes and lines \(before.counted), now \(counted)")
        }
        if process == before.process, descriptors > before.descriptors + Self.spareDescriptors {
            found.append("descriptors \(before.descriptors), now \(descriptors)")
        }
        if process == before.process, memory > before.memory + before.memory / 4 + Self.spareMemory {
            found.append("\(before.memory) KiB resident, now \(memory) KiB")
        }
        return found.isEmpty ? nil : found.joined(separator: "; ")
    }
}

extension NodeSize: CustomStringConvertible {
    var description: String {
        "\(memory / 1024) MiB, \(descriptors) descriptors, \(devices) devices, \(flows) flows, \(routes) routes, \(lines) lines"
    }
}

extension Judge {
    /// Of every gateway that has an agent.
    func sizes() async throws -> [Host: NodeSize] {
        var found: [Host: NodeSize] = [:]
        for host in scenario.hosts where scenario.daemons(of: host).contains(.agent) { found[host] = try await size(of: host) }
        return found
    }

    private func size(of host: Host) async throws -> NodeSize {
        var size = NodeSize()
        size.process = lab.daemons.agent(host).process
        if let process = size.process {
            size.descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count) ?? 0
            let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
            size.memory = Int(line.filter(\.isNumber)) ?? 0
        }
        let counts = try await shell(
            """
            ip -o link | wc -l; ovs-ofctl dump-flows br-ex 'cookie=0x0fed000000000000/0xffff000000000000' | grep -c cookie
            (ip route show table all proto 250; ip -6 route show table all proto 250) | wc -l; vtysh -c 'show running-config' | wc -l
            """, on: host.description
        ).output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard counts.count == 4 else { throw LabError("\(host) cannot be counted: \(counts)") }
        (size.devices, size.flows, size.routes, size.lines) = (counts[0], counts[1], counts[2], counts[3])
        return size
    }
}
