import FederationModel
import NetworkTypes

/// What a later ledger has otherwise than an earlier one; a revision is stored as this.
package struct LedgerDelta: Hashable, Sendable, Codable {
    /// All but the registers and the VNI changes, where it is not the same.
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

    /// Who got another value, or has none any more (nil).
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
    /// Makes it the ledger that the delta leads to.
    ///
    /// - Returns: False where the delta is none of this ledger's; then this one is of no use any more.
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

    /// A register that is not emptied here is part of the rest, and stored whole when anything of it changes.
    fileprivate var withoutRegisters: Ledger {
        var copy = self
        (copy.asns, copy.vnis, copy.routeTargets, copy.distinguishers) = (.init(), .init(), .init(), .init())
        (copy.vteps, copy.routerMACs, copy.probeAddresses) = (.init(), .init(), .init())
        (copy.vniChanges, copy.vniSteps) = ([:], 0)
        return copy
    }
}

/// What VNI changes of a later ledger are not as they were: one step of one VPN costs no more while a thousand others change.
struct VNIChangesDelta: Hashable, Sendable, Codable {
    /// New ones, and those that stand elsewhere.
    var steps: [VPNName: VNIChange] = [:]
    /// Done. Sorted.
    var gone: [VPNName] = []

    /// Nil where they are the same.
    init?(from old: [VPNName: VNIChange], to new: [VPNName: VNIChange]) {
        steps = new.filter { old[$0.key] != $0.value }
        gone = old.keys.filter { new[$0] == nil }.sorted()
        if steps.isEmpty && gone.isEmpty { return nil }
    }
}

/// What a later register has otherwise than an earlier one.
struct RegisterDelta<Owner: TextualValue & Comparable, Value: TextualValue & Comparable>: Hashable, Sendable, Codable {
    /// New or other values.
    var held: [Owner: Value] = [:]
    /// Of those, and of who has the same value since another time.
    var since: [Owner: Int64] = [:]
    /// Sorted.
    var gone: [Owner] = []
    var quarantined: [Value: Register<Owner, Value>.Released] = [:]
    /// In quarantine no longer. Sorted.
    var freed: [Value] = []

    /// Nil where they are the same.
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
