import FederationModel
import NetworkTypes

/// Steps 3 and 4: the configuration in force on the gateways, and their attachments.
extension PairJudge {
    /// The targets that carry the origin's routes to the viewer. Targets of other pairs do not matter here.
    var common: Set<RouteTarget> { origin.exports.intersection(viewer.imports) }

    /// A cause if each end has some of the pair's targets in force, but no two gateways have one in common.
    func targetsApart() -> Cause? {
        func inForce(_ sites: [GatewayInVPN], _ targets: KeyPath<EffectiveVPN, [RouteTarget]>) -> Set<RouteTarget> {
            Set(sites.compactMap(\.report?.effective).flatMap { $0[keyPath: targets] }).intersection(common)
        }
        let exports = inForce(origin.hosting, \.exportTargets)
        let imports = inForce(viewer.hosting, \.importTargets)
        guard !exports.isEmpty, !imports.isEmpty, exports.isDisjoint(with: imports) else { return nil }
        return Cause(
            .noRouteTargetInCommon, "\(viewer.cloud) imports nothing that \(origin.cloud) exports in VPN \(vpn)",
            evidence: [
                "\(origin.cloud) effectively exports \(exports.sorted().listed) of \(common.sorted().listed)",
                "\(viewer.cloud) effectively imports \(imports.sorted().listed) of \(common.sorted().listed)",
            ], remedy: Remedy.repair(origin.hosting[0]))
    }

    func ineffectiveOrigin(_ site: GatewayInVPN) -> Cause? {
        guard let effective = site.report?.effective else { return Cause(unconfigured: site) }
        if let cause = mismatch(effective, at: site) { return cause }
        let intended = site.intent
        guard effective.routeDistinguisher == intended.routeDistinguisher else {
            return Cause(
                .wrongRD, "\(site.id) advertises VPN \(vpn) with a wrong route distinguisher",
                evidence: [
                    "\(site.id): bgpd has RD \(effective.routeDistinguisher?.description ?? "none")",
                    "intended \(intended.routeDistinguisher)",
                ], remedy: Remedy.repair(site))
        }
        let missing = common.intersection(intended.exportTargets).subtracting(effective.exportTargets).sorted()
        guard missing.isEmpty else {
            return Cause(
                .exportTargetMissing, "\(site.id) does not export VPN \(vpn) to \(missing.listed)",
                evidence: targetsEvidence(site, "exports", effective.exportTargets, intended.exportTargets), remedy: Remedy.repair(site))
        }
        let foreign = foreigners(effective.exportTargets, intended.exportTargets, owners: view.importers)
        guard foreign.isEmpty else {
            return Cause(
                .foreignExportTarget, "\(site.id) exports VPN \(vpn) to \(foreign.listed) of other VPNs",
                evidence: targetsEvidence(site, "exports", effective.exportTargets, intended.exportTargets), remedy: Remedy.repair(site))
        }
        return nil
    }

    func ineffectiveViewer(_ site: GatewayInVPN) -> Cause? {
        guard let effective = site.report?.effective else { return Cause(unconfigured: site) }
        if let cause = mismatch(effective, at: site) { return cause }
        let intended = site.intent
        let missing = common.intersection(intended.importTargets).subtracting(effective.importTargets).sorted()
        guard missing.isEmpty else {
            return Cause(
                .importTargetMissing, "\(site.id) does not import \(missing.listed) into VPN \(vpn)",
                evidence: targetsEvidence(site, "imports", effective.importTargets, intended.importTargets), remedy: Remedy.repair(site))
        }
        let foreign = foreigners(effective.importTargets, intended.importTargets, owners: view.exporters)
        guard foreign.isEmpty else {
            return Cause(
                .foreignImportTarget, "\(site.id) imports \(foreign.listed) of other VPNs into VPN \(vpn)",
                evidence: targetsEvidence(site, "imports", effective.importTargets, intended.importTargets), remedy: Remedy.repair(site))
        }
        return nil
    }

    /// Checks for both ends.
    private func mismatch(_ effective: EffectiveVPN, at site: GatewayInVPN) -> Cause? {
        if effective.encapsulation != site.intent.encapsulation {
            return Cause(
                .wrongVNI,
                "\(site.id) carries VPN \(vpn) under VNI \(effective.encapsulation.vni) instead of \(site.intent.encapsulation.vni)",
                evidence: ["\(site.id): bgpd has VNI \(effective.encapsulation.vni)", "intended \(site.intent.encapsulation.vni)"],
                remedy: Remedy.repair(site))
        }
        if !effective.isUp {
            return Cause(
                .l3vniDown, "the L3VNI \(site.intent.encapsulation.vni) of VPN \(vpn) is down on \(site.id)",
                evidence: ["\(site.id): zebra has VNI \(site.intent.encapsulation.vni) down"] + site.complaints,
                remedy:
                    "on \(site.place): `vtysh -c 'show evpn vni \(site.intent.encapsulation.vni)'` shows the VXLAN device and the bridge; both must be up "
                    + "and the bridge in the VRF: `ip -d link show type vxlan`; `systemctl restart fed-agent` rebuilds them")
        }
        if let mac = effective.routerMAC, mac != site.base.routerMAC {
            return Cause(
                .wrongRouterMAC, "\(site.id) uses router MAC \(mac) instead of \(site.base.routerMAC)",
                evidence: ["\(site.id): router MAC \(mac)", "allocated \(site.base.routerMAC)"], remedy: Remedy.repair(site))
        }
        return nil
    }

