import FederationModel

extension ProblemCode {
    /// Its cause in a verdict. Every code has one: adding a code means deciding here what it breaks.
    package var cause: CauseCode {
        switch self {
        case .frrUnreachable: .frrUnreachable
        case .asConflict: .asConflict
        case .bgpInstanceMissing: .bgpInstanceMissing
        case .peerTaken: .peerTaken
        case .deviceNameTaken: .deviceNameTaken
        case .stepFailed: .stepFailed
        case .ipv6ForwardingOff: .ipv6ForwardingOff
        case .bgpPasswordsUnreadable: .bgpPasswordsUnreadable
        case .bfdNotRunning: .bfdNotRunning
        case .vxlanFilterFailed: .vxlanFilterFailed
        case .forwardingFiltered: .forwardingFiltered
        case .firewallUnreadable: .firewallUnreadable
        case .reversePathFilter: .reversePathFilter
        case .routeOverridden: .routeOverridden
        case .underlayMTU: .underlayMTU
        case .chassisNotRegistered: .chassisNotRegistered
        case .southboundIncomplete: .southboundIncomplete
        case .northboundIncomplete: .northboundIncomplete
        case .attachmentNotFound: .attachmentNotFound
        case .attachmentAmbiguous: .attachmentAmbiguous
        case .attachmentNamesake: .attachmentNamesake
        case .attachmentGone: .attachmentGone
        case .attachmentTaken: .attachmentTaken
        case .bgpvpnVNIShared: .bgpvpnVNIShared
        case .bgpvpnTypeDiffers: .bgpvpnTypeDiffers
        case .bgpvpnUnreadable: .bgpvpnUnreadable
        case .bgpvpnVNIDiffers: .bgpvpnVNIDiffers
        case .bgpvpnTargetsIgnored: .bgpvpnTargetsIgnored
        case .labelNotKept: .labelNotKept
        case .shareOfOther: .shareOfOther
        case .shareSelectsNothing: .shareSelectsNothing
        case .prefixAmbiguous: .prefixAmbiguous
        case .destinationAmbiguous: .destinationAmbiguous
        case .destinationReserved: .destinationReserved
        case .originNotAuthorized: .originNotAuthorized
        case .gatewayMissing: .gatewayMissing
        case .gatewayLacksFamily: .gatewayLacksFamily
        case .routerLacksDefaultRoute: .routerLacksDefaultRoute
        case .nextHopUnanswered: .nextHopUnanswered
        case .routerDiverts: .routerDiverts
        case .routerPolicyUnread: .routerPolicyUnread
        case .providerNetworkNotMapped: .providerNetworkNotMapped
        case .providerBridgeMissing: .providerBridgeMissing
        case .patchPortMissing: .patchPortMissing
        case .portBlocked: .portBlocked
        case .flowOverridden: .flowOverridden
        case .flowUnread: .flowUnread
        case .conntrackFull: .conntrackFull
        case .gatewayPortDown: .gatewayPortDown
        case .notDeliverable: .notDeliverable
        case .distributedFloatingIP: .distributedFloatingIP
        case .portDown: .portDown
        case .natNotExempted: .natNotExempted
        case .prefixLimit: .prefixLimit
        case .learnedLimit: .learnedLimit
        case .problemsCut: .problemsCut
        case .localPreferenceNeedsSessions: .localPreferenceNeedsSessions
        }
    }
}
