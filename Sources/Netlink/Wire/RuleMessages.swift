import CNetlink
import Glibc
import NetworkTypes

extension Rule {
    /// An RTM_NEWRULE; nil for other families.
    init?(_ payload: RawSpan) {
        guard let header = payload.load(as: fib_rule_hdr.self) else { return nil }
        switch Int32(header.family) {
        case AF_INET: self.init(family: .ipv4, action: .nothing)
        case AF_INET6: self.init(family: .ipv6, action: .nothing)
        default: return nil
        }
        isInverted = header.flags & UInt32(FIB_RULE_INVERT) != 0
        var table = UInt32(header.table)
        var target: UInt32 = 0
        func prefix(_ value: RawSpan, _ length: UInt8) -> IPPrefix? {
            guard let address = value.address, address.family == family, Int(length) <= family.width else { return nil }
            return IPPrefix(containing: address, length: Int(length))
        }
        payload.forEachAttribute(from: MemoryLayout<fib_rule_hdr>.size) { type, value in
            switch type {
            case FRA_DST: destination = prefix(value, header.dst_len)
            case FRA_SRC: source = prefix(value, header.src_len)
            case FRA_IIFNAME: inInterface = value.text
            case FRA_OIFNAME: outInterface = value.text
            case FRA_PRIORITY: priority = value.load() ?? 0
            case FRA_GOTO: target = value.load() ?? 0
            case FRA_TABLE: table = value.load() ?? table
            case FRA_L3MDEV: isL3Master = value.load(as: UInt8.self) == 1
            case FRA_FWMARK: isForMarked = isForMarked || value.load(as: UInt32.self) != 0
            case FRA_UID_RANGE: isForMarked = true
            case FRA_SUPPRESS_PREFIXLEN:
                // Minus one: none.
                suppressedLength = value.load(as: Int32.self).flatMap { $0 < 0 ? nil : Int($0) }
            default: break
            }
        }
        switch Int(header.action) {
        case FR_ACT_TO_TBL: action = .lookup(table: table)
        case FR_ACT_GOTO: action = .goTo(priority: target)
        case FR_ACT_NOP: action = .nothing
        case FR_ACT_BLACKHOLE: action = .blackhole
        case FR_ACT_UNREACHABLE: action = .unreachable
        case FR_ACT_PROHIBIT: action = .prohibit
        default: action = .other(header.action)
        }
    }
}

extension Request {
    static func ruleDump(_ family: AddressFamily) throws(Refusal) -> Request {
        var request = try Request(RTM_GETRULE, flags: NLM_F_DUMP)
        var header = fib_rule_hdr()
        header.family = UInt8(family == .ipv4 ? AF_INET : AF_INET6)
        request.append(header)
        return request
    }
}

extension RouteSocket {
    /// In the order in which they are asked. `isConsistent` is false if they changed while they were read.
    borrowing func rules(_ family: AddressFamily) throws(Refusal) -> (rules: [Rule], isConsistent: Bool) {
        var rules: [Rule] = []
        do {
            let isConsistent = try exchange(.ruleDump(family)) { type, payload in
                if type == RTM_NEWRULE, let rule = Rule(payload), rule.family == family { rules.append(rule) }
            }
            return (rules, isConsistent)
        } catch let error where error.code == EAFNOSUPPORT || error.code == EOPNOTSUPP {
            // A kernel without policy routing, or without IPv6, has no rules to be in the way.
            return ([], true)
        }
    }
}
