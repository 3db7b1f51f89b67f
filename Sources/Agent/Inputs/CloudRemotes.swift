import FederationModel
import OVN
import OVSDB

/// Where the cloud's databases are, as the operator or the node says, and why one is not known.
struct CloudRemotes: Hashable, Sendable {
    /// Empty: not known.
    private(set) var southbound: [OVSDBRemote] = []
    private(set) var northbound: [OVSDBRemote] = []
    private(set) var unknown: [Source: String] = [:]

    init(configured: Databases.Remotes, _ view: LocalSwitchView) {
        guard let chassis = view.chassis else {
            let reason = "this node is no chassis of OVN: Open_vSwitch has no external_ids:system-id"
            unknown = [.southbound: reason, .northbound: reason]
            return
        }
        func known(_ text: [String]) -> [OVSDBRemote] { text.compactMap { try? OVSDBRemote(parsing: $0) } }
        southbound = configured.southbound ?? known(chassis.southboundRemotes)
        let named = configured.northbound ?? known(chassis.northboundRemotes)
        northbound = named.isEmpty ? southbound.compactMap(\.northboundBeside) : named
        if southbound.isEmpty {
            unknown[.southbound] =
                chassis.southboundRemotes.isEmpty
                ? "its address is not known: external_ids:ovn-remote is not set"
                : "its address is not known: external_ids:ovn-remote is \(chassis.southboundRemotes.joined(separator: ","))"
        }
        if northbound.isEmpty {
            unknown[.northbound] = "its address is not known: external_ids:ovn-nb-remote is not set, and none follows from ovn-remote"
        }
    }
}

extension OVSDBRemote {
    /// Where OVN puts the northbound database that goes with this southbound one: port 6641 (ovn-ctl(8)), whichever port the southbound one or
    /// a relay of it has; as a socket, the file beside.
    var northboundBeside: OVSDBRemote? {
        switch self {
        case .tcp(let host, _): .tcp(host: host, port: 6641)
        case .ssl(let host, _): .ssl(host: host, port: 6641)
        case .unix(let path): path.contains("sb_db.sock") ? .unix(path: path.replacing("sb_db.sock", with: "nb_db.sock")) : nil
        }
    }
}
