import NetworkTypes

extension BaseIntent {
    /// The version of the content.
    package var contentVersion: ResourceVersion {
        var fields = FieldBytes()
        fields.combine("asn", asn)
        fields.combine("vtep", vtep)
        fields.combine("routerMAC", routerMAC)
        fields.combine("probeAddress", probeAddress)
        fields.combine("management", management.rawValue)
        fields.combine("peers", each: peers.flatMap { [$0.name, $0.address.description, $0.asn.description] })
        fields.combine("underlayMTU", underlayMTU)
        fields.combine("isDraining", isDraining)
        fields.combine("maximumPrefixes", maximumPrefixes.map(String.init) ?? "")
        if filtersVXLAN { fields.combine("filtersVXLAN", filtersVXLAN) }
        if let failureDetection { fields.combine("failureDetection", failureDetection.rawValue) }
        if let maximumHops { fields.combine("maximumHops", maximumHops) }
        if onSouthboundLoss != .drain { fields.combine("onSouthboundLoss", onSouthboundLoss.rawValue) }
        var digest = Digest()
        digest.feed(fields)
        return digest.text
    }
}

extension VPNIntent {
    /// The version of the content.
    package var contentVersion: ResourceVersion {
        VersionWriter(self, origins: origins.digest).version(of: self)
    }

    /// Writes versions of one VPN's intents. Gateways of a cloud differ in the route distinguisher only, so that all that comes
    /// after it is put into bytes once for all of them.
    package struct VersionWriter {
        private var head = Digest()
        private var tail = FieldBytes()

        /// Takes from this intent all but its route distinguishers.
        /// - Parameter origins: the digest of its origins: there may be a thousand, and all members have the same.
        package init(_ intent: VPNIntent, origins: String) {
            var fields = FieldBytes()
            fields.combine("name", intent.name)
            fields.combine("kind", intent.kind.rawValue)
            fields.combine("encapsulation", intent.encapsulation)
            head.feed(fields)
            tail.combine("importTargets", each: intent.importTargets)
            tail.combine("exportTargets", each: intent.exportTargets)
            tail.combine("attachments", intent.attachments.count)
            for attachment in intent.attachments {
                let selector = attachment.selector
                tail.combine("attachment", each: [selector.kind.rawValue, selector.key.rawValue, selector.value])
                // As with `refused`.
                if let project = selector.project { tail.combine("project", project) }
                tail.combine("advertise", attachment.advertise.rawValue)
                tail.combine("export", each: attachment.export)
                tail.combine("only", each: attachment.only)
                // Without a value the version stays as in older releases, which did not have this field.
                if !attachment.refused.isEmpty { tail.combine("refused", each: attachment.refused) }
            }
            tail.combine("originated", each: intent.originated)
            tail.combine("importFilter", each: intent.importFilter)
            tail.combine("exportFilter", each: intent.exportFilter)
            tail.combine("maximumPrefixes", intent.maximumPrefixes.map(String.init) ?? "")
            if let maximum = intent.maximumLearned { tail.combine("maximumLearned", maximum) }
            if let maximum = intent.maximumLearnedPerOrigin { tail.combine("maximumLearnedPerOrigin", maximum) }
            tail.combine("localPreference", intent.localPreference.map(String.init) ?? "")
            if let mtu = intent.mtu { tail.combine("mtu", mtu) }
            tail.combine("origins", origins)
            for right in intent.rights ?? [] {
                tail.combine("rightOf", each: right.clouds)
                tail.combine("rightTo", each: right.rules)
            }
            if !intent.tunnelSources.isEmpty { tail.combine("tunnelSources", numbers: intent.tunnelSources.map(\.bits)) }
        }

        /// That of an intent that is the remembered one but for its route distinguishers.
        package func version(of intent: VPNIntent) -> ResourceVersion {
            var distinguisher = FieldBytes()
            distinguisher.combine("routeDistinguisher", intent.routeDistinguisher)
            if let secondary = intent.secondary {
                distinguisher.combine("secondary", each: ["\(secondary.encapsulation)", "\(secondary.routeDistinguisher)"])
                distinguisher.combine("secondaryImports", each: secondary.importTargets)
                distinguisher.combine("secondaryExports", each: secondary.exportTargets)
            }
            if let step = intent.vniStep { distinguisher.combine("vniStep", "\(step)") }
            var digest = head
            digest.feed(distinguisher)
            digest.feed(tail)
            return digest.text
        }
    }
}

extension [RouteOrigin] {
    /// Sixteen hexadecimal digits that identify the content.
    package var digest: String {
        var fields = FieldBytes()
        fields.combine("origins", numbers: flatMap { [$0.vtep.bits, $0.asn.value, $0.originatesDefault ? 1 : 0] })
        fields.combine("owners", each: map { $0.cloud?.text ?? "" })
        fields.combine("probeAddresses", numbers: map { $0.probeAddress?.bits ?? 0 })
        var digest = Digest()
        digest.feed(fields)
        return digest.text
    }
}
