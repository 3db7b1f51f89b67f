import NetworkTypes

extension Ledger {
    /// Takes what several clouds are given alike out of what each cloud has alone. It was given by the file, so nothing of it is
    /// allocated, and nothing rests in quarantine when one of them goes.
    ///
    /// - Returns: Where such an AS is somebody else's, or reserved.
    mutating func shareASes(_ allocation: Allocation) -> [AllocationProblem] {
        let given = allocation.graph.clouds.compactMapValues(\.asn)
        let counts = given.values.reduce(into: [ASN: Int]()) { $0[$1, default: 0] += 1 }
        sharedASNs = given.filter { counts[$0.value, default: 0] > 1 }
        let reservation = Reserved.lookup(allocation.reserved.asns) { (asn: ASN) in asn.value }
        return sharedASNs.sorted { $0.key < $1.key }.compactMap { cloud, asn in
            let path = "clouds.\(cloud).as"
            if let reason = reservation?(asn) {
                return AllocationProblem(
                    cause: .reserved, path: path, value: asn.description, reason: "AS \(asn) of \(cloud) is reserved: \(reason)",
                    remedy: "give \(cloud) another one, or take the reservation back")
            }
            guard let holder = asns.holders[asn], given[holder] != asn, allocation.graph.clouds[holder] != nil else { return nil }
            return AllocationProblem(
                cause: .taken, path: path, value: asn.description, reason: "AS \(asn) was allocated to \(holder)",
                remedy: "take another one, or write “as: \(asn)” for \(holder) too if it is of the same AS")
        }
    }
}
