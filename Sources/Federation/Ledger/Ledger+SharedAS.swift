import NetworkTypes

extension Ledger {
    /// Moves AS numbers that several clouds share out of the exclusive ones. They come from the file, so they are not
    /// allocated, and have no quarantine.
    ///
    /// - Returns: Problems if such an AS has another owner or is reserved.
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
                    remedy: "give \(cloud) another one, or remove the reservation")
            }
            guard let holder = asns.holders[asn], given[holder] != asn, allocation.graph.clouds[holder] != nil else { return nil }
            return AllocationProblem(
                cause: .taken, path: path, value: asn.description, reason: "AS \(asn) is allocated to \(holder)",
                remedy: "choose another one, or also write “as: \(asn)” for \(holder) if both are in one AS")
        }
    }
}
