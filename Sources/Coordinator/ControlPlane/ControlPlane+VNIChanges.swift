import Federation
import FederationAPI
import Logging

/// VNIs that change, step by step as agents get on: revisions with the same graph and another ledger.
extension ControlPlane {
    /// Takes those one step on whose agents all have applied the present state.
    ///
    /// While a revision awaits confirmation everything stays as it is: both VNIs are received then, and going back costs nothing.
    ///
    /// - Returns: false where it is to be tried again though nothing changed.
    @discardableResult
    package func advanceVNIChanges() async -> Bool {
        let inForce = inForce
        let base = inForce.revision
        guard !base.ledger.vniChanges.isEmpty, inForce.pendingCommit == nil else { return true }
        let ready = base.vniProgress(base.rollout(registry.all)).filter(\.waitsFor.isEmpty).map(\.vpn)
        guard !ready.isEmpty else { return true }
        let now = clock()
        var ledger = base.ledger
        let steps = ledger.advanceVNIChanges(of: ready, at: now)
        do {
            _ = try await enact(ledger, on: base, .vniChange, by: .coordinator, at: now, message: Self.message(steps))
        } catch StoreError.conflict {
            // Somebody applied at the same moment; what is in force now is looked at next time.
        } catch StoreError.awaitingConfirmation {
            // The same, with “--confirm”.
        } catch {
            log.error("a VNI change cannot be taken on; it is tried again", metadata: ["vpns": "\(ready)", "error": "\(error)"])
            return false
        }
        return true
    }

    private static func message(_ steps: [VNIStep]) -> String {
        let told = 10
        return steps.prefix(told).map(\.description).joined(separator: "; ")
            + (steps.count > told ? "; and \(steps.count - told) more" : "")
    }
}

/// Looks again and again whether a VNI change can be taken on.
package struct VNIChangeWatch: Sendable {
    let changes: any AutomaticChanges
    let interval: Duration

    /// What a step depends on.
    private struct Seen: Equatable {
        var revision: UInt64
        var changes: UInt64
        var isPending: Bool
    }

    package init(changes: any AutomaticChanges, interval: Duration = .milliseconds(250)) {
        self.changes = changes
        self.interval = interval
    }

    /// Until cancelled.
    package func run() async {
        // A change may wait for days, for an agent that is away: then nothing is computed.
        var seen: Seen?
        while !Task.isCancelled {
            let inForce = changes.inForce
            let now = Seen(
                revision: inForce.revision.number, changes: changes.acknowledgements, isPending: inForce.pendingCommit != nil)
            if now != seen, await changes.advanceVNIChanges() { seen = now }
            try? await Task.sleep(for: interval)
        }
    }
}
