import Terminal

/// What is known of packets between clouds. Verdicts are made of what agents read back from bgpd, the kernel, OVS and OVN; whether a packet passes
/// is another question: an underlay's MTU, a filter of UDP 4789, an ACL of a port may stop it all the same.
enum Probes {
    /// For programs.
    static let word = "none"
    /// For the foot of a screen.
    static let note = StyledText("probes: none. PROGRAMMED says that routes and flows are set, not that packets pass.", .faint)
    /// For a line among others.
    static let state = "none: no packet was sent"
}
