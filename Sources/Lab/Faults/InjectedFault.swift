/// Something that breaks a federation, and what `fedctl verify` should say of it: an entry of `faults.yaml`.
package struct InjectedFault: Hashable, Sendable {
    /// Lower-case words with `-`.
    package var name: String
    package var layer: Layer
    /// One sentence.
    package var what: String
    /// Done in this order, undone in the opposite one.
    package var harms: [Step.Fault]
    /// Codes of the catalogue, each of which names it rightly.
    package var causes: [String]
    /// The steps of the route at which it breaks, each of which is right; with `causes` too, either does.
    package var steps: [String]
    /// What it is expected to do to packets.
    package var effect: Effect
    /// Seconds in which the verdict must come.
    package var within: Int

    /// Where it is.
    package enum Layer: String, Hashable, Sendable, CaseIterable, Codable {
        case frr = "FRR"
        case kernel
        case ovs = "OVS"
        case ovn = "OVN"
        case firewall, tc, process, clock, certificate, spine
    }

    package enum Effect: String, Hashable, Sendable, CaseIterable {
        /// Packets are lost.
        case lost
        /// Packets pass, and something is wrong all the same.
        case passing
        /// Packets pass, and those of another tenant may, too: a verdict of failure is right.
        case leak
        /// Nothing that matters: the verdict must stay well.
        case none
    }

    /// The catalogue has no cause for it: it must come out at the right step.
    package var isUnknownToCatalogue: Bool { causes.isEmpty && effect != .none }
}
