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
        let sent = foreign.vrfs.prefix(ForeignVRFs.limit)
        vrfs = sent.map(WireForeignVRF.init(_:))
        // What one does is not known either where its lists are cut.
        omitted = UInt64(clamping: foreign.omitted + foreign.vrfs.count - sent.count + sent.count(where: WireForeignVRF.isCut))
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

    /// Whether not all that it exchanges fits a message.
    fileprivate static func isCut(_ vrf: ForeignVRF) -> Bool {
        vrf.importTargets.count > TextLimits.attributes || vrf.exportTargets.count > TextLimits.attributes
            || vrf.importedVRFs.count > TextLimits.entries
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
