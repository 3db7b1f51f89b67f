import NetworkTypes

extension BaseIntent {
    /// The version that goes with the content.
    package var contentVersion: ResourceVersion {
        var digest = Digest()
        digest.combine("asn", asn)
        digest.combine("vtep", vtep)
        digest.combine("routerMAC", routerMAC)
        digest.combine("probeAddress", probeAddress)
        digest.combine("management", management.rawValue)
        digest.combine("peers", each: peers.flatMap { [$0.name, $0.address.description, $0.asn.description] })
        digest.combine("underlayMTU", underlayMTU)
        digest.combine("isDraining", isDraining)
        digest.combine("maximumPrefixes", maximumPrefixes.map(String.init) ?? "")
        return digest.text
    }
}

extension VPNIntent {
    /// The version that goes with the content.
    package var contentVersion: ResourceVersion {
        var digest = Digest()
        digest.combine("name", name)
        digest.combine("vni", vni)
        digest.combine("routeDistinguisher", routeDistinguisher)
        digest.combine("importTargets", each: importTargets)
        digest.combine("exportTargets", each: exportTargets)
        digest.combine("attachments", attachments.count)
        for attachment in attachments {
            let selector = attachment.selector
            digest.combine("attachment", each: [selector.kind.rawValue, selector.key.rawValue, selector.value])
            digest.combine("advertise", attachment.advertise.rawValue)
            digest.combine("export", each: attachment.export)
            digest.combine("only", each: attachment.only)
        }
        digest.combine("originated", each: originated)
        digest.combine("importFilter", each: importFilter)
        digest.combine("exportFilter", each: exportFilter)
        digest.combine("maximumPrefixes", maximumPrefixes.map(String.init) ?? "")
        digest.combine("localPreference", localPreference.map(String.init) ?? "")
        return digest.text
    }
}
