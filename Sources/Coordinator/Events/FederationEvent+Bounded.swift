import FederationAPI
import Verification

extension FederationEvent {
    /// Bytes of each text that is written down.
    private static let mostText = 256

    /// With short texts: what agents say is written down as often as they say it.
    var bounded: FederationEvent {
        func cut(_ text: String) -> String { TextLimits.cut(text, to: Self.mostText) }
        func cut(_ judgement: Judgement?) -> Judgement? {
            guard var copy = judgement else { return nil }
            copy.sentence = cut(copy.sentence)
            return copy
        }
        var event = self
        switch kind {
        case .agentConnected(let gateway, let software): event.kind = .agentConnected(gateway, software: cut(software))
        case .agentDisconnected(let gateway, let reason): event.kind = .agentDisconnected(gateway, reason: cut(reason))
        case .resourceAcknowledged(let gateway, let resource, .rejected(let version, let reason)):
            event.kind = .resourceAcknowledged(gateway, resource, .rejected(version, reason: cut(reason)))
        case .verdictsChanged(var transition):
            (transition.before, transition.after) = (cut(transition.before), cut(transition.after))
            event.kind = .verdictsChanged(transition)
        case .driftRepaired(let gateway, let vpn, var drift):
            (drift.object, drift.change) = (cut(drift.object), cut(drift.change))
            event.kind = .driftRepaired(gateway, vpn, drift)
        default: break
        }
        return event
    }
}
