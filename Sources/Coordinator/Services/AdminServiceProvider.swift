import FederationAPI
import FederationModel
import Verification

/// The admins' service.
package struct AdminServiceProvider: AdminService {
    let controlPlane: ControlPlane

    package init(controlPlane: ControlPlane) { self.controlPlane = controlPlane }

    package func status() async throws -> FederationStatus {
        var status = FederationStatus(
            controlPlane.current, records: controlPlane.registry.all, connected: controlPlane.sessions.connected)
        status.pendingCommit = controlPlane.pendingCommit
        status.problems = controlPlane.problems.problems
        return status
    }

    package func gateways(_ selection: FederationSelection) async throws -> [GatewayState] {
        let intents = controlPlane.current.intents
        let reports = controlPlane.reports.all(at: controlPlane.clock())
        let connected = controlPlane.sessions.connected
        let marks = selection.marks(in: intents)
        return Set(intents.keys).union(reports.keys).sorted().filter { selection.includes($0.cloud) }.map { gateway in
            let intent = intents[gateway]
            let observation = reports[gateway].map { selection.cut($0.within(intent), to: marks) }
            return GatewayState(
                gateway: gateway, connected: connected.contains(gateway), receivedAt: observation?.receivedAt,
                intent: intent.map(selection.cut),
                report: observation?.report)
        }
    }

    package func verdicts(_ selection: FederationSelection) async throws -> [PairVerdict] {
        controlPlane.verdicts().filter(selection.includes)
    }

    package func events() async throws -> AsyncThrowingStream<FederationEvent, any Error> { controlPlane.events.watch() }

    /// Refusals as the admin gets them.
    func refusing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as Refusal {
            throw AdminRefusal(refusal)
        } catch StoreError.faulty(let fault) {
            throw AdminRefusal(Refusal.fault(fault))
        } catch {
            if !(error is AdminRefusal), !(error is CancellationError) {
                controlPlane.log.error("admin call failed", metadata: ["error": "\(error)"])
            }
            throw error
        }
    }
}
