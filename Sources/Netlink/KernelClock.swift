import CNetlink

/// The kernel's own word on its clock (adjtimex(2)); asking it changes nothing.
package enum KernelClock {
    /// Whether a time service holds it; nil where the question is refused.
    package static var isSynchronized: Bool? {
        switch cnetlink_clock_is_synchronized() {
        case 0: false
        case 1: true
        default: nil
        }
    }
}
