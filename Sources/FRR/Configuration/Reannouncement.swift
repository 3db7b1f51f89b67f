import NetworkTypes

extension VRFStanza {
    /// Lines that make bgpd announce all routes of the VRF to zebra once more. The configuration stays as it is.
    ///
    /// bgpd 8.4.4 answers every change of an attribute of an EVPN route by deleting and adding the route in zebra, and zebra counts the
    /// deletion after the addition: a next hop all of whose routes changed at once loses its neighbour and forwarding entries, while the
    /// routes stay. Setting a table-map, be it the one that is set, sends additions only: entries come back, and no route goes.
    package var reannouncement: [String] {
        let everything = ConfigurationLine("route-map FED-\(vrf)-ALL permit 10")
        var lines: [String] = []
        let unfiltered = AddressFamily.allCases.filter { installed[$0] == nil }
        if !unfiltered.isEmpty { lines += [everything.text, "exit"] }
        lines += instance
        for family in AddressFamily.allCases {
            lines.append(" address-family \(family) unicast")
            if let content = installed[family] {
                lines.append("  " + InstallFilter(vrf: vrf, family: family, content: content).tableMap)
            } else {
                lines += ["  table-map FED-\(vrf)-ALL", "  no table-map FED-\(vrf)-ALL"]
            }
            lines.append(" exit-address-family")
        }
        lines.append("exit")
        return lines + (unfiltered.isEmpty ? [] : [everything.negation])
    }
}
