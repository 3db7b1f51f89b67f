import NetworkTypes
import OVSDB

/// One write to the northbound database. Steps of one transaction go to the server together, or not at all.
package enum ExemptionStep: Hashable, Sendable, Codable {
    /// Inserts an Address_Set with `external_ids:ovn-federation:router` = `router` and `ovn-federation:agent` = `keeper`.
    case createSet(name: String, router: String, keeper: String, addresses: [String])
    /// Sets `external_ids:ovn-federation:agent` of a set of ours.
    case keepSet(OVSDBUUID, name: String, keeper: String)
    /// Mutates `addresses` of a set of ours: a learned or withdrawn route moves one address and not the whole set.
    case changeSet(OVSDBUUID, name: String, insert: [String], delete: [String])
    /// Sets `exempted_ext_ips` of a NAT row. `replacing` is what the column held when the plan was made: the writer makes it
    /// a condition (`wait`, RFC 7047, section 5.2.6), so that nobody's newer word is overwritten.
    case exempt(nat: OVSDBUUID, set: AddressSetReference, replacing: OVSDBUUID?)
    /// Empties `exempted_ext_ips` of a NAT row that still holds `set`.
    case restore(nat: OVSDBUUID, set: OVSDBUUID)
    /// Deletes one of our sets; no NAT row may still refer to it, or the server refuses (strong reference).
    case deleteSet(OVSDBUUID, name: String)
}

/// A set that is there, or that the same transaction creates (a `named-uuid`).
package enum AddressSetReference: Hashable, Sendable, Codable {
    case existing(OVSDBUUID)
    case created(name: String)
}

/// The writes that one router needs. A refusal concerns this router only.
package struct ExemptionTransaction: Hashable, Sendable, Codable {
    /// The OpenStack id.
    package let router: String
    /// Never empty; sets are created before they are referred to and deleted last.
    package let steps: [ExemptionStep]
}
