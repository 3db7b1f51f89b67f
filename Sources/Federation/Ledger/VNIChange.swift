import FederationModel
import NetworkTypes

/// The numbers of one VRF of a VPN, the same on all its gateways.
package struct VRFNumbers: Hashable, Sendable, Codable {
    package var vni: VNI
    /// The index in its route distinguishers.
    package var index: DistinguisherIndex
    /// Its route targets, if they differ from those that the ledger holds for the VPN.
    package var targets: [TargetOwner: RouteTarget]

    package init(vni: VNI, index: DistinguisherIndex, targets: [TargetOwner: RouteTarget] = [:]) {
        self.vni = vni
        self.index = index
        self.targets = targets
    }
}

/// A VPN's VNI changes, make before break.
///
/// FRR has one L3VNI per VRF, and withdraws all routes of a VRF whose L3VNI changes. So during the change the VPN has two VRFs on each gateway,
/// each with its own RD index and route targets:
/// what comes in either is forwarded, and traffic is sent in one. First all gateways get the new one as a secondary one, then all send in
/// it, then the old one is removed; each step waits until every gateway has applied the previous one. At any point it can be turned
/// back, or to another VNI.
package struct VNIChange: Hashable, Sendable, Codable {
    package var sending: VRFNumbers
    package var secondary: VRFNumbers
    /// Unique among all states of all VPNs’ changes: acknowledgements of an earlier state, which may look the same,
    /// do not count for this one.
    package var step: UInt64

    /// Stored ledgers call the secondary numbers `beside`.
    enum CodingKeys: String, CodingKey {
        case sending, step
        case secondary = "beside"
    }

    package var both: [VRFNumbers] { [sending, secondary] }
}

/// The next step of a VNI change whose current state every gateway has applied.
package struct VNIStep: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// Traffic is sent in the VNI that was the secondary one.
        case sends(VNI)
        /// The secondary VNI goes; the change is done.
        case leaves(VNI)
        /// The secondary VNI goes, for another one: the goal was changed meanwhile.
        case prepares(VNI, insteadOf: VNI)
    }

    package var vpn: VPNName
    package var kind: Kind

    package var description: String {
        switch kind {
        case .sends(let vni): "VPN \(vpn) sends with VNI \(vni)"
        case .leaves(let vni): "VPN \(vpn) stops using VNI \(vni)"
        case .prepares(let vni, let other): "VPN \(vpn) prepares VNI \(vni) instead of VNI \(other)"
        }
    }
}

extension Ledger {
    /// The numbers that the VPN sends with; nil if the ledger has not allocated for it.
    package func sending(of vpn: VPNName) -> VRFNumbers? { vniChanges[vpn]?.sending ?? numbers(of: vpn) }

    /// The numbers of its secondary VRF, while its VNI changes.
    package func secondary(of vpn: VPNName) -> VRFNumbers? { vniChanges[vpn]?.secondary }

    /// An owner’s target in one of its VPN’s VRFs.
    func routeTarget(of owner: TargetOwner, in numbers: VRFNumbers) -> RouteTarget? {
        numbers.targets[owner] ?? routeTargets.held[owner]
    }

    /// The current numbers, or those after the VNI change.
    func numbers(of vpn: VPNName) -> VRFNumbers? {
        guard let vni = vnis.held[vpn], let index = distinguishers.held[vpn] else { return nil }
        return VRFNumbers(vni: vni, index: index)
    }

    /// Advances VNI changes by one step.
    ///
    /// - Parameters:
    ///   - vpns: VPNs whose gateways have all applied the current state. Others would send where nobody listens.
    ///   - now: Milliseconds since 1970.
    package mutating func advanceVNIChanges(of vpns: some Sequence<VPNName>, at now: Int64) -> [VNIStep] {
        var steps: [VNIStep] = []
        for vpn in Set(vpns).sorted() {
            guard let change = vniChanges[vpn], let goal = numbers(of: vpn) else { continue }
            if change.secondary.vni == goal.vni {
                move(vpn, sending: goal, secondary: change.sending)
                steps.append(VNIStep(vpn: vpn, kind: .sends(goal.vni)))
                continue
            }
            rest(change.secondary, at: now)
            if change.sending.vni == goal.vni {
                vniChanges[vpn] = nil
                steps.append(VNIStep(vpn: vpn, kind: .leaves(change.secondary.vni)))
            } else {
                move(vpn, sending: change.sending, secondary: goal)
                steps.append(VNIStep(vpn: vpn, kind: .prepares(goal.vni, insteadOf: change.secondary.vni)))
            }
        }
        return steps
    }

