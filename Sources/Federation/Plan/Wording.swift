import FederationModel
import NetworkTypes

/// Changes of values as text.
struct Wording {
    private(set) var lines: [String] = []
    /// Whether the object is new: then values are shown without a previous value.
    let isNew: Bool

    init(isNew: Bool) { self.isNew = isNew }

    /// `VNI 10001 → 10002`; `none` replaces a missing value. In a new object the previous value is omitted.
    mutating func value(
        _ name: String, _ old: (some CustomStringConvertible)?, _ new: (some CustomStringConvertible)?, none: String = "none"
    ) {
        let before = old?.description, after = new?.description
        guard before != after else { return }
        lines.append(isNew ? "\(name) \(after ?? none)" : "\(name) \(before ?? none) → \(after ?? none)")
    }

    /// `imports 64900:1`, `no longer imports 64900:1`: one line per added or removed element.
    mutating func members(
        _ verb: String, _ old: some Sequence<some CustomStringConvertible>, _ new: some Sequence<some CustomStringConvertible>
    ) {
        let before = old.map(\.description), after = new.map(\.description)
        guard before != after else { return }
        let former = Set(before), latter = Set(after)
        lines += after.filter { !former.contains($0) }.map { "\(verb) \($0)" }
        lines += before.filter { !latter.contains($0) }.map { "no longer \(verb) \($0)" }
    }

    /// Ordered lists, whole: `import filter deny 10.9.0.0/16 le 32, permit 0.0.0.0/0 le 32`.
    mutating func list(_ name: String, _ old: [some CustomStringConvertible], _ new: [some CustomStringConvertible], none: String = "none")
    {
        func text(_ list: [some CustomStringConvertible]) -> String? {
            list.isEmpty ? nil : list.map(\.description).joined(separator: ", ")
        }
        value(name, text(old), text(new), none: none)
    }

    mutating func say(_ line: String) { lines.append(line) }
}

extension Advertisement: CustomStringConvertible {
    /// `hosts, subnets`, as in the file.
    package var description: String { isEmpty ? "nothing" : names.joined(separator: ", ") }
}

extension Labels {
    /// `region=eu, tier=gold`; nil if empty.
    var listed: String? { isEmpty ? nil : sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ") }
}