    /// Unintended targets in force that belong to other VPNs.
    private func foreigners(
        _ effective: [RouteTarget], _ intended: [RouteTarget], owners: [RouteTarget: Set<VPNName>]
    ) -> [RouteTarget] {
        effective.filter { target in !intended.contains(target) && owners[target, default: []].contains { $0 != vpn } }
    }

    private func targetsEvidence(_ site: GatewayInVPN, _ verb: String, _ effective: [RouteTarget], _ intended: [RouteTarget]) -> [String] {
        ["\(site.id) effectively \(verb) \(effective.listed)", "intended \(intended.listed)"] + site.complaints
    }

    // MARK: Filters

    /// A cause if the kernel forwards prefixes that the viewer's import filter denies.
    func smuggled(_ denied: [IPPrefix]) -> Cause? {
        guard !denied.isEmpty else { return nil }
        let vteps = Set(origin.sites.map(\.vtep))
        return viewer.hosting.firstNonNil { site in
            let found = denied.filter { site.installed[$0, default: []].contains { vteps.contains($0.nextHop.withoutMapping) } }
            guard let first = found.first else { return nil }
            return Cause(
                .deniedPrefixInstalled, "\(site.id) sends \(first) to \(origin.cloud), but the import filter of VPN \(vpn) denies it",
                evidence: ["\(site.id) has \(found.prefix(Cause.evidenceLimit).listed) of \(origin.cloud)"]
                    + site.intent.importFilter.prefix(Cause.evidenceLimit).map { "import filter: \($0)" } + site.complaints,
                remedy: Remedy.repair(site))
        }
    }

    // MARK: Attachments

    func detached(_ side: CloudInVPN) -> Cause? {
        unattached(side).map { cause in side.sites.reduce(cause) { $0.explained(by: $1) } }
    }

    private func unattached(_ side: CloudInVPN) -> Cause? {
        side.selectors.firstNonNil { selector in
            let reports = side.sites.compactMap { site in site.attachment(selector).map { (site, $0) } }
            let routers = Set(reports.flatMap(\.1.routers)).sorted()
            let evidence = reports.map { site, report in
                "\(site.id): \(selector) is \(report.routers.listed), gateway port on \(report.chassis ?? "no chassis")"
            }
            if routers.isEmpty {
                // Nothing is broken: its owner has associated nothing yet.
                guard side.wait(of: selector) == nil else { return nil }
                return Cause(
                    .attachmentNotFound, "\(selector) of \(side.cloud) not found in OVN",
                    evidence: (evidence.isEmpty ? ["no agent of \(side.cloud) found it"] : evidence) + side.sites.flatMap(\.complaints),
                    remedy: "compare with \(Remedy.listing(selector)), correct the attachment of VPN \(vpn) in the federation file: "
                        + Remedy.apply)
            }
            // A label matches many routers; a name must match one.
            if selector.kind == .router, selector.key != .label, routers.count > 1 {
                return Cause(
                    .attachmentAmbiguous, "\(selector) matches \(routers.count) routers in \(side.cloud)",
                    evidence: evidence,
                    remedy: "choose one by id in the federation file, like “router: {id: \(routers[0])}”: \(Remedy.apply)")
            }
            if !reports.contains(where: { $0.1.hostedHere }) {
                let chassis = reports.compactMap(\.1.chassis).first
                return Cause(
                    .gatewayNotHosted,
                    chassis.map { "the gateway port of \(selector) is on \($0), where no agent of \(side.cloud) runs" }
                        ?? "the gateway port of \(selector) in \(side.cloud) is bound to no chassis",
                    evidence: evidence + side.sites.flatMap(\.complaints),
                    remedy: chassis.map {
                        "run fed-agent on \($0) and add it to the gateways of \(side.cloud) in the federation file: \(Remedy.apply); or let OVN "
                            + "move the port: `ovn-nbctl --columns=name,gateway_chassis,ha_chassis_group list Logical_Router_Port` shows the allowed chassis"
                    } ?? "`ovn-sbctl find Port_Binding type=chassisredirect` shows the gateway ports; give the router an external gateway, "
                        + "and check on the gateway nodes that ovn-controller runs: `systemctl status ovn-controller`")
            }
            return nil
        }
    }
}
