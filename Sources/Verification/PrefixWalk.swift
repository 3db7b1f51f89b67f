import FederationModel
import NetworkTypes

/// Steps 5 to 10 for one prefix. It is complete if any gateway of the origin advertises it, and every gateway of the viewer
/// that hosts an attachment uses it.
struct PrefixWalk {
    let prefix: IPPrefix
    /// The first broken step; nil if the prefix is complete.
    let cause: Cause?

    init(prefix: IPPrefix, judge: PairJudge) {
        self.prefix = prefix
        let deciding = judge.origin.deciding
        let areAll = deciding.allSatisfy { $0.advertised.contains(prefix) }
        let advertisers = areAll ? deciding : deciding.filter { $0.advertised.contains(prefix) }
        guard !advertisers.isEmpty else {
            cause = judge.origin.deciding.reduce(Cause(notAdvertised: prefix, by: judge.origin)) { $0.explained(by: $1, about: prefix) }
            return
        }
        if let broken = advertisers.firstNonNil({ $0.undeliverable(prefix) }) {
            cause = broken
            return
        }
        let viewers = judge.viewer.hosting.isEmpty ? judge.viewer.deciding : judge.viewer.hosting
        cause = viewers.compactMap { viewer in
            Arrival(
                prefix: prefix, origin: judge.origin, advertisers: advertisers,
                vteps: areAll ? judge.origin.vteps : Set(advertisers.map(\.vtep)), viewer: viewer,
                received: judge.received[viewer.id] ?? ReceivedIndex(), view: judge.view, shared: judge.shared
            )
            .cause()?
            .explained(by: viewer, about: prefix)
        }.min { $0.step.order < $1.step.order }
    }

    /// A prefix that is known to be complete.
    init(complete prefix: IPPrefix) {
        self.prefix = prefix
        cause = nil
    }

    var state: VerdictState { cause?.state ?? .ok }

    func passed(_ step: RouteStep) -> Bool { cause.map { $0.step.order > step.order } ?? true }
}

/// One prefix of an origin on its way into one gateway of the viewer.
struct Arrival {
    let prefix: IPPrefix
    let origin: CloudInVPN
    /// Gateways of the origin that advertise the prefix; not empty.
    let advertisers: [GatewayInVPN]
    /// Theirs.
    let vteps: Set<IPAddress>
    let viewer: GatewayInVPN
    /// By the viewer, of all VPNs.
    let received: ReceivedIndex
    let view: FederationView
    let shared: SharedPrefixes

    func cause() -> Cause? {
        let routes =
            advertisers.count == 1
            ? received[prefix, advertisers[0].intent.routeDistinguisher]
            : Set(advertisers.map(\.intent.routeDistinguisher)).sorted().flatMap { received[prefix, $0] }
        guard !routes.isEmpty else { return notReceived() }
        return refused(routes) ?? notImported(routes) ?? notInstalled() ?? notSteered() ?? (isOwn ? nil : viewer.unanswered(to: prefix))
    }

    // MARK: Steps 6 and 7

    private func notReceived() -> Cause? {
        if let cause = sessionDown() { return cause }
        let source = advertisers[0]
        let behindServer = !viewer.base.peers.contains { $0.address == source.vtep }
        if behindServer, source.base.asn == viewer.base.asn {
            return Cause(
                .asLoop, "\(viewer.id) drops \(prefix): it has the same AS \(viewer.base.asn) as \(source.id)",
                evidence: ["\(source.id) and \(viewer.id) both have AS \(viewer.base.asn) and meet at a route server"],
                remedy: "give each cloud its own AS (set or omit “as:” in the federation file): \(Remedy.apply)")
        }
        return Cause(
            .notReceived, "\(source.id) advertises \(prefix), but \(viewer.id) did not receive it",
            evidence: ["\(source.id) advertises \(prefix) with RD \(source.intent.routeDistinguisher)"]
                + received[prefix].prefix(Cause.evidenceLimit).map { "\(viewer.id) has it with RD \($0.routeDistinguisher) only" }
                + sessionLines(viewer) + viewer.complaints,
            remedy: search(for: source))
    }

