import NetworkTypes

/// What a node's firewall does with forwarded packets, whoever wrote it: the base chains of the hook `forward`, and the chains that they jump to.
///
/// It answers for packets of a VRF: they come in by the VRF's device and leave by the tunnel's bridge or by a hand-off. What a rule asks
/// beyond devices and addresses (a connection's state, a protocol, a mark) is not known here, so such a rule neither accepts nor drops. A
/// rule by addresses counts where they hold all prefixes of the VPN; where they hold a part, it raises a doubt.
package struct ForwardFilter: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case accept, drop
        /// It may accept or drop: what it does cannot be read, or a program decides.
        case unknown
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

    /// A match of a packet's source or destination.
    package struct Addresses: Hashable, Sendable {
        package var family: AddressFamily
        /// One of them; nil: they cannot be read.
        package var prefixes: [IPPrefix]?
        package var isInverted: Bool
        /// Of sources, else of destinations; nil: of either.
        package var isSource: Bool?

        package init(_ family: AddressFamily, _ prefixes: [IPPrefix]?, isInverted: Bool = false, isSource: Bool? = nil) {
            self.family = family
            self.prefixes = prefixes
            self.isInverted = isInverted
            self.isSource = isSource
        }

        fileprivate func extent(of packets: Packets) -> Extent {
            let wanted = isSource.map { $0 ? packets.sources : packets.destinations } ?? packets.sources + packets.destinations
            guard let family = wanted.first?.family else { return .part }
            guard family == self.family else { return .nothing }
            guard let prefixes else { return .unreadable }
            if wanted.allSatisfy({ one in prefixes.contains { $0.contains(one) } }) { return isInverted ? .nothing : .all }
            if !wanted.contains(where: { one in prefixes.contains { $0.overlaps(one) } }) { return isInverted ? .all : .nothing }
            return .part
        }
    }

    /// How much of a VPN's traffic a rule matches.
    fileprivate enum Extent: Int {
        case all, part, unreadable, nothing
    }

    package struct Rule: Hashable, Sendable {
        package var incoming: Device?
        package var outgoing: Device?
        /// All of them.
        package var addresses: [Addresses] = []
        /// It asks for more than devices and addresses.
        package var isConditional = false
        package var verdict = Verdict.none

        package init(verdict: Verdict = .none) { self.verdict = verdict }
    }

    /// A base chain, with those of its table that it may jump to.
    package struct BaseChain: Hashable, Sendable {
        /// As an operator names it: `chain FORWARD of table ip filter`.
        package var name: String
        /// Of the packets that come by it.
        package var families: Set<AddressFamily>
        /// What makes it accept packets of VRFs, for a shell.
        package var remedy: String
        package var drops: Bool
        package var rules: [Rule]
        /// The other chains of the table, by name.
        package var others: [String: [Rule]]

        package init(
            name: String, families: Set<AddressFamily> = Set(AddressFamily.allCases), remedy: String, drops: Bool, rules: [Rule] = [],
            others: [String: [Rule]] = [:]
        ) {
            self.name = name
            self.families = families
            self.remedy = remedy
            self.drops = drops
            self.rules = rules
            self.others = others
        }
    }

    package var chains: [BaseChain]

    /// Those of a VPN.
    package struct Prefixes: Hashable, Sendable {
        /// Behind this node's routers.
        package var local: Set<IPPrefix>
        /// In other clouds.
        package var remote: Set<IPPrefix>

        package init(local: Set<IPPrefix> = [], remote: Set<IPPrefix> = []) {
            self.local = local
            self.remote = remote
        }
    }

    /// Why there may be more of them; nil: these are all.
    package var unread: String?

    package init(_ chains: [BaseChain] = [], unread: String? = nil) {
        self.chains = chains
        self.unread = unread
    }

    package enum Loss: Hashable, Sendable {
        case byRule, byPolicy
        /// A rule cannot be read, or concerns a part of the VPN's prefixes.
        case possible
    }

    /// The first base chain that drops what comes in by one device and leaves by another, or else the first that may; nil: all let it pass.
    /// - Parameters:
    ///   - sources: of the packets; empty: not known.
    ///   - destinations: the same.
    package func dropping(
        in incoming: String, out outgoing: String, from sources: Set<IPPrefix>, to destinations: Set<IPPrefix>
    ) -> (chain: BaseChain, loss: Loss)? {
        var doubtful: BaseChain?
        for chain in chains {
            func packets(_ isMeant: (IPPrefix) -> Bool) -> Packets {
                Packets(
                    incoming: incoming, outgoing: outgoing, sources: sources.filter(isMeant), destinations: destinations.filter(isMeant))
            }
            let groups = chain.families.map { family in packets { $0.family == family } }.filter(\.isKnown)
            for group in groups.isEmpty ? [packets { _ in false }] : groups {
                switch chain.loss(group) {
                case .possible: doubtful = doubtful ?? chain
                case let loss?: return (chain, loss)
                case nil: continue
                }
            }
        }
        return doubtful.map { ($0, .possible) }
    }

    fileprivate struct Packets {
        var incoming: String
        var outgoing: String
        /// Both of one family.
        var sources: [IPPrefix]
        var destinations: [IPPrefix]
        var isKnown: Bool { !sources.isEmpty || !destinations.isEmpty }
    }

    /// What may become of packets before the last word.
    fileprivate struct Doubts {
        var mayAccept = false
        var mayDrop = false
    }
}

