import FederationModel
import NetworkTypes

/// One line of the book: a value, and who has it or why nobody does.
package struct LedgerEntry: Hashable, Sendable, Codable, Comparable {
    /// What a value is, as the file calls it.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case asn = "as"
        case vni
        case routeTarget = "rt"
        case distinguisherIndex = "rd-index"
        case vtep
        case routerMAC = "router-mac"
        case probeAddress = "probe-address"
        /// Reserved ones: neither for VTEPs nor for probes.
        case address
    }

    /// Why the value is not free.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case held
        /// Released, and not free yet.
        case quarantined
        case reserved
    }

    package var kind: Kind
    /// `10001`; reservations may have ranges, `20001-20010`.
    package var value: String
    /// Who has it, or had it last: `paris`, `blue`, `blue/cloud/paris`, `paris/gw1`. Nil for reservations.
    package var owner: String?
    package var state: State
    /// Since when it is in this state, in milliseconds since 1970; nil for reservations of the file, and 0 where an old ledger did not say.
    package var since: Int64?
    /// When its quarantine ends, in milliseconds since 1970.
    package var until: Int64?
    /// For people.
    package var reason: String

    package init(
        kind: Kind, value: String, owner: String?, state: State, since: Int64?, until: Int64? = nil, reason: String
    ) {
        self.kind = kind
        self.value = value
        self.owner = owner
        self.state = state
        self.since = since
        self.until = until
        self.reason = reason
    }

    /// By kind, state and owner.
    package static func < (a: Self, b: Self) -> Bool {
        (a.kind.order, a.state.order, a.owner ?? "", a.value, a.reason) < (b.kind.order, b.state.order, b.owner ?? "", b.value, b.reason)
    }
}

extension CaseIterable where Self: Equatable, AllCases.Index == Int {
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Ledger {
    /// Everything that is not free: what is held, what is in quarantine, and what is reserved, by the file or by command. Sorted.
    ///
    /// - Parameter graph: The one that the ledger has allocated for.
    package func entries(of graph: FederationGraph) -> [LedgerEntry] {
        let quarantine = pools.with(graph.pools).quarantine
        var entries: [LedgerEntry] = []
        func add<Owner, Value>(
            _ kind: LedgerEntry.Kind, _ register: Register<Owner, Value>, inUse: Set<Value> = [], _ given: (Owner) -> Value?
        ) {
            for (owner, value) in register.held {
                entries.append(
                    LedgerEntry(
                        kind: kind, value: value.description, owner: owner.description, state: .held, since: register.since[owner],
                        reason: given(owner) == value ? "the file gives it" : "allocated"))
            }
            for (value, released) in register.quarantined {
                if inUse.contains(value) {
                    entries.append(
                        LedgerEntry(
                            kind: kind, value: value.description, owner: released.owner.description, state: .quarantined,
                            since: released.at,
                            reason: "in use by \(released.owner) until its VNI has changed"))
                    continue
                }
                entries.append(
                    LedgerEntry(
                        kind: kind, value: value.description, owner: released.owner.description, state: .quarantined, since: released.at,
                        until: released.at + quarantine, reason: "released by \(released.owner), whose agents may still have it"))
            }
        }
        add(.asn, asns) { graph.clouds[$0]?.asn }
        for (cloud, asn) in sharedASNs {
            entries.append(
                LedgerEntry(
                    kind: .asn, value: asn.description, owner: cloud.text, state: .held, since: nil,
                    reason: "the file gives it, and to other clouds too"))
        }
        add(.vni, vnis, inUse: vnisInUse) { graph.vpns[$0]?.vni }
        add(.routeTarget, routeTargets, inUse: targetsInUse) {
            if case .vpn(let vpn) = $0 { graph.vpns[vpn]?.routeTarget } else { nil }
        }
        add(.distinguisherIndex, distinguishers, inUse: indexesInUse) { _ in nil }
        add(.vtep, vteps) { id in
            if case .v4(let vtep) = graph[id]?.vtep { vtep } else { nil }
        }
        add(.routerMAC, routerMACs) { graph[$0]?.routerMAC }
        add(.probeAddress, probeAddresses) { graph[$0]?.probeAddress }
        for reservation in graph.reservations { entries.append(LedgerEntry(reservation, since: nil)) }
        for kept in reservations { entries.append(LedgerEntry(kept.reservation, since: kept.since)) }
        return entries.sorted()
    }
}

extension LedgerEntry {
    fileprivate init(_ reservation: Reservation, since: Int64?) {
        self.init(
            kind: reservation.values.ledgerKind, value: reservation.values.text, owner: nil, state: .reserved, since: since,
            reason: reservation.reason)
    }
}

extension Reservation.Values {
    package var ledgerKind: LedgerEntry.Kind {
        switch self {
        case .asns: .asn
        case .vnis: .vni
        case .routeTarget: .routeTarget
        case .routerMAC: .routerMAC
        case .address: .address
        }
    }
}
