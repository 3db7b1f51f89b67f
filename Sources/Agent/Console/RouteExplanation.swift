import FederationModel
import NetworkTypes

/// Why a VPN's prefixes are, or are not, advertised from this node and reached from it: each step of the way, with what was seen.
package struct RouteExplanation: Hashable, Sendable, Codable {
    package struct Step: Hashable, Sendable, Codable {
        /// Nil: it tells something, and decides nothing.
        package var holds: Bool?
        package var text: String

        init(_ holds: Bool?, _ text: String) {
            self.holds = holds
            self.text = text
        }
    }

    package var vpn: VPNName
    package var prefix: IPPrefix?
    package var steps: [Step] = []
    package var problems: [Problem] = []

    /// Every step holds, and nothing is wrong with the VPN.
    package var holds: Bool { steps.allSatisfy { $0.holds != false } && problems.isEmpty }

    private mutating func say(_ holds: Bool?, _ text: String) { steps.append(Step(holds, text)) }
}

extension RouteExplanation {
    /// - Parameters:
    ///   - prefix: nil: the VPN as a whole.
    ///   - state: of the VPN, as `NodeStatus.VPN.state`.
    package init(_ vpn: VPNIntent, _ prefix: IPPrefix?, _ report: VPNReport, received: [ReceivedRoute], state: String) {
        self.vpn = vpn.name
        self.prefix = prefix
        problems = report.problems
        say(state == "applied", "the intent of VPN \(vpn.name) is \(state) on this node")
        attachments(report)
        if let prefix {
            let isOwn =
                report.expected.contains(prefix) || report.advertised.contains(prefix)
                || report.attachments.contains { $0.subnets.contains { $0.contains(prefix) } }
            if isOwn { outward(prefix, vpn, report) } else { inward(prefix, vpn, report, received) }
        } else {
            whole(vpn, report)
        }
    }

    private mutating func attachments(_ report: VPNReport) {
        if report.attachments.isEmpty { say(nil, "nothing of this cloud is attached") }
        for attachment in report.attachments {
            guard !attachment.routers.isEmpty else {
                say(false, "\(attachment.selector) selects nothing in this cloud's OVN")
                continue
            }
            let routers = attachment.routers.joined(separator: ", ")
            let place = attachment.hostedHere ? "here" : attachment.chassis.map { "on chassis \($0)" } ?? "on no chassis"
            // Another node of the cloud may have it.
            say(attachment.hostedHere ? true : nil, "\(attachment.selector) selects router \(routers), whose gateway port is \(place)")
        }
    }

    /// From OVN to bgpd.
    private mutating func outward(_ prefix: IPPrefix, _ vpn: VPNIntent, _ report: VPNReport) {
        let subnet = report.attachments.flatMap(\.subnets).first { $0.contains(prefix) }
        if let subnet { say(true, "\(prefix) lies in \(subnet), which is attached") }
        if vpn.exportTargets.isEmpty { say(false, "this cloud exports nothing to \(vpn.name)") }
        if !vpn.exportFilter.isEmpty {
            let permits = vpn.exportFilter.permits(prefix)
            say(permits, "the VPN's export filter \(permits ? "permits" : "denies") it")
        }
        for attachment in vpn.attachments {
            if !attachment.export.isEmpty, !attachment.export.permits(prefix) {
                say(false, "the export filter of \(attachment.selector) denies it")
            }
            let words = attachment.advertise.names
            say(nil, "\(attachment.selector) advertises \(words.isEmpty ? "nothing" : words.joined(separator: ", "))")
        }
        let isExpected = report.expected.contains(prefix)
        let absent =
            prefix.isHost ? "no bound port here has this address, or its subnets are advertised instead" : "only what is named above is"
        say(isExpected, isExpected ? "it is to be advertised from here" : "it is not to be advertised from here: \(absent)")
        let isAdvertised = report.advertised.contains(prefix)
        say(isAdvertised, isAdvertised ? "bgpd originates it as a type-5 route" : "bgpd does not originate it")
        if let targets = report.effective?.exportTargets {
            say(nil, "route targets in force: \(targets.map(\.description).joined(separator: " "))")
        }
    }

    /// From bgpd to OVN.
    private mutating func inward(_ prefix: IPPrefix, _ vpn: VPNIntent, _ report: VPNReport, _ received: [ReceivedRoute]) {
        let targets = Set(vpn.importTargets)
        let routes = received.filter { $0.prefix.contains(prefix) && !targets.isDisjoint(with: $0.routeTargets) }
        if routes.isEmpty { say(false, "bgpd has received no route to it with a route target that the VPN imports") }
        for route in routes {
            let origin = vpn.origins.first { IPAddress.v4($0.vtep) == route.nextHop }
            say(
                route.isValid && origin != nil,
                "received \(route.prefix), RD \(route.routeDistinguisher), from VTEP \(route.nextHop): "
                    + (route.isValid ? route.isBest ? "valid and best" : "valid" : "not valid")
                    + (origin == nil ? "; no gateway with this VTEP may export to the VPN" : ""))
        }
        if !vpn.importFilter.isEmpty {
            let permits = routes.contains { vpn.importFilter.permits($0.prefix) }
            say(permits, "the VPN's import filter \(permits ? "permits" : "denies") it")
        }
        func covering(_ prefixes: [IPPrefix]) -> IPPrefix? { prefixes.filter { $0.contains(prefix) }.max { $0.length < $1.length } }
        let imported = covering(report.imported.filter(\.isBest).map(\.prefix))
        say(imported != nil, imported.map { "bgpd imported \($0) into the VRF" } ?? "bgpd imported no route to it into the VRF")
        let installed = report.installed.filter { $0.prefix.contains(prefix) }.max { $0.prefix.length < $1.prefix.length }
        say(
            installed?.tunnelReady ?? false,
            installed.map {
                "the kernel sends \($0.prefix) to VTEP \($0.nextHop)" + ($0.tunnelReady ? "" : ", whose tunnel entries are missing")
            } ?? "the kernel has no route to it in the VRF's table")
        let steered = covering(report.steered)
        say(steered != nil, steered.map { "Open vSwitch steers \($0) into the VRF" } ?? "Open vSwitch does not steer it into the VRF")
        let exempted = covering(report.exempted)
        say(exempted != nil, exempted.map { "NAT leaves \($0) alone" } ?? "NAT translates the source of packets to it")
    }

    private mutating func whole(_ vpn: VPNIntent, _ report: VPNReport) {
        func compare(_ wanted: [IPPrefix], _ there: [IPPrefix], _ verb: String, _ none: String) {
            let missing = Set(wanted).subtracting(there)
            guard !wanted.isEmpty else { return say(nil, none) }
            say(
                missing.isEmpty,
                "\(wanted.count - missing.count) of \(wanted.count) prefixes are \(verb)"
                    + (missing.isEmpty ? "" : "; not \(missing.sorted().listed(limit: 8))"))
        }
        compare(report.expected, report.advertised, "advertised", "no prefix is to be advertised from here")
        let imported = Set(report.imported.filter(\.isBest).map(\.prefix)).sorted()
        compare(imported, report.installed.filter(\.tunnelReady).map(\.prefix), "installed in the kernel", "no route is learned")
        if report.attachments.contains(where: \.hostedHere) {
            let installed = Set(report.installed.map(\.prefix)).sorted()
            compare(installed, report.steered, "steered to", "there is nothing to steer to")
            compare(installed, report.exempted, "left alone by NAT", "there is nothing for NAT to leave alone")
        }
    }
}
