import FederationModel
import NetworkTypes

/// BGPVPNs: who has not done his part yet.
extension PairJudge {
    /// A cause if a cloud takes part by BGPVPNs only with which nothing is associated yet.
    func waiting() -> Cause? {
        let (mine, others) = (origin.wait, viewer.wait)
        // Both directions of a pair wait for the same.
        let waits = [(origin, mine), (viewer, others)].compactMap { side, wait in wait.map { (side: side, wait: $0) } }
            .sorted { $0.side.cloud < $1.side.cloud }
        guard let first = waits.first(where: { $0.wait.association == .missing }) ?? waits.first else { return nil }
        let sentences = waits.map { side, wait in
            wait.association == .missing
                ? "\(wait.selector) is not seen in \(side.cloud)" : "nothing is associated with \(wait.selector) in \(side.cloud)"
        }
        let code: CauseCode = first.wait.association == .missing ? .bgpvpnMissing : waits.count == 1 ? .bgpvpnHalf : .bgpvpnNotAssociated
        let half = waits.count == 1 ? "; \(first.side.cloud == origin.cloud ? viewer.cloud : origin.cloud) has done its part" : ""
        return Cause(
            code, sentences.joined(separator: ", and ") + half,
            evidence: waits.flatMap { side, wait in
                side.sites.compactMap { site in
                    site.attachment(wait.selector)?.association.map { "\(site.id): \(wait.selector) is \($0.words)" }
                } + side.sites.flatMap(\.complaints)
            }, remedy: waits.map { $0.wait.remedy(in: $0.side.cloud, of: vpn) }.joined(separator: "; "))
    }
}

/// What a cloud waits for.
struct BGPVPNWait: Hashable {
    var selector: AttachmentSelector
    var association: BGPVPNAssociation
    /// The ids of the BGPVPNs that are meant.
    var ids: [String]

    /// What who types.
    func remedy(in cloud: CloudName, of vpn: VPNName) -> String {
        let associate = "“openstack bgpvpn router association create \(name) ROUTER”, with one of `openstack router list`"
        guard association == .missing else { return "the owner of it in \(cloud) types \(associate)" }
        switch selector.key {
        case .name:
            let project = ShellText.quoted(selector.project ?? "")
            return
                "the admin of \(cloud) types `openstack bgpvpn create --project \(project) --name \(name) --type l3`, and then its owner "
                + associate
        default:
            return
                "the admin of \(cloud) compares with `openstack bgpvpn list --long`; if there is none, correct the attachment of \(cloud) to "
                + "\(vpn) in the federation file: \(Remedy.apply); if there is one, its owner types \(associate)"
        }
    }

    /// As its owner calls it.
    private var name: String {
        selector.key == .vni ? ids.first.map { ShellText.quoted($0) } ?? "BGPVPN" : ShellText.quoted(selector.value)
    }
}

extension BGPVPNAssociation {
    /// For evidence.
    fileprivate var words: String {
        switch self {
        case .missing: "not seen"
        case .unassociated: "there, and nothing is associated with it"
        case .associated: "associated"
        }
    }
}

extension CloudInVPN {
    /// What its tenant or its admin has not done yet; nil where something takes part, or something else than a BGPVPN is missing.
    var wait: BGPVPNWait? {
        let waits = selectors.map { wait(of: $0) }
        guard !waits.isEmpty, waits.allSatisfy({ $0 != nil }) else { return nil }
        let known = waits.compactMap(\.self)
        // The tenant can do his part for what is there.
        return known.first { $0.association == .unassociated } ?? known.first
    }

    /// Nil: it selects something, or it is not for a BGPVPN that nothing is selected.
    func wait(of selector: AttachmentSelector) -> BGPVPNWait? {
        guard selector.kind == .bgpvpn else { return nil }
        let reports = sites.compactMap { $0.attachment(selector) }
        guard reports.allSatisfy(\.routers.isEmpty) else { return nil }
        let told = reports.compactMap(\.association)
        // One that sees more knows more.
        guard !told.isEmpty, !told.contains(.associated) else { return nil }
        return BGPVPNWait(
            selector: selector, association: told.contains(.unassociated) ? .unassociated : .missing,
            ids: Set(reports.flatMap(\.bgpvpns)).sorted())
    }
}
