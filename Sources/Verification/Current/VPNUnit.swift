import FederationModel
import NetworkTypes

/// The verdicts of one VPN, with what they were made of: what did not change of it is not judged again.
struct VPNUnit: Sendable {
    /// What happened since the VPN was last judged.
    struct Dirt {
        /// All is to be judged anew.
        var isWhole = false
        /// Gateways that may have become others.
        var sites: Set<GatewayID> = []
        /// Routes that gateways received or lost.
        var routes: [GatewayID: RouteDifference] = [:]
        /// Clouds in whose VRFs is to be looked again.
        var viewers: Set<CloudName> = []
        /// In all clouds' VRFs is to be looked again: another VPN's gateway announces something else.
        var isForeign = false
    }

    private(set) var sides: [CloudInVPN] = []
    private var joins = Joins([])
    /// By viewer; sorted.
    private var origins: [[Int]] = []
    /// By viewer, as `origins`: what became of the origin's prefixes.
    private var reach: [[PairVerdict]] = []
    private var findings: [IntruderSearch.Findings] = []
    private var foreign: [ForeignRoutes] = []
    /// By viewer; sorted by origin.
    private(set) var verdicts: [[PairVerdict]] = []

    /// Whether what other VPNs are to do may change a verdict.
    private(set) var isEntangled = false
    /// By viewer: whether what was found depends on more than where nothing is wrong.
    private var unusual: [Bool] = []
    /// By cloud: whether a gateway has targets in force that are not its own.
    private var overridden: [Bool] = []

    func position(of cloud: CloudName) -> Int? { sides.firstIndex { $0.cloud == cloud } }

    /// Whether any route that a gateway of the viewer receives may change a verdict, whatever VPN it is of.
    func isCurious(_ viewer: Int) -> Bool {
        unusual[viewer] || reach[viewer].contains { $0.cause?.step == .received }
    }

    /// When the viewer's verdicts may become others by themselves.
    func until(_ viewer: Int) -> Int64? { findings[viewer].until }

    // MARK: Judging

    /// Judges what is to be judged again.
    ///
    /// - Parameters:
    ///   - changes: of the gateways that became others.
    ///   - judge: makes a judge of these clouds.
    /// - Returns: The positions of the viewers that were judged.
    mutating func judge(
        _ dirt: Dirt, _ changes: [GatewayID: SiteChange], sites: [GatewayID: GatewayInVPN],
        _ judge: ([CloudInVPN], Joins) -> VPNJudge
    ) -> [Int] {
        if dirt.isWhole { return judgeAll(sites, judge) }
        var changed: [Int: [(GatewayInVPN, SiteChange)]] = [:]
        for (id, change) in changes {
            guard let site = sites[id], let place = position(of: id.cloud) else { continue }
            changed[place, default: []].append((site, change))
        }
        for place in changed.keys {
            let side = sides[place]
            sides[place] = CloudInVPN(cloud: side.cloud, sites: side.sites.compactMap { sites[$0.id] })
        }
        let judge = judge(sides, joins)
        let isLocal =
            !dirt.isForeign
            && changed.values.allSatisfy { $0.allSatisfy { !$0.1.isWhole && $0.1.announced.isEmpty && $0.1.probed.isEmpty } }
        var judged: [Int] = []
        for viewer in sides.indices {
            // What arrives at one cloud is no matter of others.
            if isLocal, changed[viewer] == nil, !dirt.viewers.contains(sides[viewer].cloud),
                !sides[viewer].sites.contains(where: { dirt.routes[$0.id] != nil })
            {
                continue
            }
            let isReached = judgeReach(viewer, dirt, changed, judge)
            let isSearched = judgeVRFs(viewer, dirt, changed, judge)
            guard isReached || isSearched else { continue }
            conclude(viewer, judge)
            judged.append(viewer)
        }
        noteEntanglement(of: Array(changed.keys), judged)
        return judged
    }

    private mutating func judgeAll(_ sites: [GatewayID: GatewayInVPN], _ judge: ([CloudInVPN], Joins) -> VPNJudge) -> [Int] {
        sides = Dictionary(grouping: sites.values, by: \.id.cloud).sorted { $0.key < $1.key }.map { cloud, sites in
            CloudInVPN(cloud: cloud, sites: sites.sorted { $0.id < $1.id })
        }
        joins = Joins(sides)
        let judge = judge(sides, joins)
        origins = sides.indices.map(judge.origins)
        reach = sides.indices.map { viewer in origins[viewer].map { judge.reach(from: $0, to: viewer) } }
        findings = sides.indices.map(judge.findings)
        foreign = sides.indices.map(judge.foreign)
        verdicts = sides.map { _ in [] }
        for viewer in sides.indices { conclude(viewer, judge) }
        unusual = sides.map { _ in false }
        overridden = unusual
        noteEntanglement(of: Array(sides.indices), Array(sides.indices))
        return Array(sides.indices)
    }

