import FederationModel
import NetworkTypes

extension ForeignVRFs {
    package init(_ wire: WireForeignVRFs) throws(ConversionError) {
        self.init(
            try convert(try few(wire.vrfs, "vrfs", ForeignVRFs.limit), "vrfs", ForeignVRF.init(_:)), omitted: count(wire.omitted))
    }
}

extension WireForeignVRFs {
    package init(_ foreign: ForeignVRFs) {
        vrfs = foreign.vrfs.prefix(ForeignVRFs.limit).map(WireForeignVRF.init(_:))
        omitted = UInt64(clamping: foreign.omitted + max(0, foreign.vrfs.count - ForeignVRFs.limit))
    }
}

extension ForeignVRF {
    package init(_ wire: WireForeignVRF) throws(ConversionError) {
        self.init(
            name: try text(wire.name, "name", TextLimits.name),
            asn: wire.hasAsn ? try parse(number: wire.asn, "asn", "AS number", ASN.init(value:)) : nil,
            vni: wire.hasVni ? try parse(number: wire.vni, "vni", "VNI", VNI.init(value:)) : nil,
            importTargets: try parse(try few(wire.importTargets, "import_targets", TextLimits.attributes), "import_targets"),
            exportTargets: try parse(try few(wire.exportTargets, "export_targets", TextLimits.attributes), "export_targets"),
            importedVRFs: try convert(
                try few(wire.importedVrfs, "imported_vrfs", TextLimits.entries), "imported_vrfs", LocalVRF.init(_:)))
    }
}

extension WireForeignVRF {
    package init(_ vrf: ForeignVRF) {
        name = TextLimits.cut(vrf.name, to: TextLimits.name)
        if let asn = vrf.asn { self.asn = asn.value }
        if let vni = vrf.vni { self.vni = vni.value }
        importTargets = vrf.importTargets.prefix(TextLimits.attributes).map(\.description)
        exportTargets = vrf.exportTargets.prefix(TextLimits.attributes).map(\.description)
        importedVrfs = vrf.importedVRFs.prefix(TextLimits.entries).map(WireLocalVRF.init(_:))
    }
}

extension LocalVRF {
    package init(_ wire: WireLocalVRF) throws(ConversionError) {
        switch wire.owner {
        case .vpn(let name): self = .vpn(try parse(name, "vpn"))
        case .foreign(let name): self = .foreign(try text(name, "foreign", TextLimits.name))
        case nil: throw ConversionError(field: "owner", reason: "missing")
        }
    }
}

extension WireLocalVRF {
    package init(_ vrf: LocalVRF) {
        switch vrf {
        case .vpn(let name): vpn = name.text
        case .foreign(let name): foreign = TextLimits.cut(name, to: TextLimits.name)
        }
    }
}
