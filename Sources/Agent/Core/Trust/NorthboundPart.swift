import OVN

/// What only the northbound database tells, where it says nothing.
extension CloudView {
    /// The same with NAT rules, routes and ports taken down as they were long ago. Labels are not taken from there: by them tenants' routers are
    /// selected.
    func withUntold(of former: CloudView) -> CloudView {
        let formers = Dictionary(former.routers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return CloudView(
            routers: routers.map { router in formers[router.id].map { router.withUntold(of: $0) } ?? router }, networks: networks,
            chassis: chassis, problems: problems, northbound: northbound, listed: listed)
    }
}

extension RouterView {
    /// The same with what only the northbound database tells as it was.
    func withNorthboundPart(of former: RouterView) -> RouterView {
        var result = withUntold(of: former)
        (result.name, result.labels) = (former.name, former.labels)
        return result
    }

    fileprivate func withUntold(of former: RouterView) -> RouterView {
        var result = self
        (result.natRules, result.staticRoutes, result.balanced) = (former.natRules, former.staticRoutes, former.balanced)
        (result.sourceRoutes, result.policies, result.disabledPorts) = (former.sourceRoutes, former.policies, former.disabledPorts)
        for index in result.interfaces.indices {
            guard let old = former.interfaces.first(where: { $0.logicalPort == result.interfaces[index].logicalPort }) else { continue }
            result.interfaces[index].keepDisabled(of: old)
        }
        return result
    }
}

extension RouterInterface {
    /// What an admin had taken down is down, whoever has claimed it. Ports that were not there then are taken for enabled.
    fileprivate mutating func keepDisabled(of former: RouterInterface) {
        let known = Dictionary(
            (former.hosts + former.unbound).map { ($0.logicalPort, $0.isDisabled) }, uniquingKeysWith: { first, _ in first })
        let all = (hosts + unbound).map { host in
            var host = host
            host.isDisabled = known[host.logicalPort] ?? host.isDisabled
            if host.isDisabled == true { host.chassis = nil }
            return host
        }.sorted { $0.logicalPort < $1.logicalPort }
        (hosts, unbound) = (all.filter { $0.chassis != nil }, all.filter { $0.chassis == nil })
    }
}