extension ForwardFilter.Rule {
    fileprivate func extent(of packets: ForwardFilter.Packets) -> ForwardFilter.Extent {
        guard !isConditional, incoming?.matches(packets.incoming) ?? true, outgoing?.matches(packets.outgoing) ?? true else {
            return .nothing
        }
        return addresses.map { $0.extent(of: packets) }.max { $0.rawValue < $1.rawValue } ?? .all
    }
}

extension ForwardFilter.BaseChain {
    /// The kernel's own limit of jumps is of this order.
    private static let deepest = 16

    fileprivate func loss(_ packets: ForwardFilter.Packets) -> ForwardFilter.Loss? {
        var doubts = ForwardFilter.Doubts()
        let verdict = end(rules, packets, &doubts, depth: 0)
        let isDropped = verdict == .drop || verdict != .accept && drops
        guard isDropped else { return doubts.mayDrop ? .possible : nil }
        return doubts.mayAccept ? .possible : verdict == .drop ? .byRule : .byPolicy
    }

    /// `accept`, `drop`, or anything else where no rule decides.
    private func end(
        _ rules: [ForwardFilter.Rule], _ packets: ForwardFilter.Packets, _ doubts: inout ForwardFilter.Doubts, depth: Int
    ) -> ForwardFilter.Verdict {
        guard depth < Self.deepest else { return .none }
        for rule in rules {
            let extent = rule.extent(of: packets)
            guard extent != .nothing else { continue }
            var verdict = rule.verdict
            switch verdict {
            case .jump(let name): verdict = end(others[name] ?? [], packets, &doubts, depth: depth + 1)
            case .goTo(let name):
                verdict = end(others[name] ?? [], packets, &doubts, depth: depth + 1)
                if extent == .all { return verdict }
            case .returns where extent == .all: return .returns
            default: break
            }
            switch (verdict, extent) {
            case (.accept, .all), (.drop, .all): return verdict
            case (.accept, _): doubts.mayAccept = true
            // A list of addresses that is not read here is one of others to be shut out.
            case (.drop, .part): doubts.mayDrop = doubts.mayDrop || packets.isKnown
            case (.unknown, _):
                doubts.mayAccept = true
                doubts.mayDrop = doubts.mayDrop || extent != .part || packets.isKnown
            default: continue
            }
        }
        return .none
    }
}
