import FederationModel
import NetworkTypes

/// Changes of values, in words.
struct Wording {
    private(set) var lines: [String] = []
    /// Nothing was there before, so that values are told as they are.
    let isNew: Bool

    init(isNew: Bool) { self.isNew = isNew }

    /// `VNI 10001 → 10002`; `none` stands for what is not there. A value that is new in something new is told without its past.
    mutating func value(
        _ name: String, _ old: (some CustomStringConvertible)?, _ new: (some CustomStringConvertible)?, none: String = "none"
    ) {
        let before = old?.description, after = new?.description
        guard before != after else { return }
        lines.append(isNew ? "\(name) \(after ?? none)" : "\(name) \(before ?? none) → \(after ?? none)")
    }

    /// `imports 64900:1`, `imports 64900:1 no longer`, one line for each that came or went.
    mutating func members(
        _ verb: String, _ old: some Sequence<some CustomStringConvertible>, _ new: some Sequence<some CustomStringConvertible>
    ) {
        let before = old.map(\.description), after = new.map(\.description)
        guard before != after else { return }
        let former = Set(before), latter = Set(after)
        lines += after.filter { !former.contains($0) }.map { "\(verb) \($0)" }
        lines += before.filter { !latter.contains($0) }.map { "\(verb) \($0) no longer" }
    }

    /// Lists in which the order counts, whole: `import filter deny 10.9.0.0/16 le 32, permit 0.0.0.0/0 le 32`.
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
    /// `hosts, subnets`, in the words of the file.
    package var description: String { isEmpty ? "nothing" : names.joined(separator: ", ") }
}

extension Labels {
    /// `region=eu, tier=gold`; nil where there are none.
    var listed: String? { isEmpty ? nil : sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ") }
}
