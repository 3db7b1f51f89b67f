import Federation
import FederationModel
import NetworkTypes

/// Values that only one thing of the federation may have, with who has them, and those that nothing of it may have.
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

    /// Takes the value for the item, or reports who has it already.
    mutating func claim(_ kind: Kind, _ value: some CustomStringConvertible, for item: FileWalk.Item, in walk: inout FileWalk) {
        let key = Key(kind: kind, value: value.description)
        if let reservation = reservation(of: key) {
            walk.report(
                at: item.place, path: item.path, value: key.value,
                reason: "\(kind.rawValue) \(value) is reserved on line \(reservation.line): \(shortened(reservation.reason))",
                remedy: "take another one, or end the reservation: what this file gives needs none")
        }
        guard let holder = holders[key] else {
            holders[key] = Holder(path: item.path, line: item.place.line)
            return
        }
        // Whether clouds may share an AS, their sessions say: `checkSharedASes`.
        guard kind != .asn else { return }
        let remedy =
            switch kind {
            case .asn: ""
            case .vni: "give each VPN a VNI of its own, or leave it out and one is allocated"
            case .routeTarget: "give each VPN a target of its own, or leave it out: a shared one leaks the VPNs into each other"
            case .address: "give each gateway addresses of its own"
            case .routerMAC: "give each gateway a MAC of its own (FRR drops routes that carry the receiver's MAC), or leave it out"
            }
        walk.report(
            at: item.place, path: item.path, value: key.value,
            reason: "\(kind.rawValue) \(value) is used twice, first by \(holder.path) on line \(holder.line)", remedy: remedy)
    }

    /// Keeps the values from being claimed. Says where they are reserved twice.
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
            reason: "this is reserved already on line \(earlier.line): \(shortened(earlier.reason))", remedy: "keep one of them")
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
