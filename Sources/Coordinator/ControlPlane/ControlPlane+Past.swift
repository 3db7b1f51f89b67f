import FederationAPI
import Verification

extension ControlPlane: PastReading {
    package func events(_ request: EventRequest) async throws -> EventLog {
        await eventWriter.save()
        return try await store.events(request)
    }

    package func verdicts(at time: Int64) async throws -> PastVerdicts {
        let now = clock()
        guard time <= now else {
            throw AdminRefusal(
                .invalidRequest, "\(rfc3339(time)) has not come yet: the coordinator’s clock shows \(rfc3339(now))",
                remedy: "name a former time, or leave it out")
        }
        verdicts.refresh()
        // What is not known to be written is not known.
        await eventWriter.save(isForced: true)
        guard let recording = try await store.recording(), recording.since <= time else {
            let since = try await store.recording().map { "since \(rfc3339($0.since))" } ?? "not yet"
            throw AdminRefusal(
                .invalidRequest, "nothing is known of \(rfc3339(time)): verdicts are kept \(since)",
                remedy: "name a later time; how long they are kept: fed-coordinator run --keep-events DAYS")
        }
        return try await store.verdicts(at: time)
    }

    package func watch(_ selection: FederationSelection) -> AsyncThrowingStream<FederationEvent, any Error> { verdicts.watch(selection) }
}
