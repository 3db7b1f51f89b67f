import NetworkTypes

/// A route that bgpd has in a VRF by its route targets, whether zebra may install it or not.
package struct OfferedRoute: Hashable, Sendable, Codable {
    package var prefix: IPPrefix
    /// VTEPs.
    package var nextHops: [IPAddress]

    package init(prefix: IPPrefix, nextHops: [IPAddress]) {
        self.prefix = prefix
        self.nextHops = nextHops
    }
}
