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
        var room = TextLimits.foreignVRFs
        var cut = 0
        for vrf in foreign.vrfs.prefix(ForeignVRFs.limit) {
            let wire = WireForeignVRF(vrf)
            room -= wire.mostBytes
            guard room >= 0 else { break }
            vrfs.append(wire)
            // What one does is not known either where its lists are cut.
            if WireForeignVRF.isCut(vrf) { cut += 1 }
        }
        omitted = UInt64(clamping: foreign.omitted + foreign.vrfs.count - vrfs.count + cut)
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

    /// No less than it takes in a message: each text with its tag and its length.
    fileprivate var mostBytes: Int {
        let targets = (importTargets + exportTargets).reduce(0) { $0 + $1.utf8.count + 8 }
        return targets + importedVrfs.reduce(name.utf8.count + 32) { $0 + max($1.vpn.utf8.count, $1.foreign.utf8.count) + 16 }
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
