import Foundation
import Glibc
import Subprocess

/// The user that the service runs as, with all its groups. What the service may reach is found out as that user: the kernel then asks its
/// modes and access lists itself.
package struct ServiceAccount: Hashable, Sendable {
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case noUser(String)
        case noGroup(String)

        package var description: String {
            switch self {
            case .noUser(let name): "this node has no user \(name)"
            case .noGroup(let name): "this node has no group \(name)"
            }
        }

        package var remedy: String {
            switch self {
            case .noUser(let name):
                "make it: `useradd --system --user-group --home /nonexistent --shell /usr/sbin/nologin \(name)`"
            case .noGroup("frrvty"): "FRR's package makes it: `apt-get install frr`"
            case .noGroup(let name): "make it: `groupadd --system \(name)`"
            }
        }
    }

    package let name: String
    private let user: uid_t
    private let group: gid_t
    private let groups: [UInt32]

    package var isRoot: Bool { user == 0 }

    /// - Parameter further: groups that the unit adds (`SupplementaryGroups=`).
    package init(_ name: String, further: [String]) throws(Failure) {
        guard let entry = uid_t(name).map({ getpwuid($0) }) ?? getpwnam(name) else { throw .noUser(name) }
        self.name = name
        (user, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        var count: Int32 = 1024
        var found = [UInt32](repeating: 0, count: Int(count))
        guard getgrouplist(entry.pointee.pw_name, group, &found, &count) >= 0 else { throw .noGroup("list of \(name)") }
        var groups = found.prefix(Int(count)).filter { [group] in $0 != group }
        for name in further {
            guard let entry = getgrnam(name) else { throw .noGroup(name) }
            groups.append(entry.pointee.gr_gid)
        }
        self.groups = groups
    }

    package struct Refusal: Error, CustomStringConvertible {
        package let description: String
    }

    /// What a program prints that this user runs with CAP_NET_ADMIN and nothing else, as the unit does; whatever its status is. Only root can ask.
    /// - Parameter patience: for all of it.
    package func output(of program: String, _ arguments: [String], within patience: Duration) async throws -> Data {
        let capabilities = "-all,+net_admin"
        let confined =
            ["--reuid", "\(user)", "--regid", "\(group)"]
            + (groups.isEmpty ? ["--clear-groups"] : ["--groups", groups.map(String.init).joined(separator: ",")])
            + ["--inh-caps", capabilities, "--ambient-caps", capabilities, "--bounding-set", capabilities, "--no-new-privs", "--", program]
        // Whoever shares root's terminal can type into it (TIOCSTI).
        var platform = PlatformOptions()
        platform.createSession = true
        let result = try await run(
            .name("timeout"), arguments: Arguments(["\(patience.components.seconds)", "setpriv"] + confined + arguments),
            platformOptions: platform,
            input: .none,
            output: .bytes(limit: 4 << 20), error: .string(limit: 64 << 10))
        guard !result.standardOutput.isEmpty else {
            throw Refusal(description: "\(result.terminationStatus) \(result.standardError.split(separator: "\n").last ?? "")")
        }
        return Data(result.standardOutput)
    }
}
