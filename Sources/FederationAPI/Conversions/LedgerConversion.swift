import Federation
import FederationModel
import NetworkTypes

extension LedgerEntry {
    package init(_ wire: WireLedgerEntry) {
        self.init(
            kind: Kind(rawValue: wire.kind), value: wire.value, owner: wire.hasOwner ? wire.owner : nil, state: State(rawValue: wire.state),
            since: wire.hasSinceMilliseconds ? moment(wire.sinceMilliseconds) : nil,
            until: wire.hasUntilMilliseconds ? moment(wire.untilMilliseconds) : nil, reason: wire.reason)
    }
}

extension WireLedgerEntry {
    package init(_ entry: LedgerEntry) {
        kind = entry.kind.rawValue
        value = entry.value
        if let owner = entry.owner { self.owner = owner }
        state = entry.state.rawValue
        if let since = entry.since { sinceMilliseconds = since }
        if let until = entry.until { untilMilliseconds = until }
        reason = entry.reason
    }
}

extension LedgerChange {
    package init(_ wire: WireLedgerChange) {
        self.init(before: wire.hasBefore ? LedgerEntry(wire.before) : nil, after: wire.hasAfter ? LedgerEntry(wire.after) : nil)
    }
}

extension WireLedgerChange {
    package init(_ change: LedgerChange) {
        if let before = change.before { self.before = WireLedgerEntry(before) }
        if let after = change.after { self.after = WireLedgerEntry(after) }
    }
}

extension LedgerProblem {
    package init(_ wire: WireLedgerProblem) {
        self.init(cause: Cause(rawValue: wire.cause), path: wire.path, reason: wire.reason, remedy: wire.remedy)
    }
}

extension WireLedgerProblem {
    package init(_ problem: LedgerProblem) {
        cause = problem.cause.rawValue
        path = problem.path
        reason = problem.reason
        remedy = problem.remedy
    }
}

extension LedgerListing {
    init(_ wire: WireListAllocationsResponse) {
        self.init(
            revision: wire.revision, entries: wire.entries.map(LedgerEntry.init(_:)), problems: wire.problems.map(LedgerProblem.init(_:)))
    }
}

extension WireListAllocationsResponse {
    init(_ listing: LedgerListing) {
        revision = listing.revision
        entries = listing.entries.map(WireLedgerEntry.init(_:))
        problems = listing.problems.map(WireLedgerProblem.init(_:))
    }
}

extension LedgerOutcome {
    init(_ wire: WireReserveResponse) { self.init(revision: wire.revision, changes: wire.changes) }
}

extension WireReserveResponse {
    init(_ outcome: LedgerOutcome) {
        revision = outcome.revision
        changes = outcome.changes
    }
}

extension ReserveOrder {
    /// - Throws: `AdminRefusal` where the values are none, or nobody says whose they are.
    init(_ wire: WireReserveRequest) throws(AdminRefusal) {
        guard !wire.reason.isEmpty else {
            throw AdminRefusal(
                .invalidRequest, "a reservation needs a reason", remedy: "say whose the values are: --reason", place: "reason")
        }
        self.init(
            Reservation(values: try .init(wireKind: wire.kind, wire.value), reason: wire.reason),
            terms: ChangeConditions(base: wire.hasBase ? wire.base : nil, message: wire.message), isRehearsal: wire.dryRun)
    }
}

extension WireReserveRequest {
    init(_ order: ReserveOrder) {
        kind = order.reservation.values.ledgerKind.rawValue
        value = order.reservation.values.text
        reason = order.reservation.reason
        if let number = order.terms.base { base = number }
        message = order.terms.message
        dryRun = order.isRehearsal
    }
}

extension ReleaseOrder {
    /// - Throws: `AdminRefusal` where the values are none.
    init(_ wire: WireReleaseRequest) throws(AdminRefusal) {
        self.init(
            try .init(wireKind: wire.kind, wire.value),
            terms: ChangeConditions(base: wire.hasBase ? wire.base : nil, message: wire.message), isRehearsal: wire.dryRun)
    }
}

extension WireReleaseRequest {
    init(_ order: ReleaseOrder) {
        kind = order.values.ledgerKind.rawValue
        value = order.values.text
        if let number = order.terms.base { base = number }
        message = order.terms.message
        dryRun = order.isRehearsal
    }
}

extension Reservation.Values {
    /// - Parameters:
    ///   - kind: `as`, `vni`, `rt`, `router-mac` or `address`.
    ///   - text: a value; of `as` and `vni` also a range, `20001-20010`.
    package init(kind: String, parsing text: String) throws(ParseError) {
        switch LedgerEntry.Kind(rawValue: kind) {
        case .asn: self = .asns(try Self.range(text) { text throws(ParseError) in try ASN(parsing: text).value })
        case .vni: self = .vnis(try Self.range(text) { text throws(ParseError) in try VNI(parsing: text).value })
        case .routeTarget: self = .routeTarget(try RouteTarget(parsing: text))
        case .routerMAC: self = .routerMAC(try MACAddress(parsing: text))
        case .address: self = .address(try IPv4Address(parsing: text))
        default:
            throw ParseError(
                expected: "kind of values", value: kind, reason: "cannot be reserved",
                remedy: "use as, vni, rt, router-mac or address")
        }
    }

    private static func range(
        _ text: String, _ number: (Substring) throws(ParseError) -> UInt32
    ) throws(ParseError) -> ClosedRange<UInt32> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else {
            let one = try number(text[...])
            return one...one
        }
        let (lower, upper) = (try number(ends[0]), try number(ends[1]))
        guard lower <= upper else {
            throw ParseError(
                expected: "range", value: text, reason: "must begin with the smaller number", remedy: "write \(upper)-\(lower)")
        }
        return lower...upper
    }
}

extension Reservation.Values {
    fileprivate init(wireKind kind: String, _ value: String) throws(AdminRefusal) {
        do throws(ParseError) {
            try self.init(kind: kind, parsing: value)
        } catch {
            throw AdminRefusal(error, place: "value")
        }
    }
}
