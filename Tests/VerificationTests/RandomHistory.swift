import FederationModel
import NetworkTypes

@testable import Verification

/// A federation to which one thing after another happens, honest or not: the facts as they are now, and what is told of each change.
struct RandomHistory {
    var random: SeededGenerator
    var intents: [GatewayID: GatewayIntent]
    var vpns: [VPNName: VPN]
    var changedAt: [VPNName: Int64] = [:]
    var records: [GatewayID: [ResourceName: ResourceRecord]]
    var observations: [GatewayID: GatewayObservation]
    var now = HonestFederation.now
    /// As they were at first.
    private let origin: (intents: [GatewayID: GatewayIntent], observations: [GatewayID: GatewayObservation])
    private let gateways: [GatewayID]

    init(seed: UInt64) throws {
        let federation = try HonestFederation(seed: seed)
        random = SeededGenerator(seed: seed &* 7919)
        intents = federation.intents
        vpns = federation.graph.vpns
        observations = federation.observations
        for id in observations.keys {
            let base = intents[id]!.base
            observations[id]!.report.base.sessions = base.peers.map {
                PeerSession(address: $0.address, asn: $0.asn, state: "Established", prefixesReceived: 1)
            }
            for (name, vpn) in observations[id]!.report.vpns {
                observations[id]!.report.vpns[name]!.steered = Set(vpn.installed.map(\.prefix)).sorted()
                observations[id]!.report.vpns[name]!.exempted = Set(vpn.installed.map(\.prefix)).sorted()
                observations[id]!.report.vpns[name]!.probedRouter = ProbedRouter(
                    id: "r", families: [.ipv4], subnets: [prefix("10.0.0.0/8")])
                observations[id]!.report.vpns[name]!.probes = Set(vpn.imported.map(\.nextHop)).sorted().compactMap { hop in
                    guard case .v4(let vtep) = hop else { return nil }
                    return ProbeReport(returnedBy: vtep, .ipv4)
                }
            }
        }
        if seed.isMultiple(of: 2), let name = vpns.keys.min() { Self.joinByBGPVPN(name, &intents, &observations) }
        records = intents.mapValues { $0.versions.mapValues { ResourceRecord(applied: $0) } }
        origin = (intents, observations)
        gateways = intents.keys.sorted()
    }

    /// The clouds of a VPN take part by BGPVPNs, with which routers are associated.
    private static func joinByBGPVPN(
        _ name: VPNName, _ intents: inout [GatewayID: GatewayIntent], _ observations: inout [GatewayID: GatewayObservation]
    ) {
        let selector = AttachmentSelector(kind: .bgpvpn, key: .name, value: "blue", project: "598e0a38b7e1411095797a01997baa85")
        for id in intents.keys {
            for place in intents[id]!.vpns[name]?.attachments.indices ?? 0..<0 {
                intents[id]!.vpns[name]!.attachments[place].selector = selector
            }
            for place in observations[id]?.report.vpns[name]?.attachments.indices ?? 0..<0 {
                observations[id]!.report.vpns[name]!.attachments[place].selector = selector
                observations[id]!.report.vpns[name]!.attachments[place].association = .associated
            }
        }
    }

    /// All that is known at the beginning.
    var beginning: [FactChange] {
        [.intents(intents, vpns: vpns, changedAt: changedAt)]
            + records.map { .records($0.key, $0.value) }
            + observations.flatMap { FactChange.changes(of: $0.key, from: nil, to: $0.value) }
    }

