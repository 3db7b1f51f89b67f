import FederationModel
import NetworkTypes

/// Reservations made and removed by command, in addition to those of the file.
extension Ledger {
    /// Reserves values. Reserving the same values again changes only the reason.
    ///
    /// - Parameter now: Milliseconds since 1970.
    /// - Throws: If one of them is in use; then nothing is reserved.
    package mutating func reserve(_ reservation: Reservation, at now: Int64) throws(AllocationError) {
        try checkUnused(reservation.values) { "give \($0) another one first, or reserve other values" }
        if let index = reservations.firstIndex(where: { $0.reservation.values == reservation.values }) {
            reservations[index].reservation.reason = reservation.reason
        } else {
            reservations.append(KeptReservation(reservation, since: now))
        }
    }

    /// Removes a reservation made by `reserve`, or ends the quarantine of these values early.
    ///
    /// - Throws: If they are not reserved by command and not in quarantine.
    package mutating func release(_ values: Reservation.Values) throws(AllocationError) {
        if let index = reservations.firstIndex(where: { $0.reservation.values == values }) {
            reservations.remove(at: index)
            return
        }
        guard !endQuarantine(of: values) else { return }
        try checkUnused(values) { "remove \($0) from the file, or give it another value there" }
        if let around = reservations.first(where: { $0.reservation.values.overlaps(values) }) {
            throw AllocationError(problems: [
                AllocationProblem(
                    cause: .reserved, path: "alloc", value: values.description,
                    reason: "\(values) is only a part of the reservation \(around.reservation.values)",
                    remedy: "release \(around.reservation.values), then reserve the rest again")
            ])
        }
        throw AllocationError(problems: [
            AllocationProblem(
                cause: .taken, path: "alloc", value: values.description,
                reason: "\(values) is not reserved by command and not in quarantine",
                remedy: "remove a reservation of the file in the file; see “fedctl alloc list”")
        ])
    }

    private mutating func endQuarantine(of values: Reservation.Values) -> Bool {
        switch values {
        case .asns(let range): return asns.endQuarantine { range.contains($0.value) }
        case .vnis(let range):
            let inUse = vnisInUse
            return vnis.endQuarantine { range.contains($0.value) && !inUse.contains($0) }
        case .routeTarget(let target):
            let inUse = targetsInUse
            return routeTargets.endQuarantine { $0 == target && !inUse.contains($0) }
        case .routerMAC(let mac): return routerMACs.endQuarantine { $0 == mac }
        case .address(let address):
            let one = vteps.endQuarantine { $0 == address }
            let other = probeAddresses.endQuarantine { $0 == address }
            return one || other
        }
    }

    /// - Parameter remedy: For an owner of one of the values.
    private func checkUnused(_ values: Reservation.Values, remedy: (String) -> String) throws(AllocationError) {
        let problems = users(of: values).map { user in
            AllocationProblem(
                cause: .taken, path: user.path, value: user.value,
                reason: "\(user.kind) \(user.value) is in use by \(user.owner)", remedy: remedy(user.owner))
        }
        guard problems.isEmpty else { throw AllocationError(problems: problems.sorted()) }
    }

    private struct User {
        var kind: String
        var owner: String
        var value: String
        var path: String
    }

    private func users(of values: Reservation.Values) -> [User] {
        func gateway(_ kind: String, _ key: String, _ id: GatewayID, _ value: some CustomStringConvertible) -> User {
            User(
                kind: kind, owner: id.description, value: value.description,
                path: id.path(key))
        }
        switch values {
        case .asns(let range):
            return asns.held.merging(sharedASNs) { $1 }.filter { range.contains($0.value.value) }.map {
                User(kind: "AS", owner: $0.key.text, value: $0.value.description, path: "clouds.\($0.key).as")
            }
        case .vnis(let range):
            var owners = vnis.holders
            for (vpn, change) in vniChanges { for numbers in change.both { owners[numbers.vni] = vpn } }
            return owners.filter { range.contains($0.key.value) }.map {
                User(kind: "VNI", owner: $0.value.text, value: $0.key.description, path: "vpns.\($0.value).vni")
            }
        case .routeTarget(let target):
            let secondary = vniChanges.values.flatMap(\.both).flatMap(\.targets).first { $0.value == target }
            return (routeTargets.holders[target] ?? secondary?.key).map {
                [User(kind: "route target", owner: $0.description, value: target.description, path: "vpns.\($0.vpn).rt")]
            } ?? []
        case .routerMAC(let mac):
            return routerMACs.holders[mac].map { [gateway("router MAC", "routerMAC", $0, mac)] } ?? []
        case .address(let address):
            return (vteps.holders[address].map { [gateway("VTEP address", "vtep", $0, address)] } ?? [])
                + (probeAddresses.holders[address].map { [gateway("probe address", "probeAddress", $0, address)] } ?? [])
        }
    }
}

extension Reservation.Values: CustomStringConvertible {
    /// `AS 65001`, `VNI 20001-20010`, `route target 64900:500`.
    package var description: String { "\(kind) \(text)" }

    private var kind: String {
        switch self {
        case .asns: "AS"
        case .vnis: "VNI"
        case .routeTarget: "route target"
        case .routerMAC: "router MAC"
        case .address: "address"
        }
    }

    /// Only the values, as in the file.
    package var text: String {
        switch self {
        case .asns(let range), .vnis(let range): range.text
        case .routeTarget(let target): target.description
        case .routerMAC(let mac): mac.description
        case .address(let address): address.description
        }
    }

    func overlaps(_ other: Self) -> Bool {
        switch (self, other) {
        case (.asns(let a), .asns(let b)), (.vnis(let a), .vnis(let b)): a.overlaps(b)
        default: self == other
        }
    }
}
