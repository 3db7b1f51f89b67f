/// The steps from one set of lines to another, and their text for the vty, with blocks opened and closed.
struct ConfigurationScript {
    enum Step: Hashable {
        case set(ConfigurationLine)
        case unset(ConfigurationLine)
    }

    private(set) var steps: [Step] = []

    /// Inserts `other` immediately before `line`, if `line` is set.
    mutating func precede(_ line: ConfigurationLine, with other: ConfigurationLine) {
        guard let position = steps.firstIndex(of: .set(line)) else { return }
        steps.insert(.set(other), at: position)
    }

    /// From `running` to `wanted`: first sets what is missing, in the order of `wanted`, then removes the surplus, in the reverse order of
    /// `running`. With additions first, a VRF is never without a route target (FRR would fall back to the automatic one, a wildcard) or
    /// without its last route (measured: 3 s of loss).
    ///
    /// `router bgp AS` without `vrf` is never removed: bgpd has one default instance, the operator's underlay may be in it now or soon, and
    /// nothing tells who created it.
    init(from running: [ConfigurationLine], to wanted: [ConfigurationLine]) {
        let has = Set(running)
        let wants = Set(wanted)
        var replaced: Set<ConfigurationLine> = []
        var bySlot: [ConfigurationLine: [ConfigurationLine]] = [:]
        for line in running where !wants.contains(line) {
            guard let slot = line.slot else { continue }
            bySlot[ConfigurationLine(slot, in: line.context), default: []].append(line)
        }
        for line in wanted where !has.contains(line) {
            let predecessors = line.slot.flatMap { bySlot[ConfigurationLine($0, in: line.context)] } ?? []
            replaced.formUnion(predecessors)
            steps += predecessors.filter(line.comesAfterRemoval).map(Step.unset)
            steps.append(.set(line))
        }
        let surplus = running.filter { !wants.contains($0) && !replaced.contains($0) && !$0.opensDefaultInstance }
        steps += Self.withoutImplied(surplus).reversed().map(Step.unset)
    }

    /// Without lines that disappear with another: those of a removed block, and those of a removed neighbour.
    private static func withoutImplied(_ surplus: [ConfigurationLine]) -> [ConfigurationLine] {
        let goneBlocks = Set(surplus.map(\.path))
        var goneNeighbours: Set<ConfigurationLine> = []
        for line in surplus {
            let words = line.text.split(separator: " ")
            guard words.first == "neighbor", words.count >= 3 else { continue }
            if words[2] == "remote-as" || words[2...] == ["peer-group"] {
                goneNeighbours.insert(ConfigurationLine(String(words[1]), in: line.context))
            }
        }
        return surplus.filter { line in
            for depth in line.context.indices where goneBlocks.contains(Array(line.context[...depth])) { return false }
            var words = line.text.split(separator: " ")
            if words.first == "no" { words.removeFirst() }
            guard words.first == "neighbor", words.count >= 3, words[2] != "remote-as", words[2...] != ["peer-group"] else { return true }
            let instance = Array(line.context.prefix(1))
            return !goneNeighbours.contains(ConfigurationLine(String(words[1]), in: instance))
        }
    }

    /// The text, indented and closed as FRR prints it.
    var lines: [String] {
        var result: [String] = []
        var open: [String] = []
        func close(to depth: Int) {
            while open.count > depth {
                let header = open.removeLast()
                let indentation = String(repeating: " ", count: open.count)
                result.append(indentation + Self.closing(of: header))
            }
        }
        func enter(_ context: [String]) {
            var common = 0
            while common < min(open.count, context.count), open[common] == context[common] { common += 1 }
            close(to: common)
            for header in context[common...] {
                result.append(String(repeating: " ", count: open.count) + header)
                open.append(header)
            }
        }
        for step in steps {
            switch step {
            case .set(let line) where Self.opensBlock(line.text):
                enter(line.path)
            case .set(let line):
                enter(line.context)
                result.append(String(repeating: " ", count: open.count) + line.text)
            case .unset(let line):
                enter(line.context)
                result.append(String(repeating: " ", count: open.count) + line.negation)
            }
        }
        close(to: 0)
        return result
    }

    private static func opensBlock(_ text: String) -> Bool {
        ["router bgp ", "route-map ", "vrf ", "address-family "].contains { text.hasPrefix($0) }
    }

    private static func closing(of header: String) -> String {
        if header.hasPrefix("address-family ") { return "exit-address-family" }
        return header.hasPrefix("vrf ") ? "exit-vrf" : "exit"
    }
}
