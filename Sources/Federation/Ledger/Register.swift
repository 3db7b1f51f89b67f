import NetworkTypes

/// One kind of value with its owners: every owner has one value, every value one owner, over time.
///
/// Keeps three disjoint sets: held, in quarantine, and free.
struct Register<Owner: TextualValue & Comparable, Value: TextualValue & Comparable>: Hashable, Sendable {
    struct Released: Hashable, Sendable, Codable {
        var owner: Owner
        /// Milliseconds since 1970.
        var at: Int64
    }

    private(set) var held: [Owner: Value] = [:]
    /// Start times in milliseconds since 1970.
    private(set) var since: [Owner: Int64] = [:]
    private(set) var quarantined: [Value: Released] = [:]
    /// `held`, by value.
    private(set) var holders: [Value: Owner] = [:]

    /// Names of a register in problems.
    struct Words {
        /// `VNI`
        var value: String
        /// The path of an owner's value in the file.
        var path: (Owner) -> String
        /// The remedy if the pool is exhausted.
        var exhausted: String
    }

    /// Rules of allocation.
    struct Rules {
        var words: Words
        /// Milliseconds.
        var quarantine: Int64
        /// Whether a released value enters quarantine.
        var isQuarantined: (Owner) -> Bool = { _ in true }
        /// Never allocated, but a file may set them, and an owner keeps them.
        var avoided: Set<Value> = []
        /// Still in use by their last owner: their quarantine has not started.
        var inUse: Set<Value> = []
        /// Why a value is reserved; nil if it is not.
        var reservation: ((Value) -> String?)?
        /// The preferred value of an owner without one.
        var preference: (Owner) -> Value? = { _ in nil }
        /// The value for an owner that returns, given its last value in quarantine.
        var former: (Owner, Value?) -> Value? = { $1 }
        /// The owner's value in an older ledger; it replaces the current one if free.
        var older: ((Owner) -> Value?)?
        /// The next untried value of the owner's pool.
        var next: (Owner) -> Value?
    }

    /// Assigns a value to every owner of `wanted`: from the file, the current or previous one, or a new one of the pool.
    ///
    /// - Parameter wanted: All owners, with the value from the file or nil. Other owners release their values.
    mutating func assign(_ wanted: [Owner: Value?], at now: Int64, by rules: Rules) -> [AllocationProblem] {
        quarantined = quarantined.filter { now - $0.value.at < rules.quarantine || rules.inUse.contains($0.key) }
        for (owner, value) in held where wanted[owner] == nil { release(value, of: owner, at: now, by: rules) }

        // Values from the file first: allocations below must not use them.
        let given = wanted.compactMapValues { $0 }
        var problems = give(given, at: now, by: rules)
        if let older = rules.older { takeBack(wanted.keys.filter { given[$0] == nil }, older, at: now, by: rules) }
        problems += fill(wanted.keys.filter { held[$0] == nil && given[$0] == nil }.sorted(), at: now, by: rules)
        if let reservation = rules.reservation {
            for (owner, value) in held {
                if let reason = reservation(value) { problems.append(Self.reserved(value, owner, reason, rules.words)) }
            }
        }
        return problems
    }

    private mutating func give(_ given: [Owner: Value], at now: Int64, by rules: Rules) -> [AllocationProblem] {
        var problems: [AllocationProblem] = []
        for (owner, value) in given.filter({ held[$0.key] != $0.value }).sorted(by: { $0.key < $1.key }) {
            if let holder = holders[value], given[holder] == nil || given[holder] == value {
                problems.append(Self.taken(value, owner, holder, rules.words))
                continue
            }
            if let holder = holders[value] { release(value, of: holder, at: now, by: rules) }
            if let released = quarantined[value], released.owner != owner {
                if rules.inUse.contains(value) {
                    problems.append(Self.inUse(value, owner, released.owner, rules.words))
                    continue
                }
                let remaining = rules.quarantine - max(0, now - released.at)
                problems.append(Self.quarantined(value, owner, released.owner, remaining, rules.words))
                continue
            }
            take(value, by: owner, at: now, by: rules)
        }
        return problems
    }

    private mutating func takeBack(_ owners: [Owner], _ older: (Owner) -> Value?, at now: Int64, by rules: Rules) {
        let wishes = owners.compactMap { owner in older(owner).map { (owner, $0) } }.filter { held[$0.0] != $0.1 }
        for (owner, value) in wishes.sorted(by: { $0.0 < $1.0 }) {
            guard holders[value] == nil, quarantined[value].map({ $0.owner == owner }) ?? true, isAllocatable(value, rules) else {
                continue
            }
            take(value, by: owner, at: now, by: rules)
        }
    }

    private mutating func fill(_ owners: [Owner], at now: Int64, by rules: Rules) -> [AllocationProblem] {
        guard !owners.isEmpty else { return [] }
        var problems: [AllocationProblem] = []
        let latest = latestReleased()
        for owner in owners {
            if let old = rules.former(owner, latest[owner]), isAllocatable(old, rules) {
                hold(old, by: owner, at: now)
            } else if let value = free(for: owner, rules) {
                hold(value, by: owner, at: now)
            } else {
                problems.append(exhausted(owner, rules))
            }
        }
        return problems
    }

