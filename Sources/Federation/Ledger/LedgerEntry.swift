import FederationModel
import NetworkTypes

/// One entry of the ledger: a value with its owner, or the reason why it is not free.
package struct LedgerEntry: Hashable, Sendable, Codable, Comparable {
    /// The kind of a value, named as in the file.
    package struct Kind: OpenWord {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let asn = Self(rawValue: "as")
        package static let vni = Self(rawValue: "vni")
        package static let routeTarget = Self(rawValue: "rt")
        package static let distinguisherIndex = Self(rawValue: "rd-index")
        package static let vtep = Self(rawValue: "vtep")
        package static let routerMAC = Self(rawValue: "router-mac")
        package static let probeAddress = Self(rawValue: "probe-address")
        /// Reserved addresses, for neither VTEPs nor probes.
        package static let address = Self(rawValue: "address")

        package static let known: [Self] = [.asn, .vni, .routeTarget, .distinguisherIndex, .vtep, .routerMAC, .probeAddress, .address]
    }

    /// Why the value is not free.
    package struct State: OpenWord {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let held = Self(rawValue: "held")
        /// Released, but not free yet.
        package static let quarantined = Self(rawValue: "quarantined")
        package static let reserved = Self(rawValue: "reserved")

        package static let known: [Self] = [.held, .quarantined, .reserved]
    }

    package var kind: Kind
    /// `10001`; reservations may have ranges, `20001-20010`.
    package var value: String
    /// The current or last owner: `paris`, `blue`, `blue/cloud/paris`, `paris/gw1`. Nil for reservations.
    package var owner: String?
    package var state: State
    /// Start of this state in milliseconds since 1970; nil for reservations of the file, 0 if unknown in an old ledger.
    package var since: Int64?
    /// End of its quarantine in milliseconds since 1970.
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

extension OpenWord {
    /// What a later release has comes last.
    fileprivate var order: Int { Self.known.firstIndex(of: self) ?? Self.known.count }
}

extension Ledger {
    /// All values that are held, in quarantine or reserved, by the file or by command. Sorted.
    ///
    /// - Parameter graph: The graph that the ledger has allocated for.
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
                        reason: given(owner) == value ? "set in the file" : "allocated"))
            }
            for (value, released) in register.quarantined {
                if inUse.contains(value) {
                    entries.append(
                        LedgerEntry(
                            kind: kind, value: value.description, owner: released.owner.description, state: .quarantined,
                            since: released.at,
                            reason: "in use by \(released.owner) until its VNI change completes"))
                    continue
                }
                entries.append(
                    LedgerEntry(
                        kind: kind, value: value.description, owner: released.owner.description, state: .quarantined, since: released.at,
                        until: released.at + quarantine, reason: "released by \(released.owner); its agents may still use it"))
            }
        }
        add(.asn, asns) { graph.clouds[$0]?.asn }
        for (cloud, asn) in sharedASNs {
            entries.append(
                LedgerEntry(
                    kind: .asn, value: asn.description, owner: cloud.text, state: .held, since: nil,
                    reason: "set in the file, shared with other clouds"))
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
