import NetworkTypes

/// One kind of value, and who has which: every owner one value, every value one owner, over time.
///
/// Holds three sets apart: what is held, what was released and is in quarantine, and all the rest, which is free.
struct Register<Owner: TextualValue & Comparable, Value: TextualValue & Comparable>: Hashable, Sendable {
    struct Released: Hashable, Sendable, Codable {
        var owner: Owner
        /// Milliseconds since 1970.
        var at: Int64
    }

    private(set) var held: [Owner: Value] = [:]
    /// Since when each is held, in milliseconds since 1970.
    private(set) var since: [Owner: Int64] = [:]
    private(set) var quarantined: [Value: Released] = [:]
    /// `held`, by value.
    private(set) var holders: [Value: Owner] = [:]

    /// How a register names itself in problems.
    struct Words {
        /// `VNI`
        var value: String
        /// The path of an owner's value in the file.
        var path: (Owner) -> String
        /// What to do when the pool is empty.
        var exhausted: String
    }

    /// What may be allocated.
    struct Rules {
        var words: Words
        /// Milliseconds.
        var quarantine: Int64
        /// Whether a released value goes into quarantine.
        var isQuarantined: (Owner) -> Bool = { _ in true }
        /// Never allocated, though a file may give them and who has one keeps it.
        var avoided: Set<Value> = []
        /// In use by who is said to have released them: their quarantine does not end, and the time of it has not begun.
        var inUse: Set<Value> = []
        /// Why a value is neither allocated nor given; nil for all others.
        var reservation: ((Value) -> String?)?
        /// What an owner without a value gets if it is free.
        var preference: (Owner) -> Value? = { _ in nil }
        /// What an owner that comes back gets again. Asked with what it had last, of what is in quarantine.
        var former: (Owner, Value?) -> Value? = { $1 }
        /// What an owner had in an older ledger, and gets again if it is free, though it may have another one now.
        var older: ((Owner) -> Value?)?
        /// The next value of the owner's pool that was not tried yet.
        var next: (Owner) -> Value?
    }

    /// Gives every owner of `wanted` a value: those that the file gives, those that they have or had, and new ones of the pool.
    ///
    /// - Parameter wanted: All owners there are, with the value that the file gives or nil. Owners that are not here release theirs.
    mutating func assign(_ wanted: [Owner: Value?], at now: Int64, by rules: Rules) -> [AllocationProblem] {
        quarantined = quarantined.filter { now - $0.value.at < rules.quarantine || rules.inUse.contains($0.key) }
        for (owner, value) in held where wanted[owner] == nil { release(value, of: owner, at: now, by: rules) }

        // The file's own values first: none that is allocated below may be one of them.
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

    /// What each owner had last, of what is in quarantine.
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

    /// Gives an owner a value that it had, or that is free, in place of its own.
    mutating func take(_ value: Value, by owner: Owner, at now: Int64, by rules: Rules) {
        guard held[owner] != value, holders[value] == nil else { return }
        if let old = held[owner] { release(old, of: owner, at: now, by: rules) }
        hold(value, by: owner, at: now)
    }

    /// Gives an owner the next free value if its own is one of those that are spared. None that it had before: some agent may still have it.
    mutating func renew(_ owner: Owner, sparing spared: Set<Value>, at now: Int64, by rules: Rules) -> AllocationProblem? {
        guard let old = held[owner], spared.contains(old) else { return nil }
        guard let value = free(for: owner, rules) else { return exhausted(owner, rules) }
        take(value, by: owner, at: now, by: rules)
        return nil
    }

    /// What is preferred for the owner if it is free, else the next of the pool that is.
    private func free(for owner: Owner, _ rules: Rules) -> Value? {
        func isFree(_ value: Value) -> Bool { holders[value] == nil && quarantined[value] == nil && isAllocatable(value, rules) }
        if let value = rules.preference(owner), isFree(value) { return value }
        while let value = rules.next(owner) { if isFree(value) { return value } }
        return nil
    }

    /// Of a value that is in use no more, or is by somebody else and then nothing is done.
    mutating func restartQuarantine(of value: Value, at now: Int64) { quarantined[value]?.at = now }

    private func exhausted(_ owner: Owner, _ rules: Rules) -> AllocationProblem {
        AllocationProblem(
            cause: .exhausted, path: rules.words.path(owner), value: nil,
            reason: "no \(rules.words.value) is left for \(owner): \(held.count) are in use and \(quarantined.count) in quarantine",
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

    /// Frees what is in quarantine before its time.
    mutating func endQuarantine(where isMeant: (Value) -> Bool) -> Bool {
        let kept = quarantined.filter { !isMeant($0.key) }
        defer { quarantined = kept }
        return kept.count < quarantined.count
    }
}

extension Register {
    /// Makes it what the other one was that the delta was made with.
    ///
    /// - Returns: False where the delta is none of this register's: a value would have two owners, or one and a quarantine.
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
        // Ledgers of the first release do not say it.
        since = try container.decodeIfPresent([Owner: Int64].self, forKey: .since) ?? held.mapValues { _ in 0 }
        quarantined = try container.decode([Value: Released].self, forKey: .quarantined)
        for (owner, value) in held {
            // A ledger that says two things at once must not be gone on with.
            guard holders.updateValue(owner, forKey: value) == nil, quarantined[value] == nil else {
                throw DecodingError.dataCorruptedError(
                    forKey: .held, in: container, debugDescription: "\(value) has more than one owner, or one and a quarantine")
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
