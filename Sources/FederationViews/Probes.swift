/// What is known of packets between clouds. Verdicts are made of what agents read back from bgpd, the kernel, OVS and OVN; whether a packet passes
/// is another question: an underlay's MTU, a filter of UDP 4789, an ACL of a port may stop it all the same.
package enum Probes {
    /// For programs.
    package static let word = "none"
    /// For a line among others.
    package static let state = "none: no packets were sent"
}
