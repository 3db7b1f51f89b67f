/// What a node's firewall does with forwarded packets, whoever wrote it: the base chains of the hook `forward`, and the chains that they jump to.
///
/// It answers for packets of a VRF: they come in by the VRF's device and leave by the tunnel's bridge or by a hand-off. What a rule asks
/// beyond devices and addresses (a connection's state, a protocol, a mark) is not known here, so such a rule neither accepts nor drops; a
/// rule that accepts by addresses is believed to mean tenants', and one that drops by addresses to mean others'.
package struct ForwardFilter: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case accept, drop
        /// On to the next rule.
        case none
        /// Back to the chain that jumped here; from a base chain, to its policy.
        case returns
        case jump(String)
        /// A jump without return.
        case goTo(String)
    }

    /// A match of a device's name.
    package struct Device: Hashable, Sendable {
        /// One of them; a `*` at the end stands for any rest.
        package var names: Set<String>
        package var isInverted: Bool

        package init(_ names: Set<String>, isInverted: Bool = false) {
            self.names = names
            self.isInverted = isInverted
        }

        func matches(_ device: String) -> Bool {
            let isNamed = names.contains { name in
                name.hasSuffix("*") ? device.hasPrefix(name.dropLast()) : device == name
            }
            return isNamed != isInverted
        }
    }

    package struct Rule: Hashable, Sendable {
        package var incoming: Device?
        package var outgoing: Device?
        package var hasAddresses = false
        /// It asks for more than devices and addresses.
        package var isConditional = false
        package var verdict = Verdict.none

        package init(verdict: Verdict = .none) { self.verdict = verdict }
    }

    /// A base chain, with those of its table that it may jump to.
    package struct BaseChain: Hashable, Sendable {
        /// As an operator names it: `chain FORWARD of table ip filter`.
        package var name: String
        /// What makes it accept packets of VRFs, for a shell.
        package var remedy: String
        package var drops: Bool
        package var rules: [Rule]
        /// The other chains of the table, by name.
        package var others: [String: [Rule]]

        package init(name: String, remedy: String, drops: Bool, rules: [Rule] = [], others: [String: [Rule]] = [:]) {
            self.name = name
            self.remedy = remedy
            self.drops = drops
            self.rules = rules
            self.others = others
        }
    }

    package var chains: [BaseChain]

    package init(_ chains: [BaseChain] = []) { self.chains = chains }

    /// The first base chain that drops what comes in by one device and leaves by another, and whether its policy does; nil: all let it pass.
    package func dropping(in incoming: String, out outgoing: String) -> (chain: BaseChain, byPolicy: Bool)? {
        for chain in chains {
            switch chain.end(chain.rules, incoming, outgoing, depth: 0) {
            case .drop: return (chain, false)
            case .accept: continue
            default: if chain.drops { return (chain, true) }
            }
        }
        return nil
    }
}

extension ForwardFilter.BaseChain {
    /// The kernel's own limit of jumps is of this order.
    private static let deepest = 16

    /// `accept`, `drop`, or anything else where no rule decides.
    fileprivate func end(_ rules: [ForwardFilter.Rule], _ incoming: String, _ outgoing: String, depth: Int) -> ForwardFilter.Verdict {
        guard depth < Self.deepest else { return .none }
        for rule in rules where !rule.isConditional {
            guard rule.incoming?.matches(incoming) ?? true, rule.outgoing?.matches(outgoing) ?? true else { continue }
            switch rule.verdict {
            case .accept: return .accept
            case .drop where !rule.hasAddresses: return .drop
            case .returns where !rule.hasAddresses: return .returns
            case .jump(let name):
                let verdict = end(others[name] ?? [], incoming, outgoing, depth: depth + 1)
                if verdict == .accept || verdict == .drop && !rule.hasAddresses { return verdict }
            case .goTo(let name) where !rule.hasAddresses: return end(others[name] ?? [], incoming, outgoing, depth: depth + 1)
            default: continue
            }
        }
        return .none
    }
}