    /// Begins a change for each VPN with a new VNI, and ends those of removed VPNs.
    ///
    /// The new VRF has its own route targets: if it imported those of the old one, their final withdrawal would change every
    /// route at once, and zebra 8.4.4 then loses the tunnel entries of the next hops. Only targets from the file are in both.
    ///
    /// - Parameters:
    ///   - indexes: The rules for RD indexes.
    ///   - targets: The rules for route targets.
    ///   - given: The targets from the file.
    mutating func beginVNIChanges(
        _ allocation: Allocation, _ indexes: Register<VPNName, DistinguisherIndex>.Rules,
        _ targets: Register<TargetOwner, RouteTarget>.Rules, given: [TargetOwner: RouteTarget]
    ) -> [AllocationProblem] {
        let (before, now) = (allocation.before, allocation.now)
        for (vpn, change) in vniChanges where vnis.held[vpn] == nil {
            for numbers in change.both { rest(numbers, at: now) }
            vniChanges[vpn] = nil
        }
        guard vnis.held != before.vnis.held else { return [] }
        let changed = vnis.held.filter { before.vnis.held[$0.key] != nil && before.vnis.held[$0.key] != $0.value }
        guard !changed.isEmpty else { return [] }
        let owners = Dictionary(grouping: routeTargets.held.keys.filter { changed[$0.vpn] != nil && given[$0] == nil }, by: \.vpn)
        let formerTargets = Dictionary(grouping: before.routeTargets.held.filter { changed[$0.key.vpn] != nil }, by: \.key.vpn)
        var problems: [AllocationProblem] = []
        for (vpn, vni) in changed.sorted(by: { $0.key < $1.key }) {
            guard let former = before.numbers(of: vpn) else { continue }
            var known = vniChanges[vpn]?.both ?? [former]
            // Values held until now belong to the goal, or to both for owners added during the change: both keep them.
            for index in known.indices {
                if known[index].vni == former.vni { known[index].targets = [:] }
                known[index].targets.merge(formerTargets[vpn] ?? []) { own, _ in own }
            }
            let back = known.firstIndex { $0.vni == vni }
            let spared = known.filter { $0.vni != vni }
            let own = back.map { known[$0] } ?? allocation.resting[vpn, vni]
            if let index = own?.index { distinguishers.take(index, by: vpn, at: now, by: indexes) }
            if let problem = distinguishers.renew(vpn, sparing: Set(spared.map(\.index)), at: now, by: indexes) { problems.append(problem) }
            for owner in (owners[vpn] ?? []).sorted() {
                if let target = own?.targets[owner], back != nil || targets.older?(owner) == nil {
                    routeTargets.take(target, by: owner, at: now, by: targets)
                    // An existing VRF keeps its targets, even shared ones.
                    if back != nil { continue }
                }
                let others = Set(spared.flatMap(\.targets.values))
                if let problem = routeTargets.renew(owner, sparing: others, at: now, by: targets) { problems.append(problem) }
            }
            if let back { known[back].targets = [:] }
            guard let goal = numbers(of: vpn) else { continue }
            move(vpn, sending: known[0], secondary: known.count > 1 ? known[1] : goal)
        }
        return problems
    }

    /// During a VNI change, values are in use that are no longer held, or not yet.
    var vnisInUse: Set<VNI> { Set(numbersInUse.map(\.vni)) }
    var indexesInUse: Set<DistinguisherIndex> { Set(numbersInUse.map(\.index)) }
    var targetsInUse: Set<RouteTarget> { Set(numbersInUse.flatMap(\.targets.values)) }
    private var numbersInUse: [VRFNumbers] { vniChanges.values.flatMap(\.both) }

    private mutating func move(_ vpn: VPNName, sending: VRFNumbers, secondary: VRFNumbers) {
        vniSteps += 1
        vniChanges[vpn] = VNIChange(sending: sending, secondary: secondary, step: vniSteps)
    }

    /// The quarantine begins when they are no longer in use.
    private mutating func rest(_ numbers: VRFNumbers, at now: Int64) {
        vnis.restartQuarantine(of: numbers.vni, at: now)
        distinguishers.restartQuarantine(of: numbers.index, at: now)
        for target in numbers.targets.values { routeTargets.restartQuarantine(of: target, at: now) }
    }
}
