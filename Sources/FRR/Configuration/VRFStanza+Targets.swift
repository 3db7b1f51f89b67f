import NetworkTypes

// bgpd can lose an explicit target of a VNI and keep the automatic one, a wildcard: its configuration looks well, and the VRF imports
// what it must not (FRR #17342).
extension VRFStanza {
    /// Whether exactly these targets are in force for the VRF's VNI.
    package func hasTargetsInForce(_ vni: BGPVNI) -> Bool {
        vni.importTargets.isExactly(Self.explicit(importTargets, orElse: Self.importsNothing))
            && vni.exportTargets.isExactly(Self.explicit(exportTargets, orElse: Self.exportsNothing))
    }

    /// The same VRF with the targets that are in force. One that is no target of ours counts as if none were right.
    package func withTargetsInForce(_ vni: BGPVNI) -> VRFStanza {
        func targets(_ shown: ShownRouteTargets, besides placeholder: RouteTarget, insteadOf configured: Set<RouteTarget>) -> Set<
            RouteTarget
        > {
            let found = shown.others.isEmpty ? shown.targets.subtracting([placeholder]) : []
            let isRight = shown.isExactly(Self.explicit(configured, orElse: placeholder))
            return found == configured && !isRight ? [Self.nobodys] : found
        }
        var copy = self
        copy.importTargets = targets(vni.importTargets, besides: Self.importsNothing, insteadOf: importTargets)
        copy.exportTargets = targets(vni.exportTargets, besides: Self.exportsNothing, insteadOf: exportTargets)
        return copy
    }

    /// Lines that set anew what is configured and not in force. To say it once more does nothing, so it is taken away first.
    package func restatement(of vni: BGPVNI) -> [String] {
        let inForce = withTargetsInForce(vni)
        return Self.changes(from: self, to: inForce) + Self.changes(from: inForce, to: self)
    }

    private static let nobodys = RouteTarget(.as2(65535, 4_294_967_293))
}
