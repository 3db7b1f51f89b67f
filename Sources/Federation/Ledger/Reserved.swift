import FederationModel
import NetworkTypes

/// All reservations, of the file and by command, by kind.
struct Reserved {
    private(set) var asns: [(range: ClosedRange<UInt32>, reason: String)] = []
    private(set) var vnis: [(range: ClosedRange<UInt32>, reason: String)] = []
    private(set) var routeTargets: [RouteTarget: String] = [:]
    private(set) var routerMACs: [MACAddress: String] = [:]
    private(set) var addresses: [IPv4Address: String] = [:]

    init(_ reservations: some Sequence<Reservation>) {
        for reservation in reservations {
            let reason = reservation.reason
            switch reservation.values {
            case .asns(let range): asns.append((range, reason))
            case .vnis(let range): vnis.append((range, reason))
            case .routeTarget(let target): routeTargets[target] = reason
            case .routerMAC(let mac): routerMACs[mac] = reason
            case .address(let address): addresses[address] = reason
            }
        }
    }

    /// Nil if nothing of the kind is reserved, to skip the lookup.
    static func lookup<Value: Hashable>(_ reasons: [Value: String]) -> ((Value) -> String?)? {
        reasons.isEmpty ? nil : { reasons[$0] }
    }

    static func lookup<Value>(
        _ ranges: [(range: ClosedRange<UInt32>, reason: String)], _ number: @escaping (Value) -> UInt32
    ) -> ((Value) -> String?)? {
        ranges.isEmpty
            ? nil
            : { value in
                let number = number(value)
                return ranges.first { $0.range.contains(number) }?.reason
            }
    }
}

extension Ledger {
    /// All reservations for a graph: its own, and those made by command.
    func reserved(with graph: FederationGraph) -> Reserved { Reserved(graph.reservations + reservations.map(\.reservation)) }
}
