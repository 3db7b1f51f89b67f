/// Picks the router, network or port of this cloud that joins a VPN, by what OpenStack calls it or by a label in OVN; or picks a BGPVPN, and
/// its owner associates what joins.
///
/// An id means one thing for ever. A name means what its project made under it: any tenant may give his things any name.
package struct AttachmentSelector: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// A router with all its internal networks.
        case router
        /// One network, through whichever router with a gateway port serves it.
        case network
        /// One port's addresses, through whichever router with a gateway port serves its network.
        case port
        /// What is associated with a BGPVPN of this cloud (networking-bgpvpn): routers, networks and ports, which come and go.
        case bgpvpn

        /// By what it is selected.
        package var keys: [Key] { self == .bgpvpn ? [.id, .name, .vni] : [.name, .id, .label] }
        /// For people: `router`, `BGPVPN`.
        package var noun: String { self == .bgpvpn ? "BGPVPN" : rawValue }
    }

    package enum Key: String, Hashable, Sendable, Codable, CaseIterable {
        /// Chosen by the tenant: unique in no cloud.
        case name
        case id
        /// `KEY=VALUE` of the `external_ids` in OVN's northbound database.
        case label
        /// A BGPVPN's VNI, in decimal. Only the cloud's admin gives it, and he may give it twice.
        case vni
    }

    package var kind: Kind
    package var key: Key
    package var value: String
    /// With a name: the Keystone project that it is a name in, as in `neutron:project_id`; nil: any project's thing of that name. A BGPVPN's name
    /// is never without: its owner may change it.
    package var project: String?

    package init(kind: Kind, key: Key, value: String, project: String? = nil) {
        self.kind = kind
        self.key = key
        self.value = value
        self.project = project
    }

    /// `router name=blue-router project=5f3c…`.
    package var description: String { "\(kind.noun) \(key.rawValue)=\(value)" + (project.map { " project=\($0)" } ?? "") }
    /// A name in no project: whoever makes the first thing of that name is taken.
    package var isBareName: Bool { key == .name && project == nil }
    package static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}

extension AttachmentSelector {
    /// The command with which a cloud's admin finds the id and the project of what it selects by name or id.
    package var showCommand: String { "openstack \(kind.rawValue) show \(ShellText.quoted(value)) -c id -c project_id" }
}
