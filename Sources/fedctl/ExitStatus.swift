import ArgumentParser
import Verification

/// What fedctl ends with, for scripts. These numbers are a promise.
enum ExitStatus: Int32, Hashable, Sendable, CaseIterable {
    case ok = 0
    /// The command could not do its work.
    case error = 1
    case changesPending = 2
    case verifyFailed = 3
    /// Not enough is known: an agent is silent or its report is stale.
    case unknown = 4
    /// Another revision is in force than the one that the change was based on.
    case conflict = 5
    /// Routes of one VPN would come into another one.
    case leak = 6
    /// Routes of one VPN get into another, or into a VRF that is not the federation’s.
    case isolationViolated = 7
    /// The command line is wrong (EX_USAGE of sysexits.h).
    case usage = 64

    var meaning: String {
        switch self {
        case .ok: "all is well"
        case .error: "error: refused, not found or not reachable"
        case .changesPending: "changes are pending"
        case .verifyFailed: "verification failed somewhere"
        case .unknown: "unknown: an agent is silent or its report is stale"
        case .conflict: "another admin applied in the meantime; nothing was changed"
        case .leak: "refused: routes of one VPN would leak into another"
        case .isolationViolated: "isolation violated: routes of a VPN get into another one, or into a foreign VRF"
        case .usage: "invalid command line"
        }
    }

    /// Lines for the help of a command, with words of its own where it has them.
    static func manual(_ statuses: ExitStatus..., words: [ExitStatus: String] = [:]) -> String {
        statuses.map { status in
            let number = String(status.rawValue)
            return "  \(number)\(String(repeating: " ", count: 4 - number.count))\(words[status] ?? status.meaning)"
        }.joined(separator: "\n")
    }

    /// Of a verification: a failure is certain, so it outweighs what is not known.
    init(_ states: some Sequence<VerdictState>) {
        let states = Set(states)
        self = states.contains(.failed) ? .verifyFailed : states.contains(.unknown) ? .unknown : .ok
    }

    /// Ends the command.
    func end() throws {
        if self != .ok { throw ExitCode(rawValue) }
    }
}
