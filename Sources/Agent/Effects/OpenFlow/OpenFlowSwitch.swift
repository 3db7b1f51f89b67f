import EVPN
import OpenFlow

/// The provider bridges' flows: ours are read and changed, others' are left alone.
package struct OpenFlowSwitch: Sendable {
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let bridge: String
        package let reason: OpenFlowError
        package var description: String {
            "flows of \(bridge): \(reason); check that ovs-vswitchd runs and that the bridge's protocols include OpenFlow13"
        }
    }

    /// Where ovs-vswitchd has its `BRIDGE.mgmt` sockets: `/run/openvswitch`.
    package let runDirectory: String

    package init(runDirectory: String) { self.runDirectory = runDirectory }

    /// Our flows on a bridge. A flow that carries our cookie but that we do not write is told in words.
    package func flows(of bridge: String) async throws(Failure) -> (flows: Set<Flow>, strangers: [String]) {
        var flows: Set<Flow> = []
        var strangers: [String] = []
        do {
            for found in try await client(bridge).flows(cookie: Flow.cookieMark, mask: Flow.cookieMask) {
                switch found {
                case .entry(let entry):
                    if let flow = Flow(entry) { flows.insert(flow) } else { strangers.append("\(entry)") }
                case .foreign(let cookie, let priority, let reason):
                    strangers.append("cookie 0x\(String(cookie, radix: 16)), priority \(priority): \(reason)")
                }
            }
        } catch {
            throw Failure(bridge: bridge, reason: error)
        }
        return (flows, strangers)
    }

    /// Additions before removals, in one go.
    package func change(_ bridge: String, add: Set<Flow>, remove: Set<Flow>) async throws(Failure) {
        // A flow that differs in its action or its cookie only has the same match: adding it replaces the old one, and where the cookie is
        // the same, a removal would take both.
        let added = Set(add.map(\.matchOnly))
        let removals = remove.filter { !added.contains($0.matchOnly) }
        do {
            try await client(bridge).apply(add.map { .add(FlowEntry($0)) } + removals.map { .remove(FlowEntry($0)) })
        } catch {
            throw Failure(bridge: bridge, reason: error)
        }
    }

    package func send(_ echo: EchoRequest) async throws(Failure) {
        do {
            try await client(echo.bridge).send(echo.frame, to: echo.port)
        } catch {
            throw Failure(bridge: echo.bridge, reason: error)
        }
    }

    private func client(_ bridge: String) -> OpenFlowClient { OpenFlowClient(path: "\(runDirectory)/\(bridge).mgmt") }
}
