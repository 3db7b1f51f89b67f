import NetworkTypes

extension Cloud {
    /// The cloud may have an AS that others have too, as in a fabric with one AS and route reflectors: what it learns from them comes by
    /// iBGP, which adds nothing to the path (RFC 4271, section 5.1.2; RFC 4456), so that nothing is dropped as a loop.
    ///
    /// True where the operator keeps BGP (`allowas-in` is his), where one of its route servers is of that AS, or where it has none and
    /// its sessions go to the other clouds' gateways. Where all of its route servers are of other ASes, the others' routes come with
    /// the receiver's AS in their path, and BGP drops them.
    package func mayShare(_ asn: ASN) -> Bool {
        bgp.management == .external || bgp.routeServers.isEmpty || bgp.routeServers.contains { $0.asn == asn }
    }
}
