import FederationAPI
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads certificates, key, trust roots and revocation list again at SIGHUP. They are also looked at by themselves every
/// second; the signal is for those who want to see it in the log.
package struct CredentialsReload: Service {
    let credentials: Credentials
    let log: Logger

    package init(credentials: Credentials, log: Logger) {
        self.credentials = credentials
        self.log = log
    }

    package func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            if !credentials.reload() { log.notice("SIGHUP: credentials are unchanged") }
        }
    }
}