    /// How to find where the route was lost: at the origin, in between, or here.
    private func search(for source: GatewayInVPN) -> String {
        let servers = viewer.neighbours(towards: vteps, in: view).filter { $0 != source.vtep }
        let names = servers.map(viewer.name(of:)).listed
        var parts: [String] = []
        if !servers.isEmpty, received.isEmpty {
            parts.append("check the route server \(names) first: it sends \(viewer.id) no routes at all")
        }
        if let neighbour = source.neighbours(towards: [viewer.vtep], in: view).first {
            parts.append(
                "on \(source.place): `vtysh -c 'show bgp l2vpn evpn neighbors \(neighbour) advertised-routes'` shows whether it is sent")
        }
        if let neighbour = viewer.neighbours(towards: vteps, in: view).first {
            parts.append(
                "on \(viewer.place): `vtysh -c 'show bgp l2vpn evpn neighbors \(neighbour) routes'` shows what arrived; "
                    + "`vtysh -c 'clear bgp l2vpn evpn \(neighbour) soft in'` requests it again")
        }
        if !servers.isEmpty, !received.isEmpty { parts.append("if it is sent, check the filters of the route server \(names)") }
        return parts.isEmpty ? "on \(viewer.place): `vtysh -c 'show bgp l2vpn evpn summary'`" : parts.joined(separator: "; ")
    }

    /// Where a route's extended communities may have been dropped.
    func between(_ source: GatewayInVPN, _ viewer: GatewayInVPN) -> String {
        let servers = viewer.neighbours(towards: [source.vtep], in: view).filter { $0 != source.vtep }
        return servers.isEmpty ? viewer.place : "the route server " + servers.map(viewer.name(of:)).listed
    }

    private func refused(_ routes: [ReceivedRoute]) -> Cause? {
        var refusals: [Cause] = []
        for route in routes {
            guard let refusal = refusal(of: route) else { return nil }
            refusals.append(refusal)
        }
        return refusals.first
    }

    private func refusal(of route: ReceivedRoute) -> Cause? {
        // Made where it is shown only: this is asked of each route.
        var line: String {
            "\(viewer.id) received \(prefix), RD \(route.routeDistinguisher), next hop \(route.nextHop), path \(route.asPath.listed), "
                + "router MAC \(route.routerMAC?.description ?? "none")"
        }
        if route.asPath.contains(viewer.base.asn.value) {
            return Cause(
                .asLoop, "\(viewer.id) drops \(prefix): its own AS \(viewer.base.asn) is in the path",
                evidence: [line],
                remedy: "give each cloud its own AS (set or omit “as:” in the federation file): \(Remedy.apply)")
        }
        if let mac = route.routerMAC {
            if mac == viewer.base.routerMAC || mac == viewer.report?.effective?.routerMAC {
                return Cause(
                    .ownRouterMAC, "\(viewer.id) drops \(prefix): it carries its own router MAC \(mac)",
                    evidence: [line, "router MAC of \(viewer.id) is \(mac)"],
                    remedy:
                        "two gateways have the same router MAC: remove “routerMAC” from one of them in the federation file: \(Remedy.apply); "
                        + "on \(viewer.place): `ip -br link show type bridge` shows it")
            }
            let others = view.gatewaysByRouterMAC[mac, default: []].subtracting(advertisers.map(\.id)).sorted()
            if let other = others.first {
                return Cause(
                    .duplicateRouterMAC, "\(prefix) of \(origin.cloud) carries the router MAC \(mac) of \(other)",
                    evidence: [line, "router MAC \(mac) is allocated to \(others.listed)"],
                    remedy: "remove “routerMAC” from one of them in the federation file: \(Remedy.apply)")
            }
        }
        if !route.isValid {
            return Cause(
                .notValid, "\(viewer.id) cannot use \(prefix): its next hop \(route.nextHop) is not reachable, or a policy denies it",
                evidence: [line + ", not valid"] + viewer.complaints,
                remedy:
                    "on \(viewer.place): `ip route get \(route.nextHop)`; `vtysh -c 'show bgp nexthop'`; a next hop with only a default route needs "
                    + "`vtysh -c 'configure terminal' -c 'ip nht resolve-via-default'`")
        }
        if !route.isBest {
            return Cause(
                .notBest, "\(viewer.id) prefers another route to \(prefix) with the same route distinguisher",
                evidence: [line + ", not best"],
                remedy: "on \(viewer.place): `vtysh -c 'show bgp l2vpn evpn route rd \(route.routeDistinguisher)'` shows which one; "
                    + "no other gateway may use this route distinguisher")
        }
        return nil
    }
}
