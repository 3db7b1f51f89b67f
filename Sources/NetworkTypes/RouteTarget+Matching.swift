extension RouteTarget {
    /// Whether a VRF of bgpd that imports this target imports a route with `target`.
    ///
    /// FRR does a second lookup with the administrator masked: this implements its automatic `*:VNI`, and it is why the
    /// two-byte form with AS 0 imports all routes with the same number (bgp_evpn.c, mask_ecom_global_admin).
    /// It also reads a four-byte AS that fits two bytes (written in asdot) as an address: `0.100:5` becomes `0.0.0.100:5`.
    package func admits(_ target: RouteTarget) -> Bool {
        asConfigured == target.asConfigured || isWildcard && localNumber == target.localNumber
    }

    /// FRR’s automatic target of an L3VNI: the AS cut to 16 bits, and the VNI (RFC 8365, section 5.1.2.1, without its type field).
    package init(automaticFor vni: VNI, in asn: ASN) { self.init(.as2(UInt16(truncatingIfNeeded: asn.value), vni.value)) }

    /// Every target with this number: what FRR writes `*:NUMBER` from 8.5 on, and its automatic import.
    package static func any(_ number: UInt32) -> RouteTarget { RouteTarget(.as2(0, number)) }

    /// FRR reads it as “any administrator”.
    package var isWildcard: Bool {
        if case .as2(0, _) = number { true } else { false }
    }

    /// The target that FRR 8.4 reads when it is typed.
    package var asConfigured: RouteTarget {
        if case .as4(let asn, let number) = self.number, asn <= 0xffff { RouteTarget(.ipv4(IPv4Address(bits: asn), number)) } else { self }
    }

    /// The number after the colon.
    package var localNumber: UInt32 {
        switch number {
        case .as2(_, let number): number
        case .ipv4(_, let number), .as4(_, let number): UInt32(number)
        }
    }
}
