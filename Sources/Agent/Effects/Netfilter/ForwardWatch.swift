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
    private let said: SaidReasons
    private var dueAt: ContinuousClock.Instant = .now
    private(set) package var problems: [Problem] = [] { didSet { said.say(problems.first?.message, Self.topic) } }
    private static let topic = SaidReasons.Topic(failing: "firewall", working: "the firewall lets what VRFs forward pass again")

    private let hasNetfilter: @Sendable () -> Bool

    /// - Parameters:
    ///   - command: how nft is called; its arguments follow.
    ///   - hasNetfilter: whether the kernel may have tables of nftables.
    package init(
        command: [String] = ["nft"], hasNetfilter: @escaping @Sendable () -> Bool = ForwardWatch.kernelMayHaveTables, log: Logger
    ) {
        self.command = command
        self.hasNetfilter = hasNetfilter
        said = SaidReasons(log)
    }

    /// A module that is not loaded has no tables.
    package static func kernelMayHaveTables() -> Bool {
        switch KernelModules().state(of: "nf_tables") {
        case .present, .unknown: true
        case .loadable, .absent: false
        }
    }

    /// - Parameter vpns: on this node: their prefixes, by index.
    package func look(_ vpns: [Int: ForwardFilter.Prefixes], at now: ContinuousClock.Instant = .now) async {
        guard now >= dueAt else { return }
        dueAt = now + Self.interval
        problems = await filter().problems(vpns)
    }

    /// As it is now.
    package func filter() async -> ForwardFilter {
        var filter = ForwardFilter()
        do {
            filter.chains = try await nftables()
        } catch {
            // Asked afterwards: nft itself makes the kernel load it.
            filter.unread = hasNetfilter() ? error.reason : nil
        }
        for family in AddressFamily.allCases { if let chain = LegacyForwardChain.read(family) { filter.chains.append(chain) } }
        return filter
    }

    private struct Failure: Error {
        var reason: String
    }

    private func nftables() async throws(Failure) -> [ForwardFilter.BaseChain] {
        do {
            let result = try await run(
                .name(command[0]), arguments: Arguments(Array(command.dropFirst()) + ["-j", "-t", "list", "ruleset"]), input: .none,
                output: .bytes(limit: Self.limit), error: .discarded)
            guard result.terminationStatus.isSuccess else { throw Failure(reason: "nft fails: \(result.terminationStatus)") }
            return try NFTForwardChains.read(Data(result.standardOutput))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(reason: "nft cannot be run, or its answer cannot be read: \(error)")
        }
    }
}

extension ForwardFilter {
    /// What of VPNs is dropped or may be, each chain once.
    /// - Parameter vpns: their prefixes, by index.
    package func problems(_ vpns: [Int: Prefixes]) -> [Problem] {
        var problems: [Problem] = []
        for (index, prefixes) in vpns.sorted(by: { $0.key < $1.key }) {
            let names = LocalNames(index: index)
            let ways = [
                (LocalNames.handoffInside(index), prefixes.remote, prefixes.local), (names.bridge, prefixes.local, prefixes.remote),
            ]
            for (outgoing, sources, destinations) in ways {
                guard let (chain, loss) = dropping(in: names.vrf, out: outgoing, from: sources, to: destinations) else { continue }
                let problem = Self.problem(chain, loss, "(in by \(names.vrf), out by \(outgoing))")
                if !problems.contains(where: { $0.remedy == problem.remedy }) { problems.append(problem) }
            }
        }
        if let unread {
            problems.append(
                Problem(
                    code: .firewallUnreadable, message: "whether nftables drops what VRFs forward is not known: \(unread)",
                    remedy: "`apt-get install nftables`; `nft list ruleset` shows what is wrong"))
        }
        return problems
    }

    private static func problem(_ chain: BaseChain, _ loss: Loss, _ packets: String) -> Problem {
        let pass = "let it pass: `\(chain.remedy)`; and make that permanent where the firewall has its rules"
        return switch loss {
        case .possible:
            Problem(
                code: .firewallUnreadable,
                message:
                    "\(chain.name) may drop what VRFs forward \(packets): it has rules for a part of the VPN's addresses, or that cannot be read",
                remedy: pass)
        case .byRule, .byPolicy:
            Problem(
                code: .forwardingFiltered,
                message:
                    "\(chain.name) drops \(loss == .byPolicy ? "by its policy" : "by a rule") what VRFs forward \(packets): no packet of a VPN passes",
                remedy: pass)
        }
    }
}

extension ObservedKernel {
    /// What each VPN forwards to, by its index: what a firewall's rules by addresses are compared with.
    package func forwarded(indexes: some Sequence<Int>) -> [Int: ForwardFilter.Prefixes] {
        var all: [Int: ForwardFilter.Prefixes] = [:]
        for index in indexes {
            let table = LocalNames(index: index).table
            // What leads to a router; the ways of probes are nobody's.
            let local = routes.lazy.filter { route in
                guard case .via = route.target else { return false }
                return route.table == table && route.metric != VRFRoute.probeMetric
            }
            all[index] = ForwardFilter.Prefixes(
                local: Set(local.map(\.prefix)), remote: Set((tunnels[table] ?? [:]).keys.filter { $0.length > 0 }))
        }
        return all
    }
}
