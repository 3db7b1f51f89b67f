import FederationModel
import NetworkTypes

/// The difference between two ledgers; a revision is stored as this.
package struct LedgerDelta: Hashable, Sendable, Codable {
    /// Everything except registers and VNI changes, if it differs.
    var rest: Ledger?
    var vniChanges: VNIChangesDelta?
    var asns: RegisterDelta<CloudName, ASN>?
    var vnis: RegisterDelta<VPNName, VNI>?
    var routeTargets: RegisterDelta<TargetOwner, RouteTarget>?
    var distinguishers: RegisterDelta<VPNName, DistinguisherIndex>?
    var vteps: RegisterDelta<GatewayID, IPv4Address>?
    var routerMACs: RegisterDelta<GatewayID, MACAddress>?
    var probeAddresses: RegisterDelta<GatewayID, IPv4Address>?

    package init(from old: Ledger, to new: Ledger) {
        let rest = new.withoutRegisters
        if rest != old.withoutRegisters { self.rest = rest }
        vniChanges = VNIChangesDelta(from: old.vniChanges, to: new.vniChanges)
        asns = RegisterDelta(from: old.asns, to: new.asns)
        vnis = RegisterDelta(from: old.vnis, to: new.vnis)
        routeTargets = RegisterDelta(from: old.routeTargets, to: new.routeTargets)
        distinguishers = RegisterDelta(from: old.distinguishers, to: new.distinguishers)
        vteps = RegisterDelta(from: old.vteps, to: new.vteps)
        routerMACs = RegisterDelta(from: old.routerMACs, to: new.routerMACs)
        probeAddresses = RegisterDelta(from: old.probeAddresses, to: new.probeAddresses)
    }

    /// Owners with another value, or without one (nil).
    package var holdings: [(kind: LedgerEntry.Kind, owner: String, value: String?)] {
        func changes<Owner, Value>(
            _ kind: LedgerEntry.Kind, _ delta: RegisterDelta<Owner, Value>?
        ) -> [(kind: LedgerEntry.Kind, owner: String, value: String?)] {
            guard let delta else { return [] }
            return delta.gone.map { (kind, $0.description, nil) } + delta.held.map { (kind, $0.description, $1.description) }
        }
        return changes(.asn, asns) + changes(.vni, vnis) + changes(.routeTarget, routeTargets)
            + changes(.distinguisherIndex, distinguishers) + changes(.vtep, vteps) + changes(.routerMAC, routerMACs)
            + changes(.probeAddress, probeAddresses)
    }
}

extension Ledger {
    /// Applies the delta.
    ///
    /// - Returns: False if the delta does not fit this ledger, which is then unusable.
    package mutating func apply(_ delta: LedgerDelta) -> Bool {
        if var rest = delta.rest {
            (rest.asns, rest.vnis, rest.routeTargets, rest.distinguishers) = (asns, vnis, routeTargets, distinguishers)
            (rest.vteps, rest.routerMACs, rest.probeAddresses) = (vteps, routerMACs, probeAddresses)
            (rest.vniChanges, rest.vniSteps) = (vniChanges, vniSteps)
            self = rest
        }
        for vpn in delta.vniChanges?.gone ?? [] { vniChanges[vpn] = nil }
        for (vpn, change) in delta.vniChanges?.steps ?? [:] {
            vniChanges[vpn] = change
            vniSteps = max(vniSteps, change.step)
        }
        return apply(delta.asns, to: \.asns) && apply(delta.vnis, to: \.vnis) && apply(delta.routeTargets, to: \.routeTargets)
            && apply(delta.distinguishers, to: \.distinguishers) && apply(delta.vteps, to: \.vteps)
            && apply(delta.routerMACs, to: \.routerMACs) && apply(delta.probeAddresses, to: \.probeAddresses)
    }

    private mutating func apply<Owner, Value>(
        _ delta: RegisterDelta<Owner, Value>?, to register: WritableKeyPath<Ledger, Register<Owner, Value>>
    ) -> Bool {
        guard let delta else { return true }
        return self[keyPath: register].apply(delta)
    }

    /// A register that is not cleared here is stored whole with the rest if anything in it changes.
    fileprivate var withoutRegisters: Ledger {
        var copy = self
        (copy.asns, copy.vnis, copy.routeTargets, copy.distinguishers) = (.init(), .init(), .init(), .init())
        (copy.vteps, copy.routerMACs, copy.probeAddresses) = (.init(), .init(), .init())
        (copy.vniChanges, copy.vniSteps) = ([:], 0)
        return copy
    }
}

/// The difference between the VNI changes of two ledgers: one step of one VPN costs the same while a thousand others change.
struct VNIChangesDelta: Hashable, Sendable, Codable {
    /// New and advanced changes.
    var steps: [VPNName: VNIChange] = [:]
    /// Completed changes. Sorted.
    var gone: [VPNName] = []

    /// Nil if equal.
    init?(from old: [VPNName: VNIChange], to new: [VPNName: VNIChange]) {
        steps = new.filter { old[$0.key] != $0.value }
        gone = old.keys.filter { new[$0] == nil }.sorted()
        if steps.isEmpty && gone.isEmpty { return nil }
    }
}

/// The difference between two registers.
struct RegisterDelta<Owner: TextualValue & Comparable, Value: TextualValue & Comparable>: Hashable, Sendable, Codable {
    /// New or changed values.
    var held: [Owner: Value] = [:]
    /// Start times of those, and of owners whose start time changed.
    var since: [Owner: Int64] = [:]
    /// Sorted.
    var gone: [Owner] = []
    var quarantined: [Value: Register<Owner, Value>.Released] = [:]
    /// No longer in quarantine. Sorted.
    var freed: [Value] = []

    /// Nil if equal.
    init?(from old: Register<Owner, Value>, to new: Register<Owner, Value>) {
        for (owner, value) in new.held {
            let isOther = old.held[owner] != value
            if isOther { held[owner] = value }
            if isOther || old.since[owner] != new.since[owner] { since[owner] = new.since[owner] }
        }
        gone = old.held.keys.filter { new.held[$0] == nil }.sorted()
        for (value, released) in new.quarantined where old.quarantined[value] != released { quarantined[value] = released }
        freed = old.quarantined.keys.filter { new.quarantined[$0] == nil }.sorted()
        if held.isEmpty && since.isEmpty && gone.isEmpty && quarantined.isEmpty && freed.isEmpty { return nil }
    }
}
