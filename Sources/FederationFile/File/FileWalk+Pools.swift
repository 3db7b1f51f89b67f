import FederationModel
import NetworkTypes

extension FileWalk {
    mutating func pools(of item: Item) -> PoolSettings? {
        guard let fields = fields(of: item, .pools) else { return nil }
        var pools = PoolSettings()
        if let item = fields["as"] { pools.asns = asns(of: item) }
        if let item = fields["vni"] { pools.vnis = vnis(of: item) }
        if let item = fields["rt"], let fields = self.fields(of: item, .targetPool) {
            if let item = fields["administrator"] {
                let administrator = number(
                    of: item, "two-byte AS", in: 1...0xffff,
                    remedy: "write a private one from 64512–65534: it leaves 32 bits of the target for the VNI")
                pools.routeTargetAdministrator = administrator.map { UInt16(truncatingIfNeeded: $0) }
            }
            if let item = fields["numbers"] {
                pools.routeTargetNumbers = range(of: item, "range of numbers", example: "16777216-17000000") { text throws(ParseError) in
                    guard let number = UInt32(text), number > 0, number.description == text else {
                        throw ParseError(expected: "number", value: String(text), reason: "must be 1–4294967295", remedy: "")
                    }
                    return number
                }
            }
        }
        if let item = fields["probeAddresses"] { pools.probeAddresses = addressPool(of: item, longest: 30) }
        if let item = fields["quarantine"] { pools.quarantine = duration(of: item) }
        return pools
    }

    private mutating func asns(of item: Item) -> ClosedRange<UInt32>? {
        range(of: item, "range of AS numbers", example: "4200000000-4200000999") { text throws(ParseError) in
            try ASN(parsing: text).value
        }
    }

    private mutating func vnis(of item: Item) -> ClosedRange<UInt32>? {
        range(of: item, "range of VNIs", example: "10000-19999") { text throws(ParseError) in try VNI(parsing: text).value }
    }

    /// A prefix from which gateways get addresses.
    mutating func addressPool(of item: Item, longest: Int) -> IPPrefix? {
        guard let prefix = value(of: item, as: IPPrefix.self) else { return nil }
        let reason: String
        switch prefix.address {
        case .v6: reason = "\(prefix) is IPv6: EVPN in FRR 8.4 supports IPv4 VTEPs only"
        case .v4 where prefix.length > longest: reason = "\(prefix) is too small: longest is /\(longest)"
        case .v4:
            guard let purpose = SpecialPurpose.allCases.first(where: { $0.overlaps(prefix) }) else { return prefix }
            reason = "\(prefix) has addresses that gateways cannot use: \(purpose.words)"
        }
        report(
            at: item.place, path: item.path, value: prefix.description, reason: reason,
            remedy: "write an IPv4 prefix reserved for gateways, like 192.0.2.0/24")
        return nil
    }

    // MARK: Reservations

    mutating func reservations(of item: Item, _ claims: inout Claims) -> [Reservation] {
        let example = "reserved: [{vni: 20001-20010, reason: old fabric}]"
        guard let elements = elements(of: item, example: example) else { return [] }
        var reservations: [Reservation] = []
        for element in elements {
            guard let fields = fields(of: element, .reservation) else { continue }
            let reason = fields["reason"].flatMap { text(of: $0, remedy: "write what uses the values") }
            guard let key = choice(of: element, fields, .reservation)?.first, let item = fields[key] else { continue }
            guard let values = reservedValues(key, item), let reason else { continue }
            let reservation = Reservation(values: values, reason: reason)
            claims.reserve(reservation, for: item, in: &self)
            reservations.append(reservation)
        }
        return reservations
    }

    private mutating func reservedValues(_ key: String, _ item: Item) -> Reservation.Values? {
        switch key {
        case "as": asns(of: item).map { .asns($0) }
        case "vni": vnis(of: item).map { .vnis($0) }
        case "rt": routeTarget(of: item).map { .routeTarget($0) }
        case "routerMAC": value(of: item, as: MACAddress.self).map { .routerMAC($0) }
        default: reservedAddress(of: item).map { .address($0) }
        }
    }

    private mutating func reservedAddress(of item: Item) -> IPv4Address? {
        guard let address = value(of: item, as: IPv4Address.self) else { return nil }
        if let purpose = SpecialPurpose(of: .v4(address)) {
            report(
                .warning, at: item.place, path: item.path, value: address.description,
                reason: "\(address) is \(purpose.words): it is never allocated", remedy: "remove the reservation")
        }
        return address
    }
}
