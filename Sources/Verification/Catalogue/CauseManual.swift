/// What an engineer should know of a cause before acting: the entry of the catalogue. A verdict's own cause has the values
/// and the remedy of the case; this is what holds for every case.
package struct CauseManual: Hashable, Sendable, Codable {
    /// What it means, and what it does to packets.
    package var meaning: String
    /// What it usually comes from.
    package var origins: [String]
    /// Commands that only look, each with where it is typed.
    package var looks: [String]
    /// What mends it.
    package var fixes: [String]

    package init(_ meaning: String, from origins: [String], look looks: [String], fix fixes: [String]) {
        self.meaning = meaning
        self.origins = origins
        self.looks = looks
        self.fixes = fixes
    }
}

extension CauseCode {
    /// Its entry in the catalogue.
    package var manual: CauseManual {
        switch step {
        case .intent, .acknowledged: agentManual
        case .effective: configurationManual
        case .attached: attachmentManual
        case .advertised: advertisementManual
        case .received, .accepted, .imported: routeManual
        case .installed: forwardingManual
        case .steered: steeringManual
        case .probed, .returned: probeManual
        }
    }
}
