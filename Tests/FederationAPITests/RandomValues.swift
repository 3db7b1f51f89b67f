import Federation
import FederationAPI
import FederationModel
import NetworkTypes
import Verification

/// Values of every domain type, the same for the same seed (SplitMix64).
struct RandomValues: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func flag() -> Bool { next() & 1 == 1 }
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func text() -> String { ["", "a", "Ünïcode – ok", "two words", String(next(), radix: 36)].randomElement(using: &self) ?? "" }
    mutating func list<T>(_ make: (inout Self) -> T) -> [T] { (0..<number(0...4)).map { _ in make(&self) } }
    mutating func maybe<T>(_ make: (inout Self) -> T) -> T? { flag() ? make(&self) : nil }
    mutating func name<Name: FederationName>() -> Name { Name(unchecked: "n" + String(next(), radix: 36)) }

    mutating func ipv4() -> IPv4Address { IPv4Address(bits: UInt32(truncatingIfNeeded: next())) }
    mutating func address() -> IPAddress {
        flag() ? .v4(ipv4()) : .v6(IPv6Address(bits: UInt128(next()) << 64 | UInt128(flag() ? next() : 1)))
    }
    mutating func prefix() -> IPPrefix {
        let address = address()
        return IPPrefix(containing: address, length: number(0...address.family.width))
    }
    mutating func mac() -> MACAddress { MACAddress(bits: next()) }
    mutating func asn() -> ASN { ASN(value: UInt32.random(in: 64512...65534, using: &self)) ?? asn() }
    mutating func vni() -> VNI { VNI(value: UInt32.random(in: VNI.range, using: &self)) ?? vni() }
    mutating func administered() -> AdministeredNumber {
        switch number(0...2) {
        case 0: .as2(UInt16(truncatingIfNeeded: next()), UInt32(truncatingIfNeeded: next()))
        case 1: .ipv4(ipv4(), UInt16(truncatingIfNeeded: next()))
        default: .as4(UInt32.random(in: 65536...(.max), using: &self), UInt16(truncatingIfNeeded: next()))
        }
    }
    mutating func target() -> RouteTarget { RouteTarget(administered()) }
    mutating func distinguisher() -> RouteDistinguisher { RouteDistinguisher(administered()) }

    mutating func gateway() -> GatewayID { GatewayID(cloud: name(), node: name()) }
    mutating func selector() -> AttachmentSelector {
        let kind = AttachmentSelector.Kind.allCases.randomElement(using: &self) ?? .router
        let key = kind.keys.randomElement(using: &self) ?? .name
        return AttachmentSelector(
            kind: kind, key: key, value: key == .vni ? "\(number(1...16_777_215))" : text(),
            project: key == .name ? kind == .bgpvpn ? text() : maybe { $0.text() } : nil)
    }
    /// Texts of one character at least.
    mutating func pin(_ selector: AttachmentSelector) -> AttachmentPin? {
        guard selector.key == .name, (1...255).contains(selector.value.unicodeScalars.count),
            selector.project.map({ (1...255).contains($0.unicodeScalars.count) }) ?? true
        else { return nil }
        func some(_ text: String) -> String { text.isEmpty ? "x" : String(text.unicodeScalars.prefix(255)) }
        return AttachmentPin(
            selector: selector, id: some(text()), project: maybe { some($0.text()) }, replaces: maybe { some($0.text()) })
    }
    mutating func attachment() -> AttachmentIntent {
        AttachmentIntent(
            selector: selector(), advertise: Advertisement(rawValue: UInt8(number(0...7))), export: list { $0.rule() },
            only: list { $0.prefix() }, refused: list { $0.prefix() })
    }
    mutating func rule() -> PrefixRule {
        PrefixRule(
            flag() ? .permit : .deny, prefix(), ge: flag() ? number(0...128) : nil, le: flag() ? number(0...128) : nil)
    }
    mutating func base() -> BaseIntent {
        BaseIntent(
            version: text(), asn: asn(), vtep: ipv4(), routerMAC: mac(), probeAddress: ipv4(), management: flag() ? .agent : .external,
            peers: list { EVPNPeer(name: $0.text(), address: $0.address(), asn: $0.asn()) }, underlayMTU: number(1330...9216),
            isDraining: flag(), maximumPrefixes: flag() ? number(0...100_000) : nil, filtersVXLAN: flag(),
            failureDetection: flag() ? .bfd : nil, maximumHops: maybe { UInt8($0.number(1...254)) },
            onSouthboundLoss: SouthboundLoss.allCases[number(0...2)])
    }
    mutating func vpn() -> VPNIntent {
        var vpn = VPNIntent(
            version: text(), name: name(), encapsulation: .vxlan(vni()), routeDistinguisher: distinguisher(),
            importTargets: list { $0.target() },
            exportTargets: list { $0.target() }, attachments: list { $0.attachment() },
            originated: list { $0.prefix() }, importFilter: list { $0.rule() }, exportFilter: list { $0.rule() },
            origins: list {
                RouteOrigin(
                    vtep: $0.ipv4(), asn: $0.asn(), originatesDefault: $0.flag(), cloud: $0.maybe { $0.name() },
                    probeAddress: $0.maybe { $0.ipv4() })
            },
            rights: maybe { value in
                [OriginRight(clouds: value.list { $0.name() }, rules: [value.rule()] + value.list { $0.rule() })]
            },
            tunnelSources: list { $0.ipv4() }, maximumPrefixes: flag() ? number(0...100_000) : nil,
            maximumLearned: maybe { $0.number(0...100_000) }, maximumLearnedPerOrigin: maybe { $0.number(0...100_000) },
            localPreference: flag() ? UInt32(number(0...100_000)) : nil, mtu: flag() ? number(VPN.mtuRange) : nil)
        let binding = Binding(
            encapsulation: .vxlan(vni()), routeDistinguisher: distinguisher(), importTargets: list { $0.target() },
            exportTargets: list { $0.target() })
        if flag(),
            !vpn.bindings.contains(where: {
                $0.encapsulation == binding.encapsulation || $0.routeDistinguisher == binding.routeDistinguisher
            })
        {
            (vpn.secondary, vpn.vniStep) = (binding, flag() ? next() : nil)
        }
        return vpn
    }
    mutating func intent() -> GatewayIntent {
        let vpns = list { $0.vpn() }
        return GatewayIntent(
            federation: name(), epoch: text(), revision: next(), gateway: gateway(), base: base(),
            vpns: Dictionary(vpns.map { ($0.name, $0) }) { $1 })
    }

    mutating func acknowledgement() -> Acknowledgement {
        flag() ? .applied(text()) : .rejected(text(), reason: text())
    }
    mutating func problem() -> Problem { Problem(told: text(), message: text(), remedy: text(), prefixes: list { $0.prefix() }) }
    mutating func baseReport() -> BaseReport {
        BaseReport(
            asn: maybe { $0.asn() },
            sessions: list {
                PeerSession(address: $0.address(), asn: $0.asn(), state: $0.text(), prefixesReceived: $0.number(0...100_000))
            },
            problems: list { $0.problem() },
            writes: WriteCounters(reconciles: count(), netlink: count(), ovsdb: count(), vty: count(), openflow: count()), software: text(),
            foreignVRFs: maybe { $0.foreignVRFs() })
    }
    mutating func foreignVRFs() -> ForeignVRFs {
        ForeignVRFs(
            list {
                ForeignVRF(
                    name: $0.text(), asn: $0.maybe { $0.asn() }, vni: $0.maybe { $0.vni() }, importTargets: $0.list { $0.target() },
                    exportTargets: $0.list { $0.target() }, importedVRFs: $0.list { $0.localVRF() })
            }, omitted: number(0...100))
    }
    mutating func localVRF() -> LocalVRF { flag() ? .vpn(name()) : .foreign(text()) }
    /// No more than a message may say.
    private mutating func count() -> UInt64 { next() >> 12 }
    mutating func effective() -> EffectiveVPN {
        EffectiveVPN(
            encapsulation: .vxlan(vni()), routeDistinguisher: maybe { $0.distinguisher() }, importTargets: list { $0.target() },
            exportTargets: list { $0.target() }, routerMAC: maybe { $0.mac() }, isUp: flag(), importedVRFs: list { $0.localVRF() })
    }
    mutating func vpnReport() -> VPNReport {
        VPNReport(
            name: name(),
            attachments: list {
                let selector = $0.selector()
                return AttachmentReport(
                    selector: selector, routers: $0.list { $0.text() }, hosted: $0.list { $0.text() }, chassis: $0.maybe { $0.text() },
                    subnets: $0.list { $0.prefix() }, pin: $0.flag() ? $0.pin(selector) : nil,
                    association: $0.maybe { BGPVPNAssociation.allCases.randomElement(using: &$0) ?? .missing },
                    bgpvpns: $0.list { $0.text() })
            },
            effective: maybe { $0.effective() }, secondaryEffective: maybe { $0.effective() }, expected: list { $0.prefix() },
            advertised: list { $0.prefix() },
            imported: list { ImportedRoute(prefix: $0.prefix(), nextHop: $0.address(), isBest: $0.flag()) },
            installed: list { InstalledRoute(prefix: $0.prefix(), nextHop: $0.address(), tunnelReady: $0.flag()) },
            steered: list { $0.prefix() }, exempted: list { $0.prefix() }, problems: list { $0.problem() },
            drift: list { Drift(object: $0.text(), change: $0.text(), repairedAt: Int64($0.number(0...1_900_000_000_000))) },
            probes: list { $0.probeReport() },
            probedRouter: maybe {
                ProbedRouter(id: $0.text(), families: $0.flag() ? [.ipv4] : [.ipv4, .ipv6], subnets: $0.list { $0.prefix() })
            })
    }
    mutating func received() -> ReceivedRoute {
        ReceivedRoute(
            prefix: prefix(), routeDistinguisher: distinguisher(), nextHop: address(), routeTargets: list { $0.target() },
            routerMAC: maybe { $0.mac() }, asPath: list { UInt32(truncatingIfNeeded: $0.next()) }, isValid: flag(), isBest: flag())
    }
    mutating func probeReport() -> ProbeReport {
        func part(_ values: inout Self) -> ProbeReport.Part {
            .init(
                outcome: ProbeReport.Outcome.allCases.randomElement(using: &values) ?? .waiting,
                since: Int64(values.number(0...1_900_000_000_000)), isHeard: values.flag())
        }
        return ProbeReport(
            vtep: ipv4(), family: flag() ? .ipv4 : .ipv6, small: part(&self), large: part(&self), largeSize: number(0...65_535),
            interval: number(0...100_000), lossOut: number(0...100), lossBack: number(0...100),
            roundTrip: maybe { $0.number(0...1_000_000) },
            router: maybe { ProbeReport.Router(small: part(&$0), large: part(&$0), loss: $0.number(0...100)) })
    }
    mutating func report() -> GatewayReport {
        let vpns = list { $0.vpnReport() }
        return GatewayReport(
            base: baseReport(), vpns: Dictionary(vpns.map { ($0.name, $0) }) { $1 }, received: list { $0.received() })
    }

    mutating func verdict() -> PairVerdict {
        func state(_ values: inout Self) -> VerdictState { VerdictState.allCases.randomElement(using: &values) ?? .ok }
        func step(_ values: inout Self) -> RouteStep { RouteStep.allCases.randomElement(using: &values) ?? .intent }
        return PairVerdict(
            vpn: name(), origin: name(), viewer: name(), state: state(&self),
            cause: maybe {
                Cause(step: step(&$0), code: $0.text(), sentence: $0.text(), evidence: $0.list { $0.text() }, remedy: $0.text())
            },
            counts: StepCounts(
                expected: number(0...9), filtered: number(0...9), advertised: number(0...9), received: number(0...9),
                imported: number(0...9),
                installed: number(0...9), steered: number(0...9), probed: number(0...9), returned: number(0...9)),
            prefixes: list { PrefixVerdict(prefix: $0.prefix(), state: state(&$0), brokenAt: $0.maybe { step(&$0) }) },
            intruders: list { $0.intruder() })
    }

    mutating func explanation() -> PairExplanation { PairExplanation(forth: walk(), back: maybe { $0.walk() }) }

    mutating func impact() -> Impact {
        Impact(
            vpn: name(), origin: name(), viewer: name(), effect: Impact.Effect.allCases.randomElement(using: &self) ?? .lost, reason: text()
        )
    }

    private mutating func walk() -> PairWalk {
        let verdict = verdict()
        return PairWalk(
            vpn: verdict.vpn, origin: verdict.origin, viewer: verdict.viewer, prefix: maybe { $0.prefix() }, prefixes: number(0...9),
            state: verdict.state, cause: verdict.cause,
            steps: list {
                WalkedStep(
                    step: RouteStep.allCases.randomElement(using: &$0) ?? .intent,
                    state: WalkedStep.State.allCases.randomElement(using: &$0) ?? .passed, evidence: $0.list { $0.text() })
            })
    }

    mutating func intruder() -> Intruder {
        Intruder(
            gateway: gateway(), prefix: prefix(), nextHop: address(), routeDistinguisher: maybe { $0.distinguisher() },
            originAS: maybe { UInt32(truncatingIfNeeded: $0.next()) }, announcer: maybe { $0.gateway() },
            reason: Intruder.Reason.allCases.randomElement(using: &self) ?? .notMember, isInstalled: flag())
    }

    mutating func reach() -> Reach { Reach(vpn: name(), from: name(), to: name()) }
    mutating func finding() -> Finding {
        Finding(
            flag() ? .error : .warning, FindingCode.allCases.randomElement(using: &self) ?? .leak, path: text(), reason: text(),
            remedy: text())
    }
    mutating func plan() -> Plan {
        func kind(_ values: inout Self) -> GraphChange.Kind { GraphChange.Kind.allCases.randomElement(using: &values) ?? .added }
        return Plan(
            federation: name(), base: next(),
            objects: list {
                GraphChange(kind: kind(&$0), object: $0.text(), details: $0.list { $0.text() }, gateways: $0.list { $0.gateway() })
            },
            gateways: list {
                GatewayChange(
                    gateway: $0.gateway(), kind: kind(&$0), resource: $0.flag() ? .base : .vpn($0.name()), details: $0.list { $0.text() },
                    resetsSessions: $0.flag())
            }, gained: list { $0.reach() }, lost: list { $0.reach() }, withdrawals: number(0...100_000), findings: list { $0.finding() })
    }
    mutating func entry() -> LedgerEntry {
        LedgerEntry(
            kind: LedgerEntry.Kind.known.randomElement(using: &self) ?? .vni, value: text(), owner: maybe { $0.text() },
            state: LedgerEntry.State.known.randomElement(using: &self) ?? .held, since: maybe { Int64($0.number(0...1_900_000_000_000)) },
            until: maybe { Int64($0.number(0...1_900_000_000_000)) }, reason: text())
    }

    mutating func agentMessage() -> AgentMessage {
        switch number(0...7) {
        case 0:
            let held = list { values -> (ResourceName, ResourceVersion) in (.vpn(values.name()), values.text()) } + [(.base, text())]
            let epoch = text()
            return .hello(Hello(software: text(), epoch: epoch.isEmpty ? nil : epoch, revision: next(), held: Dictionary(held) { $1 }))
        case 1: return .acknowledgement(flag() ? .base : .vpn(name()), acknowledgement())
        case 2: return .heartbeat(sentAt: Int64(number(0...1_900_000_000_000)))
        case 3: return .report(ReportPart(sequence: next(), observedAt: 1, content: .base(baseReport())))
        case 4: return .report(ReportPart(sequence: next(), observedAt: 2, content: .vpn(vpnReport())))
        case 6: return .report(ReportPart(sequence: next(), observedAt: 3, content: .bgpvpns(bgpvpns())))
        case 5: return .report(ReportPart(sequence: next(), observedAt: 3, content: .vpnRemoved(name())))
        default:
            let routes = list { $0.received() }
            return .report(ReportPart(sequence: next(), observedAt: 4, content: .received(routes, isFirst: flag(), isLast: flag())))
        }
    }
    mutating func bgpvpns() -> BGPVPNReports {
        BGPVPNReports(
            list {
                BGPVPNReport(
                    id: $0.maybe { $0.text() }, name: $0.text(), project: $0.maybe { $0.text() }, type: $0.text(),
                    vni: $0.maybe { UInt32($0.number(1...16_777_215)) }, importTargets: $0.list { $0.text() },
                    exportTargets: $0.list { $0.text() }, routeDistinguishers: $0.list { $0.text() }, routers: $0.list { $0.text() },
                    networks: $0.list { $0.text() }, ports: $0.list { $0.text() }, omitted: $0.number(0...9))
            }, omitted: number(0...9), areListed: flag())
    }
    /// Each selector once.
    mutating func pins() -> [AttachmentPin] {
        Dictionary(list { $0.pin($0.selector()) }.compactMap { $0 }.map { ($0.selector, $0) }, uniquingKeysWith: { $1 }).values.sorted()
    }
    mutating func coordinatorMessage() -> CoordinatorMessage {
        switch number(0...5) {
        case 0:
            .welcome(Welcome(federation: name(), epoch: text(), revision: next(), gateway: gateway(), succeeds: list { $0.text() }))
        case 1: .base(base())
        case 2: .vpn(vpn())
        case 3: .vpnRemoved(name())
        case 4: .pins(pins())
        default: .complete(revision: next())
        }
    }
}
