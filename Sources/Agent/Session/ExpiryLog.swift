import FederationAPI
import Logging

/// Says in the log what ends soon: the gateway's certificate, its authority, the revocation list. The coordinator shows the first of these
/// to admins; a list that ended here shuts us off from it.
package struct ExpiryLog: Sendable {
    let credentials: Credentials
    let log: Logger

    package init(credentials: Credentials, log: Logger) {
        self.credentials = credentials
        self.log = log
    }

    /// Until cancelled: now, and daily, and hourly what is over or has a week left.
    package func run(every interval: Duration = .seconds(3600)) async {
        var looks = 0
        while !Task.isCancelled {
            look(atLeast: looks % 24 == 0 ? .month : .week)
            looks += 1
            try? await Task.sleep(for: interval)
        }
    }

    package func look(atLeast stage: Validity.Stage) {
        let now = credentials.clock()
        for validity in credentials.current().validities where validity.stage(at: now) >= stage {
            log.log(
                level: validity.stage(at: now) == .ended ? .error : .warning, "validity ends soon",
                metadata: ["reason": "\(validity.sentence(at: now))", "remedy": "\(validity.remedy)"])
        }
    }
}
