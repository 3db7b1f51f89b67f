import Federation
import FederationModel
import NetworkTypes

/// Values that must be unique in the federation, with their holders, and reserved values that nothing in it may use.
struct Claims {
    enum Kind: String, Hashable {
        case asn = "AS"
        case vni = "VNI"
        case routeTarget = "route target"
        case address = "address"
        case routerMAC = "router MAC"
    }

    private struct Key: Hashable {
        var kind: Kind
        var value: String
    }

    private struct Holder {
        var path: String
        var line: Int
    }

    private struct Reserved {
        var reason: String
        var line: Int
    }

    private var holders: [Key: Holder] = [:]
    private var reserved: [Key: Reserved] = [:]
    private var reservedRanges: [Kind: [(numbers: ClosedRange<UInt32>, by: Reserved)]] = [:]

    /// Takes the value for the item, or reports its current holder.
    mutating func claim(_ kind: Kind, _ value: some CustomStringConvertible, for item: FileWalk.Item, in walk: inout FileWalk) {
        let key = Key(kind: kind, value: value.description)
        if let reservation = reservation(of: key) {
            walk.report(
                at: item.place, path: item.path, value: key.value,
                reason:
                    "\(kind.rawValue) \(value) is reserved\(walk.otherLine(" on line", reservation.line)): \(shortened(reservation.reason))",
                remedy: "choose another one, or remove the reservation: values that this file assigns need none")
        }
        guard let holder = holders[key] else {
            holders[key] = Holder(path: item.path, line: item.place.line)
            return
        }
        // Clouds may share an AS, depending on their sessions: `checkSharedASes`.
        guard kind != .asn else { return }
        let remedy =
            switch kind {
            case .asn: ""
            case .vni: "give each VPN its own VNI, or omit it to have one allocated"
            case .routeTarget:
                "give each VPN its own target, or omit it to have one allocated: a shared target leaks routes between the VPNs"
            case .address: "give each gateway its own addresses"
            case .routerMAC:
                "give each gateway its own MAC, or omit it to have one allocated: FRR drops routes that carry the receiver's MAC"
            }
        walk.report(
            at: item.place, path: item.path, value: key.value,
            reason: "\(kind.rawValue) \(value) appears twice, first at \(holder.path)\(walk.otherLine(" on line", holder.line))",
            remedy: remedy
        )
    }

    /// Reserves the values. Reports values that are already reserved.
    mutating func reserve(_ reservation: Reservation, for item: FileWalk.Item, in walk: inout FileWalk) {
        let new = Reserved(reason: reservation.reason, line: item.place.line)
        let earlier: Reserved?
        switch reservation.values {
        case .asns(let numbers): earlier = reserve(numbers, .asn, new)
        case .vnis(let numbers): earlier = reserve(numbers, .vni, new)
        case .routeTarget(let target): earlier = reserve(Key(kind: .routeTarget, value: target.description), new)
        case .routerMAC(let mac): earlier = reserve(Key(kind: .routerMAC, value: mac.description), new)
        case .address(let address): earlier = reserve(Key(kind: .address, value: address.description), new)
        }
        guard let earlier else { return }
        walk.report(
            .warning, at: item.place, path: item.path,
            reason: "already reserved\(walk.otherLine(" on line", earlier.line)): \(shortened(earlier.reason))", remedy: "keep one of them")
    }

    private mutating func reserve(_ key: Key, _ new: Reserved) -> Reserved? {
        let earlier = reserved[key]
        reserved[key] = earlier ?? new
        return earlier
    }

    private mutating func reserve(_ numbers: ClosedRange<UInt32>, _ kind: Kind, _ new: Reserved) -> Reserved? {
        let earlier = reservedRanges[kind]?.first { $0.numbers.overlaps(numbers) }?.by
        reservedRanges[kind, default: []].append((numbers, new))
        return earlier
    }

    func isReserved(_ kind: Kind, _ value: some CustomStringConvertible) -> Bool {
        reservation(of: Key(kind: kind, value: value.description)) != nil
    }

    private func reservation(of key: Key) -> Reserved? {
        if let number = UInt32(key.value), let range = reservedRanges[key.kind]?.first(where: { $0.numbers.contains(number) }) {
            return range.by
        }
        return reserved[key]
    }
}
