import NetworkTypes

/// The table `filter` of iptables as the kernel hands it out: entries one behind the other, each with an offset to its target.
///
/// Nothing here reads beyond the bytes, whatever the lengths in them claim.
struct LegacyTable {
    /// struct ipt_getinfo: a name of 32 bytes, valid hooks, five entries of hooks, five ends of them, the number of entries, their size.
    static let infoSize = 84
    /// struct ipt_get_entries: a name of 32 bytes and the size, on a boundary of eight.
    static let entriesHeader = 40
    /// Of the five hooks.
    private static let forwardHook = 2

    private let family: AddressFamily
    private let info: [UInt8]
    private let entries: [UInt8]

    init(_ family: AddressFamily, info: [UInt8], entries: [UInt8]) {
        self.family = family
        self.info = info
        self.entries = entries
    }

    static func size(_ info: [UInt8]) -> Int { Int(number(info, at: 80) as UInt32? ?? 0) }

    /// Nil where the table makes no sense.
    var forward: ForwardFilter.BaseChain? {
        guard let start: UInt32 = Self.number(info, at: 36 + 4 * Self.forwardHook),
            let policy: UInt32 = Self.number(info, at: 56 + 4 * Self.forwardHook), let last = entry(at: Int(policy))
        else { return nil }
        let command = family == .ipv4 ? "iptables-legacy" : "ip6tables-legacy"
        var chain = ForwardFilter.BaseChain(
            name: "chain FORWARD of \(command)", families: [family], remedy: "\(command) -I FORWARD -i fed+ -j ACCEPT",
            drops: last.rule.verdict == .drop)
        chain.rules = rules(from: Int(start), upTo: Int(policy))
        // A chain of a user begins where a rule jumps to, and ends with a return; its name is its place.
        var waiting = Self.targets(chain.rules)
        while let name = waiting.popFirst(), chain.others.count < 1024 {
            guard chain.others[name] == nil, let place = Int(name) else { continue }
            let rules = rules(from: place, upTo: entries.count)
            chain.others[name] = rules
            waiting.formUnion(Self.targets(rules))
        }
        return chain
    }

    private static func targets(_ rules: [ForwardFilter.Rule]) -> Set<String> {
        Set(
            rules.compactMap { rule in
                switch rule.verdict {
                case .jump(let name), .goTo(let name): name
                default: nil
                }
            })
    }

    private func rules(from start: Int, upTo end: Int) -> [ForwardFilter.Rule] {
        var rules: [ForwardFilter.Rule] = []
        var place = start
        while place < end, let (rule, next) = entry(at: place) {
            rules.append(rule)
            // The end of a chain: an unconditional return.
            if rule.verdict == .returns, rule.isPlain { break }
            place += next
        }
        return rules
    }

    /// The sizes of struct ipt_ip and struct ip6t_ip6; devices, flags and the rest of the entry lie behind the addresses.
    private var layout: (devices: Int, flags: Int, inverted: Int, offsets: Int, header: Int, addresses: Int) {
        family == .ipv4
            ? (devices: 16, flags: 82, inverted: 83, offsets: 88, header: 112, addresses: 16)
            : (devices: 64, flags: 131, inverted: 132, offsets: 140, header: 168, addresses: 64)
    }

