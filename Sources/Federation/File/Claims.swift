import NetworkTypes

/// Values that only one thing of the federation may have, with who has them.
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

    private var holders: [Key: Holder] = [:]

    /// Takes the value for the item, or reports who has it already.
    mutating func claim(_ kind: Kind, _ value: some CustomStringConvertible, for item: FileWalk.Item, in walk: inout FileWalk) {
        let key = Key(kind: kind, value: value.description)
        guard let holder = holders[key] else {
            holders[key] = Holder(path: item.path, line: item.place.line)
            return
        }
        let remedy =
            switch kind {
            case .asn: "give each cloud an AS of its own (BGP drops routes that carry the receiver's AS), or leave it out"
            case .vni: "give each VPN a VNI of its own, or leave it out and one is allocated"
            case .routeTarget: "give each VPN a target of its own, or leave it out: a shared one leaks the VPNs into each other"
            case .address: "give each gateway addresses of its own"
            case .routerMAC: "give each gateway a MAC of its own (FRR drops routes that carry the receiver's MAC), or leave it out"
            }
        walk.report(
            at: item.place, path: item.path, value: key.value,
            reason: "\(kind.rawValue) \(value) is used twice, first by \(holder.path) on line \(holder.line)", remedy: remedy)
    }
}
