import FederationAPI
import FederationModel
import Foundation
import Logging

/// What the names of attachments mean.
extension ControlPlane {
    /// An agent reports on a VPN. What it says of names that its intent does not have is not listened to.
    func noteNames(_ report: VPNReport, of gateway: GatewayID) {
        let found = report.attachments.compactMap(\.pin)
        guard !found.isEmpty, let intent = current.intents[gateway]?.vpns[report.name] else { return }
        for pin in found where intent.attachments.contains(where: { $0.selector == pin.selector }) {
            guard pins.withLock({ $0.take(pin, of: gateway.cloud) }) else { continue }
            log.notice(
                "a name is found",
                metadata: [
                    "cloud": "\(gateway.cloud)", "selector": "\(pin.selector)", "id": "\(pin.id)",
                    "project": "\(pin.project ?? "not known")",
                    "replaces": "\(pin.replaces ?? "nothing")",
                ])
        }
    }

    /// Forgets names that nothing selects any more, stores what is new, and tells it to the gateways of the cloud.
    package func storePins() async {
        let inForce = inForce
        let revision = inForce.revision
        // What a pending commit took away may come back, and shall mean then what it meant.
        if inForce.pendingCommit == nil, pins.withLock({ $0.revision }) != revision.number {
            let selectors = revision.graph.map(Self.names) ?? [:]
            pins.withLock { pins in
                pins.keep(selectors)
                pins.revision = revision.number
            }
        }
        let changes = pins.withLock { $0.takeChanges() }
        guard !changes.isEmpty else { return }
        do {
            // A cancelled task must still store: GRDB would refuse in it.
            try await Task { [store] in try await store.save(changes) }.value
        } catch {
            pins.withLock { $0.retain(changes) }
            log.error("cannot store resolved names; retrying", metadata: ["error": "\(error)"])
            return
        }
        for cloud in changes.clouds { sessions.publish(pins.withLock { $0[cloud] }, of: cloud) }
    }

    /// Has a name looked for anew by the agents of its cloud.
    /// - Throws: `Refusal.notPinned`, `Refusal.fault`
    package func unpin(
        _ selector: AttachmentSelector, of cloud: CloudName, rehearsing isRehearsal: Bool, by author: Principal
    ) async throws -> Unpinning {
        let known = pins.withLock { $0[cloud] }
        guard let pin = known.first(where: { $0.selector == selector }) else {
            let refusal = Refusal.notPinned(selector, cloud, known: known.map(\.selector))
            if isRehearsal { throw refusal }
            throw await self.refusal(refusal, .unpin, by: author)
        }
        let vpns = (current.graph?.vpns ?? [:]).filter { _, vpn in
            vpn.attachments.contains { $0.cloud == cloud && $0.selector == selector }
        }
        let outcome = Unpinning(pin: pin, vpns: vpns.keys.sorted(), changes: !pin.isOpen)
        guard outcome.changes, !isRehearsal else { return outcome }
        let open = AttachmentPin.open(selector, mark: UUID().uuidString.lowercased())
        var changes = AttachmentPins.Changes()
        changes.saved = [cloud: [open]]
        do {
            try await Task { [store, changes] in try await store.save(changes) }.value
        } catch {
            throw await refusal(error, .unpin, by: author)
        }
        pins.withLock { $0.unpin(open, of: cloud) }
        await record(.unpin, .done, by: author, "\(selector) of \(cloud) was \(pin.id)")
        log.notice(
            "a name is to be looked for anew",
            metadata: ["author": "\(author)", "cloud": "\(cloud)", "selector": "\(selector)", "was": "\(pin.id)"])
        await storePins()
        return outcome
    }

    private static func names(in graph: FederationGraph) -> [CloudName: Set<AttachmentSelector>] {
        var names: [CloudName: Set<AttachmentSelector>] = [:]
        for attachment in graph.vpns.values.lazy.flatMap(\.attachments) where attachment.selector.key == .name {
            names[attachment.cloud, default: []].insert(attachment.selector)
        }
        return names
    }
}
