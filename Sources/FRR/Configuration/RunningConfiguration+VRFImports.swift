extension RunningConfiguration {
    /// The VRFs whose routes bgpd copies into each (`import vrf NAME`), by VRF; its default instance is `default`.
    ///
    /// It copies what was imported from EVPN, too, so that a line of this in any instance takes a tenant’s routes out of their VRF.
    package var importedVRFs: [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for section in sections {
            let importer: String
            switch section.subject {
            case .bgp(vrf: let name): importer = name ?? Self.defaultVRF
            default: continue
            }
            for line in section.body where line.text.hasPrefix("import vrf ") {
                let words = line.text.split(separator: " ")
                // The other form names a route map.
                if words.count == 3 { found[importer, default: []].insert(String(words[2])) }
            }
        }
        return found
    }

    /// What bgpd calls its default instance where it lists VRFs.
    package static let defaultVRF = "default"
}
