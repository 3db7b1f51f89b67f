import FRR
import Foundation
import Glibc
import OVN
import OVSDB
import VTY

extension Preflight {
    // MARK: - FRR

    func routing() async -> [Finding] {
        var findings: [Finding] = []
        for daemon in ["zebra", "bgpd"] { findings.append(await self.daemon(daemon)) }
        findings.append(bfdd())
        return findings
    }

    /// Needed where the cloud asks for it.
    private func bfdd() -> Finding {
        let isWanted = intent?.base.failureDetection == .bfd
        guard access("\(surroundings.frrDirectory)/bfdd.vty", F_OK) != 0 else { return Finding("bfdd", .good, "it runs") }
        return Finding(
            "bfdd", isWanted ? .bad : .note,
            "it does not run: a dead gateway is noticed when BGP's hold time is over" + (isWanted ? ", and the cloud asks for BFD" : ""),
            remedy: "write “bfdd=yes” in /etc/frr/daemons, and in a maintenance window `systemctl restart frr`")
    }

    private func daemon(_ name: String) async -> Finding {
        let path = "\(surroundings.frrDirectory)/\(name).vty"
        let client = VTYClient(path: path, logger: log)
        do {
            try await client.connect()
            let text = try await client.show("show version")
            await client.close()
            guard let version = FRRVersion(parsing: text) else {
                return Finding(name, .unknown, "it answers, but tells no version")
            }
            guard version >= .floor else {
                return Finding(
                    name, .bad, "FRR \(version) is older than \(FRRVersion.floor), the oldest that this release is tested with",
                    remedy: "upgrade FRR")
            }
            return Finding(name, .good, "FRR \(version) answers")
        } catch {
            if access(path, F_OK) != 0, errno == ENOENT {
                return Finding(
                    name, .bad, "no socket \(path): \(name) does not run",
                    remedy: "set \(name)=yes in /etc/frr/daemons; then `systemctl restart frr`; `systemctl status frr` tells more")
            }
            if access(path, W_OK) != 0 {
                return Finding(
                    name, .bad, "no permission for \(path)",
                    remedy:
                        "the socket is for the group frrvty, which the unit has in SupplementaryGroups=")
            }
            return Finding(name, .bad, "it does not answer: \(error)", remedy: "`systemctl status frr`")
        }
    }

    // MARK: - Open vSwitch and OVN

    func databases(within patience: Duration) async -> [Finding] {
        let databases = Databases(remotes: surroundings.databases, log: log)
        let inbox = Inbox()
        let deadline = ContinuousClock.now + patience
        let view = await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await databases.run(telling: inbox) }
            var names: Set<String> = []
            while ContinuousClock.now < deadline, !Set(["node", "switching", "cloud"]).isSubset(of: names) {
                names.formUnion(await inbox.next(within: deadline - .now).events.map(\.name))
            }
            let view = databases.local.replica.map(LocalSwitchView.init)
            let cloud = cloud(databases, names, view)
            group.cancelAll()
            return (view, cloud)
        }
        guard let local = view.0 else {
            let reason = databases.local.connection.lastError.map { "\($0)" } ?? "no answer in \(patience.components.seconds) s"
            return [
                Finding(
                    "Open vSwitch", .bad, "its database cannot be read: \(reason)",
                    remedy:
                        "`systemctl status openvswitch-switch`; its socket is for root, or for the group that the unit's drop-in gives it")
            ]
        }
        return switching(local) + view.1
    }

    private func switching(_ view: LocalSwitchView) -> [Finding] {
        var findings = [Finding("Open vSwitch", .good, "its database answers, \(view.bridges.count) bridges")]
        guard let chassis = view.chassis else {
            findings.append(
                Finding(
                    "chassis", .bad, "external_ids:system-id is not set: this node is no chassis of OVN",
                    remedy: "configure ovn-controller; `ovs-vsctl get Open_vSwitch . external_ids` shows what is set"))
            return findings
        }
        findings.append(Finding("chassis", .good, chassis.systemID))
        if chassis.bridgeMappings.isEmpty {
            findings.append(
                Finding(
                    "bridge mappings", .bad, "no physical network is mapped to a bridge: no provider network ends here",
                    remedy: "map one: `ovs-vsctl set Open_vSwitch . external_ids:ovn-bridge-mappings=NETWORK:BRIDGE`"))
        }
        for (network, bridge) in chassis.bridgeMappings.sorted(by: { $0.key < $1.key }) {
            let subject = "network \(network)"
            guard view.bridge(named: bridge) != nil else {
                findings.append(
                    Finding(
                        subject, .bad, "it is mapped to \(bridge), which Open vSwitch does not have", remedy: "`ovs-vsctl add-br \(bridge)`"
                    ))
                continue
            }
            let socket = "\(surroundings.switchDirectory)/\(bridge).mgmt"
            findings.append(
                access(socket, W_OK) == 0
                    ? Finding(subject, .good, "bridge \(bridge)")
                    : Finding(
                        subject, .bad, "bridge \(bridge), whose flows cannot be read: \(socket): \(String(cString: strerror(errno)))",
                        remedy:
                            "`systemctl status openvswitch-switch`; its sockets are for root, or for the group that the unit's drop-in gives them"
                    ))
        }
        if view.bridge(named: chassis.integrationBridge) == nil {
            findings.append(
                Finding(
                    "ovn-controller", .bad, "there is no bridge \(chassis.integrationBridge), which ovn-controller makes",
                    remedy: "`systemctl status ovn-controller`"))
        }
        return findings
    }

    private func cloud(_ databases: Databases, _ names: Set<String>, _ view: LocalSwitchView?) -> [Finding] {
        guard let view, let chassis = view.chassis else { return [] }
        if names.contains("cloud") { return [Finding("OVN", .good, "southbound and northbound databases answer")] }
        if chassis.southboundRemotes.isEmpty, surroundings.databases.southbound == nil {
            return [
                Finding(
                    "OVN", .bad, "where the southbound database is, is not known: external_ids:ovn-remote is not set",
                    remedy: "set it, or give the agent --southbound and --northbound")
            ]
        }
        let remotes = CloudRemotes(configured: surroundings.databases, view)
        for case .unix(let path) in remotes.southbound + remotes.northbound where access(path, W_OK) != 0 && errno == EACCES {
            return [
                Finding(
                    "OVN", .bad, "no permission for \(path)",
                    remedy: "its sockets are root's: give ovn-ovsdb-server-nb.service and ovn-ovsdb-server-sb.service the drop-in "
                        + "packaging/systemd/ovs-sockets.conf too, or the agent --northbound and --southbound with tcp: or ssl:")
            ]
        }
        guard let northbound = databases.northbound else {
            return [
                Finding(
                    "OVN", .bad, "where the northbound database is, is not known: the southbound one is on no port that tells",
                    remedy:
                        "set it: `ovs-vsctl set Open_vSwitch . external_ids:ovn-nb-remote=tcp:HOST:6641`, or give the agent --northbound")
            ]
        }
        let reason = northbound.replica == nil ? northbound.connection.lastError.map { "northbound: \($0)" } : nil
        return [
            Finding(
                "OVN", .bad, "the cloud's databases do not answer: \(reason ?? "southbound")",
                remedy: "check where they listen: `ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-remote`; "
                    + "writing needs the northbound's leader")
        ]
    }
}
