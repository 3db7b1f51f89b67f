import EVPN
import FederationModel
import OVN

/// Remembers what of ours somebody else changed and we put back.
package struct DriftJournal: Hashable, Sendable, Codable {
    /// As many as a report carries of one VPN.
    package static let capacity = 32

    private var entries: [VPNName: [Drift]] = [:]

    package init() {}

    package subscript(vpn: VPNName) -> [Drift] { entries[vpn] ?? [] }

    /// Steps that were planned although the design had been in force: each repairs something.
    package mutating func record(_ steps: [Step], of vpn: VPNName, at now: Int64) { record(steps.flatMap(\.repairs), vpn, now) }

    /// The same of the northbound database.
    package mutating func record(_ steps: [ExemptionStep], of vpn: VPNName, at now: Int64) { record(steps.flatMap(\.repairs), vpn, now) }

    private mutating func record(_ repairs: [(object: String, change: String)], _ vpn: VPNName, _ now: Int64) {
        var list = self[vpn] + repairs.map { Drift(object: $0.object, change: $0.change, repairedAt: now) }
        list.removeFirst(max(0, list.count - Self.capacity))
        entries[vpn] = list
    }

    package mutating func forget(_ vpn: VPNName) { entries[vpn] = nil }
}
