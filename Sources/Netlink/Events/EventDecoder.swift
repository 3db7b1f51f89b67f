import CNetlink
import Glibc
import NetworkTypes

/// A filter of events. Links, addresses, rules and next hop objects are few: all their events are kept.
package struct EventScope: Hashable, Sendable, Codable {
    /// Route events of other tables are dropped before they cost anything.
    package var tables: ClosedRange<UInt32>
    /// Drops neighbour and forwarding events of interfaces without one of these name prefixes. Empty: drops none.
    package var neighbourInterfacePrefix: String

    package init(tables: ClosedRange<UInt32>, neighbourInterfacePrefix: String = "") {
        self.tables = tables
        self.neighbourInterfacePrefix = neighbourInterfacePrefix
    }
}

/// Turns messages of the multicast groups into events. Keeps the names of the interfaces, because messages have only their numbers.
struct EventDecoder {
    private let scope: EventScope
    var names: InterfaceNames = [:]

    init(scope: EventScope) { self.scope = scope }

    /// RTNLGRP_… of linux/rtnetlink.h.
    static let groups: [UInt32] = [
        RTNLGRP_LINK.rawValue, RTNLGRP_IPV4_IFADDR.rawValue, RTNLGRP_IPV6_IFADDR.rawValue, RTNLGRP_IPV4_ROUTE.rawValue,
        RTNLGRP_IPV6_ROUTE.rawValue, RTNLGRP_NEIGH.rawValue, RTNLGRP_NEXTHOP.rawValue,
        RTNLGRP_IPV4_RULE.rawValue, RTNLGRP_IPV6_RULE.rawValue,
    ]

    mutating func read(_ type: Int, _ payload: RawSpan, into pending: inout PendingEvents) {
        switch type {
        case RTM_NEWLINK, RTM_DELLINK: readLink(payload, isRemoved: type == RTM_DELLINK, into: &pending)
        case RTM_NEWADDR, RTM_DELADDR:
            guard let address = Address(payload, names: names) else { return }
            let object = KernelObject.address(interface: address.interface, address.address)
            type == RTM_NEWADDR ? pending.changed(object) : pending.removed(object)
        case RTM_NEWROUTE, RTM_DELROUTE:
            guard let table = rtmsg.table(of: payload), scope.tables.contains(table),
                let (header, prefix) = rtmsg.subject(of: payload)
            else { return }
            let object = KernelObject.route(table: table, prefix: prefix, protocolNumber: header.rtm_protocol)
            type == RTM_NEWROUTE ? pending.changed(object) : pending.removed(object)
        case RTM_NEWNEIGH, RTM_DELNEIGH:
            guard let object = neighbour(payload) else { return }
            type == RTM_NEWNEIGH ? pending.changed(object) : pending.removed(object)
        case RTM_NEWNEXTHOP, RTM_DELNEXTHOP:
            guard let hop = NextHopObject(payload) else { return }
            let object = KernelObject.nextHop(id: hop.id, interface: names[hop.interface])
            type == RTM_NEWNEXTHOP ? pending.changed(object) : pending.removed(object)
        case RTM_NEWRULE, RTM_DELRULE:
            guard let rule = Rule(payload) else { return }
            let object = KernelObject.rule(rule.family, priority: rule.priority)
            type == RTM_NEWRULE ? pending.changed(object) : pending.removed(object)
        default: break
        }
    }

    private mutating func readLink(_ payload: RawSpan, isRemoved: Bool, into pending: inout PendingEvents) {
        guard let header = payload.load(as: ifinfomsg.self), let link = LinkRecord(payload)?.link else { return }
        // A port that leaves its bridge is "deleted" from the bridge family. The interface itself goes on.
        guard isRemoved, Int32(header.ifi_family) != AF_BRIDGE else {
            // A renamed interface is gone under its old name.
            if let old = names.updateValue(link.name, forKey: link.index), old != link.name { pending.removed(.link(name: old)) }
            return pending.changed(.link(name: link.name))
        }
        names[link.index] = nil
        pending.removed(.link(name: link.name))
    }

    private func neighbour(_ payload: RawSpan) -> KernelObject? {
        guard let header = payload.load(as: ndmsg.self), let name = names[UInt32(bitPattern: header.ndm_ifindex)],
            scope.neighbourInterfacePrefix.isEmpty || name.hasPrefix(scope.neighbourInterfacePrefix)
        else { return nil }
        if let entry = BridgeForwarding(payload, names: names) { return .forwarding(interface: name, entry.mac) }
        if let neighbour = Neighbour(payload, names: names) { return .neighbour(interface: name, neighbour.address) }
        return nil
    }
}
