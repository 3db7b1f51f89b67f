/// The commands of a remedy as verify prints it, each with the host that it is to be typed on.
struct PrintedFix: Hashable, Sendable {
    struct Line: Hashable, Sendable {
        var host: Host
        var command: String
        /// It shows something and changes nothing.
        var isLook: Bool
    }

    var lines: [Line]

    /// What changes something.
    var mends: [Line] { lines.filter { !$0.isLook } }

    /// - Parameters:
    ///   - remedy: text with commands in backticks; “on gw1 of tokyo” and “in tokyo” say where.
    ///   - otherwise: the cloud that is meant where the text names none.
    init(_ remedy: String, in scenario: Scenario, otherwise: String) {
        var place = Host.management
        var cloud = otherwise
        lines = []
        for (index, part) in remedy.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            guard index % 2 == 1 else {
                Self.follow(String(part), in: scenario, &place, &cloud)
                continue
            }
            let command = String(part)
            // FILE is the admin's own, and is edited before: no test can type that.
            guard !command.contains("FILE") else { continue }
            let word = command.split(separator: " ").first.map(String.init) ?? ""
            let host: Host =
                switch word {
                case "fedctl": .management
                case "ovn-nbctl", "ovn-sbctl": .central(cloud)
                default: place
                }
            lines.append(Line(host: host, command: command, isLook: Self.isLook(command)))
        }
    }

    /// The last place that is named counts.
    private static func follow(_ text: String, in scenario: Scenario, _ place: inout Host, _ cloud: inout String) {
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "/") }.map(String.init)
        for (index, word) in words.enumerated() {
            let rest = words[index...].dropFirst()
            switch word {
            case "on" where rest.count >= 3 && rest[index + 2] == "of":
                let host = Host.node(rest[index + 3], rest[index + 1])
                if scenario.hosts.contains(host) { (place, cloud) = (host, rest[index + 3]) }
            case "in" where rest.first.map { scenario.cloud($0) != nil } == true:
                cloud = rest[index + 1]
                place = .central(cloud)
            case "central" where rest.first == "node": place = .central(cloud)
            default: break
            }
        }
    }

    private static let looks = [
        "systemctl status", "journalctl", "vtysh -c 'show", "ip -d link", "ip -br", "ip -s", "ip link show", "ip rule", "ip route show",
        "ip route get", "ip neigh show", "nft list", "iptables-legacy-save", "iptables-legacy -S", "ovs-vsctl list", "ovs-vsctl show",
        "ovs-vsctl get", "ovs-vsctl --if-exists get", "ovs-ofctl dump", "ovs-appctl", "ovn-nbctl list", "ovn-nbctl --columns",
        "ovn-nbctl show",
        "ovn-nbctl lr-route-list", "ovn-sbctl list", "ovn-sbctl --columns", "ovn-sbctl show", "bridge fdb show", "ping", "tracepath",
        "date", "tc -s",
        "fedctl status", "fedctl verify", "fedctl get", "fedctl describe", "fedctl routes", "fedctl alloc list", "fedctl export",
        "fedctl isolation", "fed-agent status", "fed-agent check", "fed-agent explain", "top", "sysctl net", "timedatectl", "ss ",
    ]

    private static func isLook(_ command: String) -> Bool {
        let changing = ["ip rule del", "ip rule add", "ovs-appctl dpctl/"]
        return looks.contains { command.hasPrefix($0) } && !changing.contains { command.hasPrefix($0) }
    }
}

/// The daemons of Debian's systemd units, which the lab starts without systemd.
enum SystemdUnit {
    /// Nil if it is no command of systemctl(1) that starts something.
    static func daemons(startedBy command: String) -> [DaemonKind]? {
        let words = command.split(separator: " ").map(String.init)
        guard words.count == 3, words[0] == "systemctl", words[1] == "restart" || words[1] == "start" else { return nil }
        return switch words[2] {
        case "fed-agent": [.agent]
        case "fed-coordinator": [.coordinator]
        case "frr": [.zebra]
        case "ovn-controller": [.controller]
        case "ovs-vswitchd": [.vswitchd]
        case "ovsdb-server": [.database]
        case "openvswitch-switch": [.database, .vswitchd]
        case "ovn-northd": [.northd]
        case "ovn-ovsdb-server-nb": [.northbound]
        case "ovn-ovsdb-server-sb": [.southbound]
        default: nil
        }
    }
}
