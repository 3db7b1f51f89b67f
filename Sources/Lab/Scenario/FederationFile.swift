import Foundation
import NetworkTypes
import Yams

/// The few things of `federation.yaml` that the lab must agree with. Its own reader is the product's; this one looks no further.
package struct FederationFile {
    package var name: String
    private var root: Node

    package static func read(_ path: String) throws -> FederationFile {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw LabError("cannot read \(path)") }
        return try FederationFile(text, path: path)
    }

    package init(_ text: String, path: String) throws {
        guard let root = try Yams.compose(yaml: text), let name = root["federation"]?.string else {
            throw LabError("\(path) has no `federation`")
        }
        self.name = name
        self.root = root
    }

    /// Where the lab and the federation contradict each other, in words.
    package func contradictions(to scenario: Scenario) -> [String] {
        scenario.clouds.filter(\.isFederated).flatMap { cloud -> [String] in
            guard let own = root["clouds"]?[cloud.name] else { return ["cloud \(cloud.name) is only in lab.yaml"] }
            var found: [String] = []
            if let asn = own["as"]?.string, asn != "\(cloud.asn)" {
                found.append("cloud \(cloud.name) has AS \(asn) in federation.yaml, but \(cloud.asn) in lab.yaml")
            }
            for gateway in cloud.gateways {
                let vtep = own["gateways"]?[gateway.name]?["vtep"]?.string
                if vtep != "\(gateway.vtep)" {
                    found.append(
                        "gateway \(cloud.name)/\(gateway.name) has VTEP \(vtep ?? "none") in federation.yaml, but \(gateway.vtep) in lab.yaml"
                    )
                }
            }
            return found
        }
    }
}
