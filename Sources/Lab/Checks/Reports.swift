import Foundation

/// What the product says of itself in `fedctl get agents -o json`, found by names of members wherever they stand:
/// the lab must not break because a report grew another level.
package enum Reports {
    /// The write counters of one agent.
    package struct Counters: Hashable, Sendable {
        package var reconciles: Double
        /// netlink, ovsdb, vty and openflow together.
        package var writes: Double
    }

    /// Counters by their place in the document.
    package static func counters(in document: JSON) -> [String: Counters] {
        var found: [String: Counters] = [:]
        walk(document, at: "") { place, object in
            guard let reconciles = quantity(object["reconciles"]) else { return }
            let writes = ["netlink", "ovsdb", "vty", "openflow"].compactMap { quantity(object[$0]) }.reduce(0, +)
            found[place] = Counters(reconciles: reconciles, writes: writes)
        }
        return found
    }

    /// Whether a repair is reported that is not older than `since` (milliseconds since 1970), of an object that holds `text`.
    package static func repair(of text: String, since: Double, in document: JSON) -> Bool {
        var found = false
        walk(document, at: "") { _, object in
            guard let name = object["object"]?.string, let time = moment(object["repairedAt"]) else { return }
            if time >= since, text.isEmpty || name.localizedCaseInsensitiveContains(text) { found = true }
        }
        return found
    }

    /// Whether any repair is reported that is not older than `since` (milliseconds since 1970).
    package static func repair(since: Double, in document: JSON) -> Bool { repair(of: "", since: since, in: document) }

    /// Whether something is complained of with this code, in a sentence that holds `text`.
    package static func complaint(_ code: String, about text: String, in document: JSON) -> Bool {
        var found = false
        walk(document, at: "") { _, object in
            if object["code"]?.string == code, object["message"]?.string?.contains(text) == true { found = true }
        }
        return found
    }

    /// Protobuf's JSON writes 64-bit numbers as strings.
    private static func quantity(_ value: JSON?) -> Double? { value?.number ?? value?.string.flatMap(Double.init) }

    /// Milliseconds since 1970 of a time as fedctl writes it (RFC 3339, with milliseconds).
    private static func moment(_ value: JSON?) -> Double? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return value?.string.flatMap { try? Date($0, strategy: style) }.map { ($0.timeIntervalSince1970 * 1000).rounded() }
    }

    private static func walk(_ value: JSON, at place: String, _ visit: (String, [String: JSON]) -> Void) {
        switch value {
        case .object(let members):
            visit(place, members)
            for (name, member) in members { walk(member, at: "\(place)/\(name)", visit) }
        case .array(let items):
            for (index, item) in items.enumerated() { walk(item, at: "\(place)/\(index)", visit) }
        default: break
        }
    }
}

extension Judge {
    func agents() async throws -> JSON {
        try JSON(parsing: try await lab.daemons.fedctl(["get", "agents", "-o", "json"]).succeed().utf8)
    }

    /// Reconciles go on, writes do not.
    func idle(_ seconds: Int) async throws -> String {
        let before = Reports.counters(in: try await agents())
        try await Task.sleep(for: .seconds(seconds))
        let after = Reports.counters(in: try await agents())
        return try Self.idle(before: before, after: after)
    }

    static func idle(before: [String: Reports.Counters], after: [String: Reports.Counters]) throws -> String {
        guard !before.isEmpty, before.keys == after.keys else { throw LabError("fedctl get agents -o json shows no write counters") }
        var reconciles = 0.0
        for (place, old) in before {
            guard let new = after[place] else { continue }
            guard new.writes == old.writes else {
                throw LabError("\(place): \(Int(new.writes - old.writes)) writes without any change")
            }
            guard new.reconciles > old.reconciles else { throw LabError("\(place): no reconcile happened") }
            reconciles += new.reconciles - old.reconciles
        }
        return "\(Int(reconciles)) reconciles, 0 writes"
    }

    /// Does damage by hand and waits for the repair.
    func drift(_ step: Step.Drift) async throws -> String {
        try await eventually(within: .seconds(10), "intact state before the damage (“\(step.whole)”)") {
            try await shell(step.whole, on: step.on).succeeded
        }
        let since = Date().timeIntervalSince1970 * 1000
        let damage = try await shell(step.damage, on: step.on)
        guard damage.succeeded else { throw LabError("the damage failed with \(damage.status): \(damage.text)") }
        let start = ContinuousClock.now
        try await eventually(within: .seconds(step.within) * patience, every: .milliseconds(50), "repair of “\(step.damage)”") {
            try await shell(step.whole, on: step.on).succeeded
        }
        let passed = ContinuousClock.now - start
        let time = "\(Journal.milliseconds(passed)) ms at most\(remark(passed, aim: .seconds(step.within)))"
        if let text = step.reported {
            try await eventually(within: .seconds(5) * patience, "report about a repaired \(text)") {
                Reports.repair(of: text, since: since - 1000, in: try await agents())
            }
        }
        return "repaired after \(time)" + (step.reported == nil ? "" : ", and reported")
    }
}
