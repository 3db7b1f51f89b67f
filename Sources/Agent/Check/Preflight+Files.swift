import Foundation
import Glibc

/// Files, as the user that this process runs as may use them.
extension Preflight {
    func files() -> [Finding] {
        var findings = [state()]
        if let tls = surroundings.databases.tls {
            findings += [tls.certificateFile, tls.privateKeyFile, tls.trustRootsFile].compactMap { file in
                guard access(file, R_OK) != 0 else { return nil }
                return Finding(
                    "databases' certificates", .bad, "cannot read \(file): \(String(cString: strerror(errno)))",
                    remedy: "give the service's group the file: `chgrp \(Self.userName) \(file)`, `chmod 640 \(file)`")
            }
        }
        return findings + passwords()
    }

    private static var userName: String { getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())" }

    private func state() -> Finding {
        let subject = "state directory"
        func refused(_ path: String) -> Finding {
            Finding(
                subject, .bad, "\(Self.userName) may not read and write \(path): \(String(cString: strerror(errno)))",
                remedy: "give it to the service's user: `chown -R \(Self.userName): \(stateDirectory)`")
        }
        guard access(stateDirectory, R_OK | W_OK | X_OK) == 0 else {
            guard errno == ENOENT else { return refused(stateDirectory) }
            return Finding(subject, .note, "\(stateDirectory) is not there yet: it is made when the service starts")
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: stateDirectory)) ?? []
        for name in names.sorted() where access("\(stateDirectory)/\(name)", R_OK | W_OK) != 0 {
            return refused("\(stateDirectory)/\(name)")
        }
        return Finding(subject, .good, "\(Self.userName) may read and write \(stateDirectory)")
    }

    /// Of the file with the passwords of BGP sessions; none where the agent is given none.
    package func passwords() -> [Finding] {
        let subject = "BGP passwords"
        guard let path = surroundings.bgpPasswords else { return [] }
        var file = PasswordFile(path: path)
        file.refresh()
        if let fault = file.fault { return [Finding(subject, .bad, "\(fault)", remedy: fault.remedy)] }
        return [Finding(subject, .good, "\(path) can be used")]
    }

    /// A file that root may read, and the service's user not.
    static func credential(_ good: Finding) -> Finding {
        Finding(
            good.subject, .note, "\(good.text) by root, and the service gets it as a credential only",
            remedy:
                "the unit needs “LoadCredential=bgp-passwords:FILE” and “--bgp-passwords ${CREDENTIALS_DIRECTORY}/bgp-passwords” (docs/bgp.md)"
        )
    }
}
