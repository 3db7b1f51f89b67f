import NetworkTypes

// bgpd can lose an explicit target of a VNI and keep the automatic one, a wildcard: its configuration looks right, and the VRF imports
// what it must not (FRR #17342).
extension VRFStanza {
    /// Whether exactly these targets are in force for the VRF's VNI.
    package func hasTargetsInForce(_ vni: BGPVNI) -> Bool {
        vni.importTargets.isExactly(Self.explicit(importTargets, orElse: Self.importsNothing))
            && vni.exportTargets.isExactly(Self.explicit(exportTargets, orElse: Self.exportsNothing))
    }

    /// The same VRF with the targets that are in force.
    package func withTargetsInForce(_ vni: BGPVNI) -> VRFStanza {
        var copy = self
        copy.importTargets = vni.importTargets.targets.subtracting([Self.importsNothing])
        copy.exportTargets = vni.exportTargets.targets.subtracting([Self.exportsNothing])
        return copy
    }

    /// Lines that set anew the targets that are configured and not in force. Setting them once more does nothing, so they are removed first,
    /// while a target that nobody uses keeps bgpd from taking the automatic one.
    ///
    /// The automatic one is never named: bgpd 8.4.4 drops it at any explicit one, even if it was itself set explicitly.
    package func restatement(of vni: BGPVNI) -> [String] {
        var between = self
        if !vni.importTargets.isExactly(Self.explicit(importTargets, orElse: Self.importsNothing)) {
            between.importTargets = interim(vni.importTargets, of: vni.vni, Self.importsNothing)
        }
        if !vni.exportTargets.isExactly(Self.explicit(exportTargets, orElse: Self.exportsNothing)) {
            between.exportTargets = interim(vni.exportTargets, of: vni.vni, Self.exportsNothing)
        }
        return Self.changes(from: self, to: between) + Self.changes(from: between, to: self)
    }

    /// What is set in between: without what is missing, and with what is in force although it is not configured, which can be removed only
    /// where it was set.
    private func interim(_ shown: ShownRouteTargets, of vni: VNI, _ placeholder: RouteTarget) -> Set<RouteTarget> {
        let automatic = RouteTarget(.as2(UInt16(truncatingIfNeeded: asn.value), vni.value))
        return shown.targets.subtracting([placeholder, automatic]).union([Self.unused])
    }

    /// Of AS 65535, like `importsNothing`.
    private static let unused = RouteTarget(.as2(65535, 4_294_967_293))
}
