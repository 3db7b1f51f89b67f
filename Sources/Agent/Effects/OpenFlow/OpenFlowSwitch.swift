import EVPN

/// The provider bridges' flows, through `ovs-ofctl`: nothing in Swift speaks OpenFlow. One process per look and per change,
/// however many flows there are.
package struct OpenFlowSwitch: Sendable {
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let command: String
        package let status: String
        package let output: String
        package var description: String { "`\(command)` \(status): \(output)" }
    }

    /// Where ovs-vswitchd has its `BRIDGE.mgmt` sockets: `/run/openvswitch`.
    package let runDirectory: String

    package init(runDirectory: String) { self.runDirectory = runDirectory }

    /// Our flows on a bridge. A flow that carries our cookie but that we do not write is given as its strict deletion.
    package func flows(of bridge: String) async throws -> (flows: Set<Flow>, strangers: [String]) {
        let output = try await ofctl(["--no-names", "--no-stats", "dump-flows", target(bridge), FlowText.ours])
        var flows: Set<Flow> = []
        var strangers: [String] = []
        for line in output.split(separator: "\n") {
            do {
                if let flow = try FlowText.parse(line) { flows.insert(flow) }
            } catch {
                strangers.append(String(line))
            }
        }
        return (flows, strangers)
    }

    /// Additions before removals, in one run.
    package func change(_ bridge: String, add: Set<Flow>, remove: Set<Flow>) async throws {
        // A flow that differs in its action only has the same match: adding it replaces the old one, and a removal would take both.
        let added = Set(add.map(\.matchOnly))
        let lines = add.map(FlowText.added) + remove.filter { !added.contains($0.matchOnly) }.map(FlowText.removed)
        _ = try await ofctl(["add-flows", target(bridge), "-"], input: lines.joined(separator: "\n") + "\n")
    }

    private func target(_ bridge: String) -> String { "unix:\(runDirectory)/\(bridge).mgmt" }

    private func ofctl(_ arguments: [String], input: String = "") async throws -> String {
        let result = try await SpawnedCommand.run(["ovs-ofctl", "-O", "OpenFlow13", "--timeout=10"] + arguments, input: input)
        guard result.status == 0 else {
            throw Failure(
                command: "ovs-ofctl " + arguments.joined(separator: " "),
                status: result.status < 0 ? "ended by signal \(-result.status)" : "exited with \(result.status)", output: result.errors)
        }
        return result.output
    }
}

extension Flow {
    /// The same match with no action: what OpenFlow tells flows apart by.
    var matchOnly: Flow {
        var copy = self
        copy.action = .drop
        copy.cookie = 0
        return copy
    }
}
