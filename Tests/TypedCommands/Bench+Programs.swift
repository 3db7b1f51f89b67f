extension Bench {
    /// What stands for each program, as text of sh(1).
    static func programs(_ directory: String) -> [String: String] {
        let units =
            "fed-agent|fed-coordinator|frr|ovn-controller|ovn-northd|openvswitch-switch|ovs-vswitchd|ovsdb-server|ovn-ovsdb-server-nb|ovn-ovsdb-server-sb"
        return [
            "vtysh": "exec /usr/bin/vtysh --vty_socket \(directory)/frr \"$@\"",
            "ovn-nbctl": "exec /usr/bin/ovn-nbctl --timeout=10 --db=unix:\(directory)/nb.sock \"$@\"",
            "ovn-sbctl": "exec /usr/bin/ovn-sbctl --timeout=10 --db=unix:\(directory)/sb.sock \"$@\"",
            "ovs-vsctl": "exec /usr/bin/ovs-vsctl --timeout=10 --db=unix:\(directory)/ovs.sock \"$@\"",
            "ovs-appctl": "exec /usr/bin/ovs-appctl -t \(directory)/vswitchd.ctl \"$@\"",
            "systemctl": """
            case "$1" in status|restart|start) ;; *) echo "Unknown command verb $1"; exit 64;; esac
            case "$2" in \(units)) exit 0;; *) echo "Unit $2 not found"; exit 4;; esac
            """,
            "journalctl": """
            [ "$1" = -u ] && [ "$3" = -n ] && [ "$#" = 4 ] && [ "$4" -gt 0 ] || { echo "is invalid: journalctl $*"; exit 64; }
            case "$2" in \(units)) exit 0;; *) echo "Unit $2 not found"; exit 4;; esac
            """,
            // docs.openstack.org/python-openstackclient: port, router, network, subnet, floating ip and bgpvpn.
            "openstack": """
            case "$*" in
            "router list"|"network list"|"port list"|"network list --external"|"floating ip list") exit 0;;
            "floating ip list --router "*) [ "$#" = 5 ] && exit 0;;
            "router show "*" -c project_id"|"network show "*" -c project_id"|"port show "*" -c project_id") [ "$#" = 5 ] && exit 0;;
            "bgpvpn list"|"bgpvpn list --long") exit 0;;
            "bgpvpn show "*" -c project_id") [ "$#" = 5 ] && exit 0;;
            "bgpvpn create --project "*" --name "*" --type l3") [ "$#" = 8 ] && exit 0;;
            "bgpvpn set --no-route-target --no-import-target --no-export-target --no-route-distinguisher "*) [ "$#" = 7 ] && exit 0;;
            "port list --fixed-ip ip-address="*) [ "$#" = 4 ] && exit 0;;
            esac
            echo "Unknown command ['$*']"; exit 2
            """,
            // 64: the line is wrong. Anything else: there is no coordinator, which is no fault of the line.
            "fedctl": """
            real=$(PATH="${PATH#*:}" command -v fedctl) || { echo "fedctl: not found"; exit 127; }
            FEDCTL_COORDINATOR=127.0.0.1:1 "$real" "$@" >/dev/null 2>\(directory)/fedctl.err
            [ $? != 64 ] || { cat \(directory)/fedctl.err; exit 64; }
            """,
        ]
    }
}
