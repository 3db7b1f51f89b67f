import ArgumentParser
import FederationAPI
import Foundation
import NetworkTypes

/// Where the coordinator is and who we are; for every command, before or behind its name.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The coordinator (default: $FEDCTL_COORDINATOR or localhost:7443; a host alone: port 7443).", valueName: "host:port"),
        transform: { text in
            do throws(ParseError) {
                return try Endpoint(connectingTo: text)
            } catch {
                throw ValidationError("\(error.reason); \(error.remedy)")
            }
        })
    var coordinator: FederationAPI.Endpoint?

    @Option(help: ArgumentHelp("The folder of certificates (default: $FEDCTL_CERTS or certs).", valueName: "folder"))
    var certs: String?

    @Option(
        help: ArgumentHelp(
            "The admin whose certificate to use (default: $FEDCTL_ADMIN; else admin.pem, or the only admin-NAME.pem).",
            valueName: "name"),
        transform: reading)
    var admin: AdminName?

    static let defaultCoordinator = Endpoint(host: "localhost", port: 7443)
    static let defaultFolder = "certs"

    func endpoint(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> FederationAPI.Endpoint {
        if let coordinator { return coordinator }
        guard let text = environment["FEDCTL_COORDINATOR"], !text.isEmpty else { return Self.defaultCoordinator }
        do {
            return try Endpoint(connectingTo: text)
        } catch {
            throw CommandError("FEDCTL_COORDINATOR: \(error.reason)", remedy: error.remedy)
        }
    }

    func folder(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        if let certs { return certs }
        guard let text = environment["FEDCTL_CERTS"], !text.isEmpty else { return Self.defaultFolder }
        return text
    }

    /// The certificate of the admin who was named; else admin.pem, else the only one of any other admin.
    func files(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> CredentialFiles {
        let folder = folder(environment: environment)
        let name = try subject(in: folder, environment: environment).fileName
        try check(name, in: folder)
        // Who has the list sees by it whether the coordinator's certificate was revoked.
        let list = "\(folder)/crl.pem"
        return CredentialFiles(
            certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key", trustRoots: "\(folder)/ca.pem",
            revocationList: FileManager.default.fileExists(atPath: list) ? list : nil)
    }

    /// Whom the folder has, where it does not have the one who was named.
    private func check(_ name: String, in folder: String) throws(CommandError) {
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder), !files.contains("\(name).pem") else { return }
        // Those that have no key either are not ours to use.
        let admins = files.filter { $0.hasPrefix("admin") && $0.hasSuffix(".pem") && files.contains("\($0.dropLast(4)).key") }.map {
            String($0.dropLast(4))
        }.sorted()
        guard !admins.isEmpty else { return }
        let names = admins.map { $0 == "admin" ? "admin (admin.pem)" : String($0.dropFirst("admin-".count)) }
        throw CommandError(
            "no such file \(folder)/\(name).pem: the folder has certificates of \(names.joined(separator: ", "))",
            remedy: "use --admin with one of them, or create it: fedctl pki issue admin")
    }

    private func subject(in folder: String, environment: [String: String]) throws -> CertificateSubject {
        if let admin { return .admin(admin) }
        if let text = environment["FEDCTL_ADMIN"], !text.isEmpty {
            do {
                return .admin(try AdminName(parsing: text))
            } catch {
                throw CommandError("FEDCTL_ADMIN: \(error.reason)", remedy: error.remedy)
            }
        }
        let usual = CertificateSubject.admin(CertificateSubject.defaultAdmin)
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder), !names.contains("\(usual.fileName).pem") else {
            return usual
        }
        // One without its key is somebody else's.
        let admins = names.compactMap { name -> AdminName? in
            guard name.hasPrefix("admin-"), name.hasSuffix(".pem"), let admin = AdminName(String(name.dropFirst(6).dropLast(4))) else {
                return nil
            }
            return names.contains("\(CertificateSubject.admin(admin).fileName).key") ? admin : nil
        }.sorted()
        guard admins.count > 1 else { return admins.first.map { .admin($0) } ?? usual }
        throw CommandError(
            "\(folder) has certificates of several admins: \(admins.map(\.text).joined(separator: ", "))",
            remedy: "choose one: --admin \(admins[0]), or export FEDCTL_ADMIN=\(admins[0])")
    }
}
