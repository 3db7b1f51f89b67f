import NetworkTypes

/// Ranges of AS numbers, VNIs and IPv4 addresses, as numbers.
extension ClosedRange<UInt32> {
    /// `7` or `7-9`, as the file has it.
    package var text: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound)-\(upperBound)" }

    /// What is left of it, in order: a reservation may be as wide as the pool, and is stepped over and not through.
    package func without(_ holes: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var rest: [ClosedRange<UInt32>] = []
        var start = lowerBound
        for hole in holes.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            guard hole.upperBound >= start, hole.lowerBound <= upperBound else { continue }
            if hole.lowerBound > start { rest.append(start...(hole.lowerBound - 1)) }
            guard hole.upperBound < upperBound else { return rest }
            start = hole.upperBound + 1
        }
        rest.append(start...upperBound)
        return rest
    }

    /// The count of its numbers that are in the other ranges; numbers in two of them count once.
    package func overlap(_ others: [ClosedRange<UInt32>]) -> Int { count - without(others).reduce(0) { $0 + $1.count } }
}

extension IPPrefix {
    /// The addresses of an IPv4 prefix.
    package var numbers: ClosedRange<UInt32> {
        let first = UInt32(truncatingIfNeeded: address.bits)
        return first...(first | UInt32(truncatingIfNeeded: UInt64(UInt32.max) >> UInt64(min(length, 32))))
    }

    /// The addresses that gateways can have: all but the network's own and the broadcast address, which prefixes of 31 and 32 bits have
    /// not (RFC 3021). Nil for IPv6.
    package var gatewayAddresses: ClosedRange<UInt32>? {
        guard family == .ipv4 else { return nil }
        return length < 31 ? (numbers.lowerBound + 1)...(numbers.upperBound - 1) : numbers
    }
}