    private func entry(at place: Int) -> (rule: ForwardFilter.Rule, next: Int)? {
        let layout = layout
        guard place >= 0, let target: UInt16 = Self.number(entries, at: place + layout.offsets),
            let next: UInt16 = Self.number(entries, at: place + layout.offsets + 2), next >= 1, Int(target) >= layout.header,
            place + Int(next) <= entries.count
        else { return nil }
        var rule = ForwardFilter.Rule()
        let inverted = entries[place + layout.inverted]
        // IPT_INV_VIA_IN and IPT_INV_VIA_OUT.
        rule.incoming = device(at: place + layout.devices, mask: place + layout.devices + 32, isInverted: inverted & 1 != 0)
        rule.outgoing = device(at: place + layout.devices + 16, mask: place + layout.devices + 48, isInverted: inverted & 2 != 0)
        // Source and destination, then their masks; a mask of zero: any. IPT_INV_SRCIP and IPT_INV_DSTIP.
        let width = layout.addresses / 4
        for (number, inversion) in [UInt8(0x08), 0x10].enumerated() {
            let mask = entries[place + (number + 2) * width..<place + (number + 3) * width]
            guard mask.contains(where: { $0 != 0 }) else { continue }
            let prefix = Self.prefix(entries[place + number * width..<place + (number + 1) * width], mask, family)
            rule.addresses.append(
                ForwardFilter.Addresses(family, prefix.map { [$0] }, isInverted: inverted & inversion != 0, isSource: number == 0))
        }
        let proto: UInt16 = Self.number(entries, at: place + layout.devices + 64) ?? 0
        // Matches stand between the entry's header and its target; 0x02 in the flags is a goto, 0x01 fragments.
        rule.isConditional = Int(target) > layout.header || proto != 0 || entries[place + layout.flags] & 0x01 != 0 && family == .ipv4
        rule.verdict = verdict(at: place + Int(target), isGoTo: entries[place + layout.flags] & (family == .ipv4 ? 0x02 : 0x04) != 0)
        return (rule, Int(next))
    }

    /// struct xt_entry_target: its size, a name of 29 bytes (empty for a standard target), a revision; then the verdict.
    private func verdict(at place: Int, isGoTo: Bool) -> ForwardFilter.Verdict {
        guard place + 32 <= entries.count else { return .none }
        let name = String(decoding: entries[place + 2..<place + 31].prefix { $0 != 0 }, as: UTF8.self)
        if name == "REJECT" { return .drop }
        // The head of a chain, which nothing comes to, is a target ERROR.
        if !name.isEmpty { return ForwardFilter.Rule.passing.contains(name) || name == "ERROR" ? .none : .unknown }
        guard let bits: UInt32 = Self.number(entries, at: place + 32) else { return .none }
        switch Int32(bitPattern: bits) {
        // NF_DROP is 0, NF_ACCEPT 1, NF_REPEAT 4: here minus one minus that; XT_RETURN is minus NF_REPEAT minus one.
        case -1: return .drop
        case -2: return .accept
        case -5: return .returns
        case let offset where offset >= 0: return isGoTo ? .goTo(String(offset)) : .jump(String(offset))
        // NF_QUEUE is 3: a program decides.
        default: return .unknown
        }
    }

    /// A name of 16 bytes and its mask: a name without NUL under the mask stands for all that begin so.
    private func device(at place: Int, mask: Int, isInverted: Bool) -> ForwardFilter.Device? {
        guard mask + 16 <= entries.count, entries[mask] != 0 else { return nil }
        let masked = (0..<16).prefix { entries[mask + $0] != 0 }.map { entries[place + $0] }
        let name = String(decoding: masked.prefix { $0 != 0 }, as: UTF8.self)
        return ForwardFilter.Device([masked.contains(0) ? name : name + "*"], isInverted: isInverted)
    }

    /// Nil where the mask has holes.
    private static func prefix(_ address: ArraySlice<UInt8>, _ mask: ArraySlice<UInt8>, _ family: AddressFamily) -> IPPrefix? {
        guard let network = IPAddress(octets: address), let mask = IPAddress(octets: mask) else { return nil }
        let length = mask.bits.nonzeroBitCount
        guard IPPrefix(containing: IPAddress(family: family, bits: .max), length: length).address == mask else { return nil }
        return IPPrefix(containing: network, length: length)
    }

    /// In host byte order; nil beyond the bytes.
    private static func number<T: FixedWidthInteger>(_ bytes: [UInt8], at place: Int) -> T? {
        guard place >= 0, place + MemoryLayout<T>.size <= bytes.count else { return nil }
        return (0..<MemoryLayout<T>.size).reversed().reduce(T(0)) { $0 << 8 | T(truncatingIfNeeded: bytes[place + $1]) }
    }
}

extension ForwardFilter.Rule {
    fileprivate var isPlain: Bool { incoming == nil && outgoing == nil && addresses.isEmpty && !isConditional }
}