    /// - Returns: Whether any pair of the viewer was judged.
    private mutating func judgeReach(
        _ viewer: Int, _ dirt: Dirt, _ changed: [Int: [(GatewayInVPN, SiteChange)]], _ judge: VPNJudge
    ) -> Bool {
        let here = changed[viewer] ?? []
        let isWhole = here.contains { $0.1.isWhole }
        let routes = sides[viewer].sites.compactMap { dirt.routes[$0.id] }
        // Where nothing is received, whatever is received is evidence.
        let isCounted = here.contains { $0.1.isCounted } || !routes.isEmpty
        var prefixes: Set<IPPrefix> = []
        for (_, change) in here { prefixes.formUnion(change.announced.union(change.routed).union(change.covered)) }
        for difference in routes {
            for route in difference.removed { prefixes.insert(route.prefix) }
            for route in difference.added { prefixes.insert(route.prefix) }
        }
        var isJudged = false
        let (isProbedAnew, probed) = (here.contains { $0.1.hasOtherFamilies }, Set(here.flatMap(\.1.probed)))
        func isProbed(_ origin: Int) -> Bool {
            if isProbedAnew || !probed.isEmpty && (judge.isShared(origin) || sides[origin].hasVTEP(in: probed)) { return true }
            return changed[origin]?.contains { sides[viewer].hasVTEP(in: $0.1.probed) } ?? false
        }
        for (place, origin) in origins[viewer].enumerated() {
            let there = changed[origin] ?? []
            let former = reach[viewer][place]
            let isAnew = isWhole || there.contains { $0.1.isWhole } || isCounted && former.cause?.step == .received
            let announced = there.reduce(into: Set()) { $0.formUnion($1.1.announced) }
            let isTouched =
                isAnew || !announced.isEmpty || prefixes.contains { sides[origin].expects(within: $0) } || isProbed(origin)
            guard isTouched else { continue }
            reach[viewer][place] = judge.reach(
                from: origin, to: viewer, after: isAnew ? nil : CompletePrefixes(former, touched: prefixes.union(announced)))
            isJudged = true
        }
        return isJudged
    }

    /// - Returns: Whether in the viewer's VRFs was looked again.
    private mutating func judgeVRFs(
        _ viewer: Int, _ dirt: Dirt, _ changed: [Int: [(GatewayInVPN, SiteChange)]], _ judge: VPNJudge
    ) -> Bool {
        guard let partial = partialFindings(viewer, dirt, changed, judge) else {
            findings[viewer] = judge.findings(at: viewer)
            foreign[viewer] = judge.foreign(at: viewer)
            return true
        }
        guard partial.isUnusual else { return false }
        findings[viewer] = partial
        return true
    }

    /// What is found in the viewer's VRFs where nothing was unusual before and what happened concerns little; nil: all is to be looked at.
    private func partialFindings(
        _ viewer: Int, _ dirt: Dirt, _ changed: [Int: [(GatewayInVPN, SiteChange)]], _ judge: VPNJudge
    ) -> IntruderSearch.Findings? {
        if dirt.isForeign || unusual[viewer] || dirt.viewers.contains(sides[viewer].cloud) { return nil }
        var found = IntruderSearch.Findings()
        for (place, changes) in changed {
            for (site, change) in changes {
                if change.isWhole || place == viewer && !judge.isUsual(change.routed, at: site, of: viewer) { return nil }
                if !change.announced.isEmpty { found.add(judge.findings(at: viewer, of: change.announced, from: site)) }
            }
        }
        for site in sides[viewer].sites {
            guard let difference = dirt.routes[site.id] else { continue }
            let prefixes = Set((difference.removed + difference.added).map(\.prefix))
            guard judge.isUsual(difference.added, at: site), judge.isUsual(prefixes, at: site, of: viewer) else { return nil }
        }
        return found
    }

    private mutating func conclude(_ viewer: Int, _ judge: VPNJudge) {
        let pairs = zip(origins[viewer], reach[viewer]).map { (origin: $0, verdict: $1) }
        verdicts[viewer] = judge.verdicts(at: viewer, reach: pairs, findings: findings[viewer], foreign: foreign[viewer])
    }

    private mutating func noteEntanglement(of places: [Int], _ viewers: [Int]) {
        for viewer in viewers { unusual[viewer] = findings[viewer].isUnusual || foreign[viewer].isUnusual }
        for place in places {
            overridden[place] = sides[place].sites.contains { site in
                guard let effective = site.report?.effective else { return false }
                return effective.importTargets.contains { !site.intent.importTargets.contains($0) }
                    || effective.exportTargets.contains { !site.intent.exportTargets.contains($0) }
            }
        }
        isEntangled = unusual.contains(true) || overridden.contains(true)
    }
}