    /// Each owner's last value in quarantine.
    private func latestReleased() -> [Owner: Value] {
        var latest: [Owner: (at: Int64, value: Value)] = [:]
        for (value, released) in quarantined {
            guard let other = latest[released.owner], (other.at, other.value) > (released.at, value) else {
                latest[released.owner] = (released.at, value)
                continue
            }
        }
        return latest.mapValues(\.value)
    }

    private func isAllocatable(_ value: Value, _ rules: Rules) -> Bool {
        !rules.avoided.contains(value) && rules.reservation?(value) == nil
    }

    /// Replaces an owner's value by one that it had, or that is free.
    mutating func take(_ value: Value, by owner: Owner, at now: Int64, by rules: Rules) {
        guard held[owner] != value, holders[value] == nil else { return }
        if let old = held[owner] { release(old, of: owner, at: now, by: rules) }
        hold(value, by: owner, at: now)
    }

    /// Replaces an owner's value by the next free one if it is in `spared`. Not by a previous one: an agent may still use it.
    mutating func renew(_ owner: Owner, sparing spared: Set<Value>, at now: Int64, by rules: Rules) -> AllocationProblem? {
        guard let old = held[owner], spared.contains(old) else { return nil }
        guard let value = free(for: owner, rules) else { return exhausted(owner, rules) }
        take(value, by: owner, at: now, by: rules)
        return nil
    }

    /// The preferred value if free, otherwise the next free one of the pool.
    private func free(for owner: Owner, _ rules: Rules) -> Value? {
        func isFree(_ value: Value) -> Bool { holders[value] == nil && quarantined[value] == nil && isAllocatable(value, rules) }
        if let value = rules.preference(owner), isFree(value) { return value }
        while let value = rules.next(owner) { if isFree(value) { return value } }
        return nil
    }

    /// Restarts the quarantine of a value that is no longer in use; does nothing for a held value.
    mutating func restartQuarantine(of value: Value, at now: Int64) { quarantined[value]?.at = now }

    private func exhausted(_ owner: Owner, _ rules: Rules) -> AllocationProblem {
        AllocationProblem(
            cause: .exhausted, path: rules.words.path(owner), value: nil,
            reason: "no \(rules.words.value) left for \(owner): \(held.count) in use, \(quarantined.count) in quarantine",
            remedy: rules.words.exhausted)
    }

    private mutating func hold(_ value: Value, by owner: Owner, at now: Int64) {
        held[owner] = value
        since[owner] = now
        holders[value] = owner
        quarantined[value] = nil
    }

    private mutating func release(_ value: Value, of owner: Owner, at now: Int64, by rules: Rules) {
        held[owner] = nil
        since[owner] = nil
        holders[value] = nil
        if rules.isQuarantined(owner) { quarantined[value] = Released(owner: owner, at: now) }
    }

    /// Ends quarantines early.
    mutating func endQuarantine(where isMeant: (Value) -> Bool) -> Bool {
        let kept = quarantined.filter { !isMeant($0.key) }
        defer { quarantined = kept }
        return kept.count < quarantined.count
    }
}

extension Register {
    /// Applies the delta.
    ///
    /// - Returns: False if the delta does not fit: a value would have two owners, or an owner and a quarantine.
    mutating func apply(_ delta: RegisterDelta<Owner, Value>) -> Bool {
        for owner in delta.gone + delta.held.keys {
            guard let old = held.removeValue(forKey: owner) else { continue }
            since[owner] = nil
            holders[old] = nil
        }
        for value in delta.freed { quarantined[value] = nil }
        for (value, released) in delta.quarantined { quarantined[value] = released }
        for (owner, value) in delta.held {
            held[owner] = value
            guard holders.updateValue(owner, forKey: value) == nil else { return false }
        }
        for (owner, at) in delta.since { since[owner] = at }
        return delta.held.values.allSatisfy { quarantined[$0] == nil } && delta.quarantined.keys.allSatisfy { holders[$0] == nil }
    }
}

extension Register: Codable {
    private enum CodingKeys: CodingKey {
        case held, since, quarantined
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        held = try container.decode([Owner: Value].self, forKey: .held)
        // Missing in ledgers of the first release.
        since = try container.decodeIfPresent([Owner: Int64].self, forKey: .since) ?? held.mapValues { _ in 0 }
        quarantined = try container.decode([Value: Released].self, forKey: .quarantined)
        for (owner, value) in held {
            // An inconsistent ledger must not be used.
            guard holders.updateValue(owner, forKey: value) == nil, quarantined[value] == nil else {
                throw DecodingError.dataCorruptedError(
                    forKey: .held, in: container, debugDescription: "\(value) has two owners, or an owner and a quarantine")
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(held, forKey: .held)
        try container.encode(since, forKey: .since)
        try container.encode(quarantined, forKey: .quarantined)
    }
}
