import NetworkTypes

/// The numbers of one VRF of a VPN, the same on all its gateways.
package struct VRFNumbers: Hashable, Sendable, Codable {
    package var vni: VNI
    /// The index in its route distinguishers.
    package var index: DistinguisherIndex

    package init(vni: VNI, index: DistinguisherIndex) {
        self.vni = vni
        self.index = index
    }
}

/// A VPN's VNI changes, make before break.
///
/// FRR has one L3VNI per VRF, and withdraws all routes of a VRF whose L3VNI changes. So the VPN has two VRFs on each gateway meanwhile:
/// what comes in either is forwarded, and traffic is sent in one. First all gateways get the new one beside the old one, then all send in
/// it, then the old one goes; each of these only when every gateway has applied what was before. Wherever it stands it can be turned
/// back, or to yet another VNI.
package struct VNIChange: Hashable, Sendable, Codable {
    package var sending: VRFNumbers
    package var beside: VRFNumbers

    package var both: [VRFNumbers] { [sending, beside] }
}

/// What becomes of a VNI change that every gateway has applied so far.
package struct VNIStep: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// Traffic is sent in the VNI that was beside.
        case sends(VNI)
        /// The VNI that was beside goes; the change is done.
        case leaves(VNI)
        /// The VNI that was beside goes, for another one: the goal was changed meanwhile.
        case prepares(VNI, insteadOf: VNI)
    }

    package var vpn: VPNName
    package var kind: Kind

    package var description: String {
        switch kind {
        case .sends(let vni): "VPN \(vpn) sends in VNI \(vni)"
        case .leaves(let vni): "VPN \(vpn) leaves VNI \(vni)"
        case .prepares(let vni, let other): "VPN \(vpn) gets VNI \(vni) ready instead of VNI \(other)"
        }
    }
}

extension Ledger {
    /// Those that traffic of the VPN is sent in; nil for a VPN that the ledger has not allocated for.
    package func sending(of vpn: VPNName) -> VRFNumbers? { vniChanges[vpn]?.sending ?? numbers(of: vpn) }

    /// Those of its other VRF, while its VNI changes.
    package func beside(of vpn: VPNName) -> VRFNumbers? { vniChanges[vpn]?.beside }

    /// Those that it has, or is to have when its VNI has changed.
    func numbers(of vpn: VPNName) -> VRFNumbers? {
        guard let vni = vnis.held[vpn], let index = distinguishers.held[vpn] else { return nil }
        return VRFNumbers(vni: vni, index: index)
    }

    /// Takes VNI changes one step on.
    ///
    /// - Parameters:
    ///   - vpns: those whose gateways all have applied the present state. Others must not be among them: they would send where nobody listens.
    ///   - now: Milliseconds since 1970.
    package mutating func advanceVNIChanges(of vpns: some Sequence<VPNName>, at now: Int64) -> [VNIStep] {
        var steps: [VNIStep] = []
        for vpn in Set(vpns).sorted() {
            guard let change = vniChanges[vpn], let goal = numbers(of: vpn) else { continue }
            if change.beside == goal {
                vniChanges[vpn] = VNIChange(sending: goal, beside: change.sending)
                steps.append(VNIStep(vpn: vpn, kind: .sends(goal.vni)))
                continue
            }
            rest(change.beside, at: now)
            if change.sending == goal {
                vniChanges[vpn] = nil
                steps.append(VNIStep(vpn: vpn, kind: .leaves(change.beside.vni)))
            } else {
                vniChanges[vpn]?.beside = goal
                steps.append(VNIStep(vpn: vpn, kind: .prepares(goal.vni, insteadOf: change.beside.vni)))
            }
        }
        return steps
    }

    /// Begins a change for each VPN that was given another VNI, and ends those of VPNs that are gone.
    ///
    /// - Parameter before: The ledger that this allocation began with.
    mutating func beginVNIChanges(
        since before: Ledger, at now: Int64, by rules: Register<VPNName, DistinguisherIndex>.Rules
    ) -> [AllocationProblem] {
        for (vpn, change) in vniChanges where vnis.held[vpn] == nil {
            for numbers in change.both { rest(numbers, at: now) }
            vniChanges[vpn] = nil
        }
        guard vnis.held != before.vnis.held else { return [] }
        var problems: [AllocationProblem] = []
        for (vpn, vni) in vnis.held.sorted(by: { $0.key < $1.key }) {
            guard let former = before.sending(of: vpn), before.vnis.held[vpn] != vni else { continue }
            let known = vniChanges[vpn]?.both ?? [former]
            if let numbers = known.first(where: { $0.vni == vni }) {
                distinguishers.take(numbers.index, by: vpn, at: now, by: rules)
            } else if let index = before.indexLeft(by: vpn, with: vni) {
                distinguishers.take(index, by: vpn, at: now, by: rules)
            } else if let problem = distinguishers.renew(vpn, sparing: Set(known.map(\.index)), at: now, by: rules) {
                problems.append(problem)
            }
            if vniChanges[vpn] == nil, let goal = numbers(of: vpn), goal != former {
                vniChanges[vpn] = VNIChange(sending: former, beside: goal)
            }
        }
        return problems
    }

    /// Values of VPNs whose VNI changes are in use, though they are not held any more, or not yet.
    var numbersInUse: [VRFNumbers] { vniChanges.values.flatMap(\.both) }

    /// The index that the VPN had with a VNI until it left both, if they are in quarantine: they began it at the same time.
    func indexLeft(by vpn: VPNName, with vni: VNI) -> DistinguisherIndex? {
        guard let left = vnis.quarantined[vni], left.owner == vpn else { return nil }
        let candidates = distinguishers.quarantined.filter { $0.value.owner == vpn && $0.value.at == left.at }.keys
        return candidates.count == 1 ? candidates.first : nil
    }

    /// The quarantine begins when nothing has them any more.
    private mutating func rest(_ numbers: VRFNumbers, at now: Int64) {
        vnis.restartQuarantine(of: numbers.vni, at: now)
        distinguishers.restartQuarantine(of: numbers.index, at: now)
    }
}
