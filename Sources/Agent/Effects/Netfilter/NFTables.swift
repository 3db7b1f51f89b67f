import EVPN
import NetworkTypes

/// The agent's nftables table as text. Its name is the mark of ownership; no other table is looked at.
enum NFTables {
    static let table = "inet ovn_federation"

    /// The table as `nft -s list table` prints it, but for where it breaks lines.
    ///
    /// The VNI is in the VXLAN header, 12 bytes after the beginning of UDP's (RFC 7348, section 5). A verdict of drop is the last word whatever
    /// other tables accept; what is accepted here may be dropped there.
    static func listing(_ filter: VXLANFilter) -> String {
        let members = filter.sources.filter { !$0.value.isEmpty }.sorted { $0.key.value < $1.key.value }
        var lines = ["table \(table) {"]
        for (vni, sources) in members {
            // nft makes a plain match of a set of one.
            let addresses = sources.count == 1 ? "\(sources[0])" : "{ \(sources.map(\.description).joined(separator: ", ")) }"
            lines += ["\tchain vni\(vni) {", "\t\tip saddr \(addresses) accept", "\t}", ""]
        }
        lines += ["\tchain members {"]
        if !members.isEmpty {
            lines.append("\t\t@th,96,24 vmap { \(members.map { "\($0.key) : jump vni\($0.key)" }.joined(separator: ", ")) }")
        }
        lines += ["\t\tcounter drop", "\t}", "", "\tchain vxlan {", "\t\ttype filter hook input priority filter; policy accept;"]
        lines += ["\t\tip daddr \(filter.vtep) udp dport 4789 goto members", "\t}", "}"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// What makes it so, in one transaction, whatever was there; nil: takes it away.
    static func script(_ filter: VXLANFilter?) -> String {
        // A table cannot be deleted that is not there: it is made first.
        "table \(table)\ndelete table \(table)\n" + (filter.map(listing) ?? "")
    }

    /// With one space wherever nft has spaces and line ends.
    static func normalized(_ listing: String) -> String {
        listing.split { $0 == " " || $0 == "\t" || $0 == "\n" }.joined(separator: " ")
    }
}
