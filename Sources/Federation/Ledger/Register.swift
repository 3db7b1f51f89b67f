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
    private(set) var quarantined: [Value: Released] = [:]
    /// `held`, by value.
    private var holders: [Value: Owner] = [:]

    /// How a register names itself in problems.
    struct Words {
        /// `VNI`
        var value: String
        /// The path of an owner's value in the file.
        var path: (Owner) -> String
        /// What to do when the pool is empty.
        var exhausted: String
    }

    /// Gives every owner of `wanted` a value: those that the file gives, those that they have or had, and new ones from `pool`.
    ///
    /// - Parameters:
    ///   - wanted: All owners there are, with the value that the file gives or nil. Owners that are not here release theirs.
    ///   - reserved: Values that are never allocated, though a file may give them.
    ///   - preference: What an owner without a value gets if it is free.
    ///   - pool: New values in the order in which they are tried.
    mutating func assign(
        _ wanted: [Owner: Value?], at now: Int64, quarantine: Int64, reserved: Set<Value> = [], words: Words,
        preference: (Owner) -> Value? = { _ in nil }, pool: some Sequence<Value>
    ) -> [AllocationProblem] {
        var problems: [AllocationProblem] = []
        quarantined = quarantined.filter { now - $0.value.at < quarantine }
        for (owner, value) in held where wanted[owner] == nil { release(value, of: owner, at: now) }

        // The file's own values first: none that is allocated below may be one of them.
        let given = wanted.compactMapValues { $0 }
        for (owner, value) in given.sorted(by: { $0.key < $1.key }) where held[owner] != value {
            if let holder = holders[value], given[holder] == nil || given[holder] == value {
                problems.append(Self.taken(value, owner, holder, words))
                continue
            }
            if let holder = holders[value] { release(value, of: holder, at: now) }
            if let released = quarantined[value], released.owner != owner {
                let remaining = quarantine - max(0, now - released.at)
                problems.append(Self.quarantined(value, owner, released.owner, remaining, words))
                continue
            }
            if let old = held[owner] { release(old, of: owner, at: now) }
            hold(value, by: owner)
        }

        var candidates = pool.makeIterator()
        func next() -> Value? {
            while let value = candidates.next() {
                if isFree(value), !reserved.contains(value) { return value }
            }
            return nil
        }
        let former = latestReleased()
        for owner in wanted.keys.sorted() where held[owner] == nil && given[owner] == nil {
            if let old = former[owner], !reserved.contains(old) {
                hold(old, by: owner)
            } else if let value = preference(owner), isFree(value), !reserved.contains(value) {
                hold(value, by: owner)
            } else if let value = next() {
                hold(value, by: owner)
            } else {
                problems.append(
                    AllocationProblem(
                        cause: .exhausted, path: words.path(owner), value: nil,
                        reason: "no \(words.value) is left for \(owner): \(held.count) are in use and \(quarantined.count) in quarantine",
                        remedy: words.exhausted))
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

    private func isFree(_ value: Value) -> Bool { holders[value] == nil && quarantined[value] == nil }

    private mutating func hold(_ value: Value, by owner: Owner) {
        held[owner] = value
        holders[value] = owner
        quarantined[value] = nil
    }

    private mutating func release(_ value: Value, of owner: Owner, at now: Int64) {
        held[owner] = nil
        holders[value] = nil
        quarantined[value] = Released(owner: owner, at: now)
    }

    private static func taken(_ value: Value, _ owner: Owner, _ holder: Owner, _ words: Words) -> AllocationProblem {
        AllocationProblem(
            cause: .taken, path: words.path(owner), value: value.description,
            reason: "\(words.value) \(value) is in use by \(holder)",
            remedy: "take another one, or leave it out and one is allocated")
    }

    private static func quarantined(
        _ value: Value, _ owner: Owner, _ last: Owner, _ remaining: Int64, _ words: Words
    ) -> AllocationProblem {
        let minutes = (remaining + 59_999) / 60_000
        let time = minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
        return AllocationProblem(
            cause: .quarantined(remaining: remaining), path: words.path(owner), value: value.description,
            reason: "\(words.value) \(value) was in use by \(last) and is kept free for \(time) more, for agents that still have it",
            remedy: "take another one, or leave it out and one is allocated, or apply again later")
    }
}

extension Register: Codable {
    private enum CodingKeys: CodingKey {
        case held, quarantined
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        held = try container.decode([Owner: Value].self, forKey: .held)
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
        try container.encode(quarantined, forKey: .quarantined)
    }
}
