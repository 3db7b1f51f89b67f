import Coordinator
import FederationAPI
import FederationModel
import Foundation
import NetworkTypes

/// A federation file with so many VPNs between paris and tokyo: `blue`, `red`, …
func federationFile(
    federation: String = "demo", clouds: [String] = ["paris", "tokyo"], gateways: Int = 1, vpns: [String] = ["blue", "red"],
    router: String? = nil
) -> String {
    var text = "federation: \(federation)\nclouds:\n"
    for (index, cloud) in clouds.enumerated() {
        text += "  \(cloud):\n    gateways:\n"
        for node in 1...gateways { text += "      gw\(node): {vtep: 10.255.\(index + 1).\(node)}\n" }
    }
    text += "vpns:\n"
    for vpn in vpns {
        text += "  \(vpn):\n    attachments:\n"
        for cloud in clouds { text += "      - {cloud: \(cloud), router: \(vpn)-\(router ?? "router")}\n" }
    }
    return text
}

func gateway(_ text: String) -> GatewayID {
    let parts = text.split(separator: "/")
    return GatewayID(cloud: CloudName(String(parts[0]))!, node: NodeName(String(parts[1]))!)
}

/// An admin without certificate.
extension Principal: ExpressibleByStringLiteral {
    public init(stringLiteral name: String) { self.init(.admin(AdminName(name)!)) }
}

func vpn(_ text: String) -> VPNName { VPNName(text)! }
func resource(_ text: String) -> ResourceName { ResourceName(text)! }

/// The revision before the first apply.
func emptyRevision(_ federation: String = "demo") -> Revision {
    .none(epoch: "00000000-0000-0000-0000-000000000000", federation: FederationID(federation)!)
}

enum SampleError: Error { case refused(String) }

extension Revision {
    func proposal(_ text: String, at now: Int64 = 1000, yesRemove: Int = 0) -> Proposal {
        Proposal(text: text, fileName: "federation.yaml", on: self, .init(now: now, yesRemove: yesRemove))
    }

    /// The revision that follows when this file is applied.
    func applying(_ text: String, by author: Principal = "tester", at now: Int64 = 1000) throws -> Revision {
        let proposal = proposal(text, at: now, yesRemove: 1000)
        guard let change = proposal.change else {
            throw SampleError.refused("\(proposal.diagnostics) \(proposal.plan?.findings ?? [])")
        }
        let summary = RevisionSummary(number: number + 1, author: author, appliedAt: now, size: ChangeSize(change.plan))
        return try Revision(after: self, summary, text: text, change.compilation)
    }
}

extension Store {
    /// What is in force, compiled.
    func latest() async throws -> Revision { try Revision(compiling: try await inForce().revision) }

    /// Makes a file the next revision.
    @discardableResult
    func apply(
        _ text: String = federationFile(), by author: Principal = "tester", at now: Int64 = 1000, until deadline: Int64? = nil
    ) async throws -> Revision {
        let next = try await latest().applying(text, by: author, at: now)
        _ = try await commit(next.record, until: deadline)
        return next
    }
}

/// A directory of its own for one test, removed afterwards.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "coordinator-\(UUID().uuidString)").path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// Waits until `condition` holds; false if it does not within so many seconds.
func eventually(within seconds: Double = 30, _ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return try await condition()
}
