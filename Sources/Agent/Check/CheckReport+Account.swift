import Foundation

extension CheckReport {
    private static let subject = "service user"

    /// The check as the service's user makes it.
    /// - Parameters:
    ///   - program: `fed-agent`, by its path.
    ///   - arguments: its command line, that makes it check as it is and print JSON.
    ///   - ownView: what this process, root's, finds of the password file.
    package static func made(
        by account: ServiceAccount, _ program: String, _ arguments: [String], within patience: Duration, ownView: [Finding]
    ) async throws -> CheckReport {
        let data = try await account.output(of: program, arguments, within: patience + .seconds(20))
        var report = try JSONDecoder().decode(CheckReport.self, from: data)
        report.findings.insert(Finding(subject, .good, "sockets and files were tried as \(account.name), with CAP_NET_ADMIN"), at: 0)
        for own in ownView {
            guard let place = report.findings.firstIndex(where: { $0.subject == own.subject && $0.state != .good }) else { continue }
            report.findings[place] = own.state == .good ? Preflight.credential(own) : own
        }
        return report
    }

    /// The check as root made it, because it could not be made as the service's user.
    package func asRoot(_ reason: String, _ state: Finding.State, remedy: String) -> CheckReport {
        CheckReport([Finding(Self.subject, state, "\(reason): sockets and files were tried as root", remedy: remedy)] + findings)
    }
}
