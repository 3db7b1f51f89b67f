import ArgumentParser
import FederationAPI
import Foundation

/// Where the coordinator is and who we are; for every command, before or behind its name.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The coordinator (default: $FEDCTL_COORDINATOR or localhost:7443).", valueName: "host:port"), transform: reading)
    var coordinator: FederationAPI.Endpoint?

    @Option(help: ArgumentHelp("The folder of certificates (default: $FEDCTL_CERTS or certs).", valueName: "folder"))
    var certs: String?

    static let defaultCoordinator = Endpoint(host: "localhost", port: 7443)
    static let defaultFolder = "certs"

    func endpoint(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> FederationAPI.Endpoint {
        if let coordinator { return coordinator }
        guard let text = environment["FEDCTL_COORDINATOR"], !text.isEmpty else { return Self.defaultCoordinator }
        do {
            return try Endpoint(parsing: text)
        } catch {
            throw Complaint("FEDCTL_COORDINATOR: \(error.reason)", remedy: error.remedy)
        }
    }

    func folder(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        if let certs { return certs }
        guard let text = environment["FEDCTL_CERTS"], !text.isEmpty else { return Self.defaultFolder }
        return text
    }

    func files() -> CredentialFiles {
        let folder = folder()
        return CredentialFiles(certificate: "\(folder)/admin.pem", key: "\(folder)/admin.key", trustRoots: "\(folder)/ca.pem")
    }
}
