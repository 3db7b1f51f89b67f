import NetworkTypes
import OVSDB

/// Why federated traffic of a router will be translated all the same.
package struct ExemptionProblem: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable, Codable {
        /// A foreign Address_Set has the name of ours.
        case nameTaken(set: String)
        /// The rule already has a foreign exemption; a rule can have only one set.
        case exemptedByOthers(NATRule, set: OVSDBUUID)
        /// Somebody restricts the rule to certain peers; northd ignores a rule that has both, translation and all.
        case restrictedByOthers(NATRule, set: OVSDBUUID)
        /// A prefix of length 0 would exempt the whole Internet.
        case exemptsEverything(IPPrefix)
        /// A foreign NAT row refers to our set, which therefore cannot be deleted.
        case referredToByOthers(set: String, nat: OVSDBUUID)
    }

    /// The OpenStack id.
    package let router: String
    package let cause: Cause

    package var description: String {
        switch cause {
        case .nameTaken(let set):
            "router \(router): the address set \(set) exists and is not ours; rename or delete it"
        case .exemptedByOthers(let rule, let set):
            "router \(router): NAT \(rule.uuid) (\(rule.kind.rawValue) \(rule.logical)) already exempts the peers of address set \(set); "
                + "add the federation's prefixes there, or clear exempted_ext_ips"
        case .restrictedByOthers(let rule, let set):
            "router \(router): NAT \(rule.uuid) (\(rule.kind.rawValue) \(rule.logical)) applies only to peers of address set \(set), "
                + "and OVN allows no exemption in addition; clear allowed_ext_ips"
        case .exemptsEverything(let prefix):
            "router \(router): \(prefix) was learned, but exempting it would cut off the tenant's Internet access; filter it out"
        case .referredToByOthers(let set, let nat):
            "router \(router): NAT \(nat) refers to our address set \(set), so the set cannot be deleted; clear its exempted_ext_ips"
        }
    }

    package static func < (a: Self, b: Self) -> Bool { (a.router, a.description) < (b.router, b.description) }
}