    func verdicts(at time: Int64) -> [PairVerdict] {
        verify(
            intents: intents, vpns: vpns, rollout: Rollout(of: intents, records), observations: observations, changedAt: changedAt,
            now: time)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func one<Element>(_ list: some Collection<Element>) -> Element? { list.randomElement(using: &random) }

    // MARK: What happens

    /// - Returns: What is told of it.
    mutating func step() -> [FactChange] {
        switch number(0...20) {
        case 0, 1:
            now += [1, 700, 5000, 14_999, 15_000, 15_001, 40_000][number(0...6)]
            return []
        case 2, 3: return observe { history, observation in observation.receivedAt = history.now }
        case 4: return observe { history, observation in observation.connected = history.number(0...1) == 0 }
        case 5: return observe { $0.changeBase(&$1) }
        case 6, 7, 8, 9: return observe { $0.changeVPN(&$1) }
        case 10, 11, 12: return observe { $0.changeRoutes(&$1) }
        case 13: return acknowledge()
        case 14: return number(0...1) == 0 ? intend() : dissociate()
        case 15, 16, 17, 18, 19: return interrupt()
        default:
            guard let gateway = one(gateways) else { return [] }
            let former = observations[gateway]
            observations[gateway] = former == nil ? origin.observations[gateway] : nil
            observations[gateway]?.receivedAt = now
            return FactChange.changes(of: gateway, from: former, to: observations[gateway])
        }
    }

    /// Packets between two gateways are lost in one VPN, or pass again: both find it.
    mutating func interrupt() -> [FactChange] {
        let pair = (one(observations.keys.sorted()), one(observations.keys.sorted()))
        guard let one = pair.0, let other = pair.1, one != other, let name = self.one(vpns.keys.sorted()) else { return [] }
        let outcome: ProbeReport.Outcome = [.lost, .lost, .lost, .lost, .returned, .lossy][number(0...5)]
        let (isLost, isHeard) = (outcome == .lost, [number(0...1) == 0, number(0...1) == 0])
        let size: WritableKeyPath<ProbeReport, ProbeReport.Part> = number(0...1) == 0 ? \.large : \.small
        // Behind the gateways, at times.
        let isBehind = number(0...3) == 0
        return [(one, other, isHeard[0]), (other, one, isHeard[1])].flatMap { viewer, far, isHeard -> [FactChange] in
            guard let former = observations[viewer] else { return [] }
            let vtep = origin.intents[far]!.base.vtep
            var report = former.report.vpns[name]
            for place in report?.probes.indices ?? 0..<0 where report?.probes[place].vtep == vtep {
                if isBehind {
                    report?.probes[place].router?.small.outcome = outcome
                    continue
                }
                report?.probes[place][keyPath: size] = .init(
                    outcome: outcome, since: now - 7_000, isHeard: isHeard || !isLost)
            }
            observations[viewer]?.report.vpns[name] = report
            return FactChange.changes(of: viewer, from: former, to: observations[viewer])
        }
    }

    private mutating func observe(_ change: (inout RandomHistory, inout GatewayObservation) -> Void) -> [FactChange] {
        guard let gateway = one(observations.keys.sorted()), let former = observations[gateway] else { return [] }
        var observation = former
        change(&self, &observation)
        observations[gateway] = observation
        return FactChange.changes(of: gateway, from: former, to: observation)
    }

    private mutating func changeBase(_ observation: inout GatewayObservation) {
        switch number(0...4) {
        case 0:
            guard let place = one(observation.report.base.sessions.indices) else { return }
            observation.report.base.sessions[place].state = number(0...1) == 0 ? "Active" : "Established"
        case 1:
            guard let place = one(observation.report.base.sessions.indices) else { return }
            observation.report.base.sessions[place].prefixesReceived += 1
        case 2:
            observation.report.base.silentSources = [
                SilentSource(.northbound, since: now - Int64(number(0...20_000)), reason: "gone", remedy: "wait")
            ]
        case 3: observation.report.base.silentSources = []
        default:
            observation.report.base.writes.reconciles += 1
            observation.report.base.problems =
                number(0...1) == 0 ? [] : [Problem(code: .patchPortMissing, message: "no patch port", remedy: "add it")]
        }
    }

    private mutating func changeVPN(_ observation: inout GatewayObservation) {
        guard let name = one(observation.report.vpns.keys.sorted()), let former = observation.report.vpns[name] else { return }
        var report = former
        let pool =
            (1...5).flatMap { [prefix("10.\($0).1.11/32"), prefix("10.\($0).1.12/32")] } + [prefix("172.16.0.0/12"), prefix("10.0.0.0/8")]
        guard let some = one(pool), let hop = one(gateways).map({ IPAddress.v4(origin.intents[$0]!.base.vtep) }) else { return }
        switch number(0...16) {
        case 0:
            report.expected.append(some)
            report.advertised.append(some)
        case 1:
            guard let gone = one(report.expected) else { return }
            report.expected.removeAll { $0 == gone }
            report.advertised.removeAll { $0 == gone }
        case 2: report.advertised = report.advertised.contains(some) ? report.advertised.filter { $0 != some } : report.advertised + [some]
        case 3: report.imported.append(ImportedRoute(prefix: some, nextHop: hop, isBest: true))
        case 4: if let place = one(report.imported.indices) { report.imported.remove(at: place) }
        case 5: report.installed.append(InstalledRoute(prefix: some, nextHop: hop, tunnelReady: number(0...2) > 0))
        case 6: if let place = one(report.installed.indices) { report.installed.remove(at: place) }
        case 7: report.steered = report.steered.contains(some) ? report.steered.filter { $0 != some } : report.steered + [some]
        case 8: report.exempted = report.exempted.contains(some) ? report.exempted.filter { $0 != some } : report.exempted + [some]
        case 9:
            guard let other = one(gateways), let vpn = one(intents[other]!.vpns.keys.sorted()) else { return }
            report.effective?.importTargets += intents[other]!.vpns[vpn]!.exportTargets
        case 10: report.effective = origin.observations[one(gateways)!]?.report.vpns[name]?.effective
        case 11: if !report.attachments.isEmpty { report.attachments[0].hosted = number(0...1) == 0 ? [] : ["r"] }
        case 12, 13, 14, 15: changeProbes(&report)
        default:
            if number(0...3) > 0 {
                report = origin.observations.values.compactMap { $0.report.vpns[name] }.sorted { $0.imported.count < $1.imported.count }[0]
            } else {
                observation.report.vpns[name] = nil
                observation.moments.forget(name)
                return
            }
        }
        observation.report.vpns[name] = report
        observation.moments.tell(report, after: former, at: now)
        if number(0...3) > 0 { observation.receivedAt = now }
    }

    /// Losses, mostly, each of which the other end may find too, or may not.
    private mutating func changeProbes(_ report: inout VPNReport) {
        guard let other = one(gateways).map({ origin.intents[$0]!.base.vtep }) else { return }
        let family: AddressFamily = number(0...3) == 0 ? .ipv6 : .ipv4
        let place = number(0...4) == 0 ? nil : one(report.probes.indices)
        guard let place else {
            let known = report.probes.count
            report.probes.removeAll { $0.vtep == other && $0.family == family }
            if report.probes.count == known { report.probes.append(ProbeReport(returnedBy: other, family)) }
            return
        }
        if number(0...2) == 0 {
            changeRouter(&report, place)
            return
        }
        let size: WritableKeyPath<ProbeReport, ProbeReport.Part> = number(0...2) == 0 ? \.large : \.small
        report.probes[place][keyPath: size] = .init(
            outcome: [.lost, .lost, .returned, .lossy, .waiting][number(0...4)], since: now - Int64(number(0...40_000)),
            isHeard: number(0...1) == 0)
        report.probes[place].lossOut = number(0...2) * 5
    }

    private mutating func changeRouter(_ report: inout VPNReport, _ place: Int) {
        let part = ProbeReport.Part(
            outcome: [.lost, .lost, .returned, .lossy, .waiting][number(0...4)], since: now - Int64(number(0...40_000)), isHeard: false)
        let well = ProbeReport.Part(outcome: .returned, since: now - 60_000, isHeard: false)
        switch number(0...3) {
        case 0: report.probes[place].router = nil
        case 1: report.probes[place].router = .init(small: well, large: part, loss: 5)
        default: report.probes[place].router = .init(small: part, large: well, loss: 5)
        }
        guard number(0...3) == 0 else { return }
        report.probedRouter = report.probedRouter == nil ? ProbedRouter(id: "r", families: [.ipv4], subnets: [prefix("10.0.0.0/8")]) : nil
    }

    private mutating func changeRoutes(_ observation: inout GatewayObservation) {
        let former = observation.report.received
        for _ in 0...number(0...2) {
            let place = one(observation.report.received.indices)
            switch number(0...6) {
            case 0: if let place { observation.report.received.remove(at: place) }
            case 1: if let place { observation.report.received[place].isValid.toggle() }
            case 2: if let place { observation.report.received[place].asPath.append(4_200_009_999) }
            case 3:
                guard let place, let other = one(gateways) else { continue }
                observation.report.received[place].nextHop = .v4(origin.intents[other]!.base.vtep)
            case 4:
                guard let place, let other = one(gateways), let vpn = one(intents[other]!.vpns.values.sorted { $0.name < $1.name }) else {
                    continue
                }
                observation.report.received[place].routeTargets = vpn.exportTargets
            case 5: observation.report.received.shuffle(using: &random)
            default:
                guard let other = one(gateways), let vpn = one(intents[other]!.vpns.values.sorted { $0.name < $1.name }) else { continue }
                let base = intents[other]!.base
                observation.report.received.append(
                    ReceivedRoute(
                        prefix: prefix("10.\(number(1...5)).1.1\(number(1...3))/32"), routeDistinguisher: vpn.routeDistinguisher,
                        nextHop: number(0...5) == 0 ? IPAddress("10.66.66.66")! : .v4(base.vtep), routeTargets: vpn.exportTargets,
                        routerMAC: base.routerMAC, asPath: [base.asn.value], isValid: true, isBest: true))
            }
        }
        observation.moments.tell(received: observation.report.received, after: former, at: now)
        observation.receivedAt = now
    }

    /// The tenant of a cloud takes its routers out of the first VPN: all gateways of the cloud see it.
    private mutating func dissociate() -> [FactChange] {
        guard let name = vpns.keys.min(), let cloud = one(gateways)?.cloud else { return [] }
        let association: BGPVPNAssociation = number(0...1) == 0 ? .unassociated : .missing
        return gateways.filter { $0.cloud == cloud }.flatMap { gateway -> [FactChange] in
            guard let former = observations[gateway], let known = former.report.vpns[name],
                known.attachments.first?.selector.kind == .bgpvpn
            else { return [] }
            var report = known
            report.attachments = known.attachments.map { AttachmentReport(selector: $0.selector, association: association) }
            (report.expected, report.advertised) = ([], [])
            observations[gateway]?.report.vpns[name] = report
            observations[gateway]?.moments.tell(report, after: known, at: now)
            return FactChange.changes(of: gateway, from: former, to: observations[gateway])
        }
    }

    private mutating func acknowledge() -> [FactChange] {
        guard let gateway = one(gateways), let resource = one(origin.intents[gateway]!.versions.keys.sorted()) else { return [] }
        let applied = ResourceRecord(applied: origin.intents[gateway]!.versions[resource])
        let former = records[gateway]?[resource]
        let worse = number(0...1) == 0 ? nil : ResourceRecord(applied: "older")
        records[gateway]?[resource] = former == applied ? worse : applied
        return [.records(gateway, records[gateway] ?? [:])]
    }

    private mutating func intend() -> [FactChange] {
        guard let gateway = one(gateways), let name = one(vpns.keys.sorted()) else { return [] }
        changedAt[name] = now
        switch number(0...6) {
        case 0: intents[gateway]?.vpns[name] = nil
        case 1: intents[gateway]?.vpns[name] = origin.intents[gateway]?.vpns[name]
        case 2: intents[gateway]?.vpns[name]?.importTargets = []
        case 3: intents[gateway]?.vpns[name]?.importFilter = [PrefixRule(.permit, prefix("10.1.0.0/16"), le: 32)]
        case 4: vpns[name]?.allowsOverlap.toggle()
        case 5:
            let asn = ASN("\(65_000 + number(1...9))")!
            intents[gateway]?.base.asn = asn
        default:
            intents = origin.intents
            for name in vpns.keys { changedAt[name] = now }
        }
        return [.intents(intents, vpns: vpns, changedAt: changedAt)]
    }
}

extension ProbeReport {
    fileprivate init(returnedBy vtep: IPv4Address, _ family: AddressFamily) {
        let part = Part(outcome: .returned, since: HonestFederation.now - 60_000, isHeard: true)
        self.init(
            vtep: vtep, family: family, small: part, large: part, largeSize: 1450, interval: 1000, router: .init(small: part, large: part))
    }
}
