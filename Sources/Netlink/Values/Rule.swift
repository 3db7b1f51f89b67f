import NetworkTypes

/// A rule of the routing policy database (ip-rule(8)): which table is asked, or what happens to a packet before any table is.
package struct Rule: Hashable, Sendable, Codable {
    package enum Action: Hashable, Sendable, Codable {
        case lookup(table: UInt32)
        case goTo(priority: UInt32)
        case nothing
        case blackhole, unreachable, prohibit
        /// FR_ACT_… of linux/fib_rules.h.
        case other(UInt8)
    }

    package var family: AddressFamily
    /// The lowest is asked first.
    package var priority: UInt32
    /// Nil: any.
    package var source: IPPrefix?
    package var destination: IPPrefix?
    /// The device that a packet came in by; `lo` for what the node sends itself.
    package var inInterface: String?
    package var outInterface: String?
    package var action: Action
    /// It asks the table of the packet's VRF.
    package var isL3Master = false
    /// It matches what the rest does not describe (`not`).
    package var isInverted = false
    /// It matches packets with a mark, or of a user: none that are only forwarded, unless something marks them.
    package var isForMarked = false
    /// Routes with a prefix of this length or shorter do not count; nil: all count.
    package var suppressedLength: Int?

    package init(family: AddressFamily, priority: UInt32 = 0, action: Action) {
        self.family = family
        self.priority = priority
        self.action = action
    }
}

extension Rule: CustomStringConvertible {
    /// As `ip rule` writes it, without the priority: `to 10.1.0.0/24 blackhole`.
    package var description: String {
        var words = isInverted ? ["not"] : []
        if let source { words.append("from \(source)") }
        if let destination { words.append("to \(destination)") }
        if let inInterface { words.append("iif \(inInterface)") }
        if let outInterface { words.append("oif \(outInterface)") }
        switch action {
        case .lookup where isL3Master: words.append("lookup [l3mdev-table]")
        case .lookup(let table): words.append("lookup \(table)")
        case .goTo(let priority): words.append("goto \(priority)")
        case .nothing: words.append("nop")
        case .blackhole: words.append("blackhole")
        case .unreachable: words.append("unreachable")
        case .prohibit: words.append("prohibit")
        case .other(let number): words.append("action \(number)")
        }
        return words.joined(separator: " ")
    }
}
