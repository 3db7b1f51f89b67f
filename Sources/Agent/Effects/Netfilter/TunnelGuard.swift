import EVPN
import FederationModel
import Logging
import Subprocess

/// Keeps the node's VXLAN filter in nftables as the intent asks for it: reads it, changes the difference, and reads it back.
package actor TunnelGuard {
    /// Between two looks where nothing changes.
    static let interval = Duration.seconds(10)
    private static let limit = 1 << 22

    private let command: [String]
    private let log: Logger
    private var dueAt: ContinuousClock.Instant = .now
    private var wanted: VXLANFilter?
    /// What nft said after our last change: releases may print what we wrote in other words.
    private var afterChange: String?
    /// Without a wish for one there is nothing to look for again.
    private var isKnownAbsent = false
    private(set) package var changes: UInt64 = 0
    private(set) package var problem: Problem? { didSet { said.say(problem?.message, Self.topic) } }
    private let said: SaidReasons
    private static let topic = SaidReasons.Topic(
        failing: "the VXLAN filter is not active", working: "the VXLAN filter is active again", level: .error)

    /// - Parameter command: how nft is called; its arguments follow.
    package init(command: [String] = ["nft"], log: Logger) {
        self.command = command
        self.log = log
        said = SaidReasons(log)
    }

    /// - Parameter filter: nil: the node accepts VXLAN from any source.
    package func keep(_ filter: VXLANFilter?, at now: ContinuousClock.Instant = .now) async {
        if filter == wanted, filter == nil ? isKnownAbsent : now < dueAt { return }
        if filter != wanted { afterChange = nil }
        (wanted, dueAt) = (filter, now + Self.interval)
        do throws(Failure) {
            let standing = try await listing()
            if let filter {
                isKnownAbsent = false
                guard standing != afterChange ?? NFTables.normalized(NFTables.listing(filter)) else { return problem = nil }
                if afterChange != nil {
                    log.warning("the VXLAN filter was changed by another program and is restored", metadata: ["table": "\(NFTables.table)"])
                }
            } else if standing == nil {
                (isKnownAbsent, problem) = (true, nil)
                return
            }
            try await nft(["-f", "-"], input: NFTables.script(filter))
            changes += 1
            afterChange = try await listing()
            isKnownAbsent = afterChange == nil
            problem = nil
            log.notice("VXLAN filter changed", metadata: ["vnis": "\(filter?.sources.count ?? 0)", "on": "\(filter != nil)"])
        } catch {
            // Where none is asked for, a node without nftables lacks nothing.
            guard filter != nil else {
                (isKnownAbsent, problem) = (true, nil)
                return
            }
            problem = Self.notInForce(error)
        }
    }

    package static func notInForce(_ failure: Failure) -> Problem {
        Problem(
            code: .vxlanFilterFailed, message: "the cloud has `vxlanFilter`, but the filter is not active: \(failure.reason)",
            remedy:
                "`apt-get install nftables`; on a kernel without CONFIG_NF_TABLES_INET, remove “vxlanFilter” from the federation file"
        )
    }

    package struct Failure: Error {
        var reason: String

        package init(reason: String) { self.reason = reason }
    }

    /// Whether a table of ours is there. A kernel without nftables has none, whatever nft says.
    package func stands() async throws(Failure) -> Bool {
        do {
            return try await listing() != nil
        } catch {
            if !ForwardWatch.kernelMayHaveTables() { return false }
            throw error
        }
    }

    /// Takes the table away, and looks whether it is gone.
    package func remove() async throws(Failure) {
        guard try await stands() else { return }
        try await nft(["-f", "-"], input: NFTables.script(nil))
        if try await stands() { throw Failure(reason: "the table \(NFTables.table) is still there") }
    }

    /// Nil where there is no table of ours.
    private func listing() async throws(Failure) -> String? {
        do {
            return NFTables.normalized(try await nft(["-s", "list", "table"] + NFTables.table.split(separator: " ").map(String.init)))
        } catch {
            if error.reason.contains("No such file or directory"), !error.reason.hasPrefix("cannot start nft") { return nil }
            throw error
        }
    }

    @discardableResult
    private func nft(_ arguments: [String], input: String = "") async throws(Failure) -> String {
        do {
            let result = try await run(
                .name(command[0]), arguments: Arguments(Array(command.dropFirst()) + arguments), input: .string(input),
                output: .string(limit: Self.limit), error: .string(limit: Self.limit))
            if result.terminationStatus.isSuccess { return result.standardOutput }
            let said = result.standardError.split(separator: "\n").first.map(String.init) ?? "\(result.terminationStatus)"
            throw Failure(reason: "nft: \(said.prefix(256))")
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(reason: "cannot start nft: \(error)")
        }
    }
}
