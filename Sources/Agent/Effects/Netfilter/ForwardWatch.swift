import EVPN
import FederationModel
import Foundation
import Logging
import NetworkTypes
import Subprocess

/// Looks whether the node's firewall lets packets of VRFs pass: nftables' tables by nft, iptables' own ones by the kernel. It changes nothing.
package actor ForwardWatch {
    /// Between two looks. A ruleset may be long, and nft is a process.
    static let interval = Duration.seconds(15)
    private static let limit = 16 << 20

    private let command: [String]
    private let log: Logger
    private var dueAt: ContinuousClock.Instant = .now
    private(set) package var problems: [Problem] = []

    /// - Parameter command: how nft is called; its arguments follow.
    package init(command: [String] = ["nft"], log: Logger) {
        self.command = command
        self.log = log
    }

    /// - Parameter indexes: of the VPNs on this node.
    package func look(indexes: [Int], at now: ContinuousClock.Instant = .now) async {
        guard now >= dueAt else { return }
        dueAt = now + Self.interval
        let found = await filter().problems(indexes: indexes)
        if found != problems, let first = found.first { log.warning("firewall", metadata: ["problem": "\(first.message)"]) }
        problems = found
    }

    /// As it is now.
    package func filter() async -> ForwardFilter {
        var chains = await nftables()
        for family in AddressFamily.allCases { if let chain = LegacyForwardChain.read(family) { chains.append(chain) } }
        return ForwardFilter(chains)
    }

    /// A node without nft, or whose kernel has no nftables, has no chains there.
    private func nftables() async -> [ForwardFilter.BaseChain] {
        do {
            let result = try await run(
                .name(command[0]), arguments: Arguments(Array(command.dropFirst()) + ["-j", "-t", "list", "ruleset"]), input: .none,
                output: .bytes(limit: Self.limit), error: .discarded)
            guard result.terminationStatus.isSuccess else { return [] }
            return try NFTForwardChains.read(Data(result.standardOutput))
        } catch {
            log.debug("cannot read nftables", metadata: ["reason": "\(error)"])
            return []
        }
    }
}

extension ForwardFilter {
    /// What of VPNs is dropped, each chain once.
    package func problems(indexes: [Int]) -> [Problem] {
        var problems: [Problem] = []
        for index in indexes.sorted() {
            let names = LocalNames(index: index)
            for outgoing in [LocalNames.handoffInside(index), names.bridge] {
                guard let (chain, byPolicy) = dropping(in: names.vrf, out: outgoing) else { continue }
                let why = byPolicy ? "by its policy" : "by a rule"
                let problem = Problem(
                    code: .forwardingFiltered,
                    message:
                        "\(chain.name) drops \(why) what VRFs forward (in by \(names.vrf), out by \(outgoing)): no packet of a VPN passes",
                    remedy: "let it pass: `\(chain.remedy)`; and make that permanent where the firewall has its rules")
                if !problems.contains(where: { $0.remedy == problem.remedy }) { problems.append(problem) }
            }
        }
        return problems
    }
}
