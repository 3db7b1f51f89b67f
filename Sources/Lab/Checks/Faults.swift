import Foundation
import Glibc

extension Step.Fault {
    /// Where it is.
    var hosts: [Host] {
        switch self {
        case .killed(let victims), .stopped(let victims), .frozen(let victims): victims.map(\.host)
        case .database(let place, _): [.central(place.cloud)]
        case .command(let host, _, _): [Host(description: host)]
        }
    }

    /// The switch itself stands still, or loses its flows: what is lost meanwhile is what the fault costs.
    var stopsSwitch: Bool {
        switch self {
        case .killed(let victims), .frozen(let victims): victims.contains { $0.kinds.contains(.vswitchd) }
        // ovn-controller takes its flows away when it exits, and those of what its database does not have.
        case .stopped(let victims): victims.contains { $0.kinds.contains(.vswitchd) || $0.kinds.contains(.controller) }
        case .database: true
        case .command: false
        }
    }
}

extension Judge {
    /// Breaks it; throws if it was broken before.
    func begin(_ fault: Step.Fault) async throws {
        switch fault {
        case .killed(let victims): for victim in victims { try kill(victim) }
        case .stopped(let victims): for victim in victims { try await stop(victim) }
        case .frozen(let victims): for victim in victims { try signal(victim, SIGSTOP) }
        case .database(let place, let fault): try await harm(place, fault)
        case .command(let host, let command, _): try await command.done(by: self, on: host)
        }
    }

    func mend(_ fault: Step.Fault) async throws {
        switch fault {
        case .killed(let victims), .stopped(let victims): for victim in victims { try await restart(victim) }
        case .frozen(let victims): for victim in victims { try await thaw(victim) }
        case .database(let place, let fault): try await mend(place, fault)
        case .command(let host, _, let undo): try await undo.done(by: self, on: host)
        }
    }

    // MARK: Processes

    func kill(_ victim: Step.Victim) throws { try signal(victim, SIGKILL) }

    private func signal(_ victim: Step.Victim, _ signal: Int32) throws {
        for kind in victim.kinds.reversed() where !lab.daemons.process(kind, victim.host).signal(signal) {
            throw LabError("\(kind.rawValue) of \(victim.host) was not running")
        }
    }

    /// It goes on. One that does not survive that is started again, as its monitor does: ovs-vswitchd 3.1 aborts where its conntrack finds that
    /// time has passed.
    private func thaw(_ victim: Step.Victim) async throws {
        try signal(victim, SIGCONT)
        try await Task.sleep(for: .seconds(1))
        for kind in victim.kinds where lab.daemons.process(kind, victim.host).process == nil { try await lab.start(kind, on: victim.host) }
    }

    /// As its unit does.
    private func stop(_ victim: Step.Victim) async throws {
        for kind in victim.kinds.reversed() {
            let daemon = lab.daemons.process(kind, victim.host)
            guard daemon.process != nil else { throw LabError("\(kind.rawValue) of \(victim.host) was not running") }
            // SIGTERM ends it as well, but leaves its chassis in the southbound database; `ovn-ctl stop_controller` does not.
            if kind == .controller { try await "ovn-appctl -t ovn-controller exit".done(by: self, on: victim.host.description) }
            await daemon.stop(patience: .seconds(10))
        }
    }

    /// Starts it and returns when it listens, as far as it does. Without zebra there is no use in its clients: watchfrr(8) starts them too.
    func restart(_ victim: Step.Victim) async throws {
        if victim.kinds == [.zebra] { return try await lab.restart(.zebra, on: victim.host) }
        for kind in victim.kinds { try await lab.start(kind, on: victim.host) }
    }

    // MARK: Databases

    private func server(_ place: Step.DatabasePlace) -> (kind: DaemonKind, host: Host, file: String, saved: String) {
        let host = Host.central(place.cloud)
        let file = "\(lab.layout.ovn(host))/\(place.name == .northbound ? "nb" : "sb").db"
        return (place.name == .northbound ? .northbound : .southbound, host, file, file + ".saved")
    }

    func save(_ place: Step.DatabasePlace) throws -> String {
        let (_, _, file, saved) = server(place)
        try? FileManager.default.removeItem(atPath: saved)
        try FileManager.default.copyItem(atPath: file, toPath: saved)
        return "\(place.name.rawValue) of \(place.cloud) saved"
    }

    private func harm(_ place: Step.DatabasePlace, _ fault: Step.DatabaseFault) async throws {
        let (kind, host, file, saved) = server(place)
        if fault == .halfFilled { lab.daemons.process(.northd, host).signal(SIGSTOP) }
        await lab.daemons.process(kind, host).stop(patience: .seconds(10))
        try FileManager.default.removeItem(atPath: file)
        if fault == .restored { try FileManager.default.copyItem(atPath: saved, toPath: file) }
        try await lab.start(kind, on: host)
        try await Task.sleep(for: .seconds(2))
        try await revive(place.cloud)
    }

    /// ovn-controller 23.03 may crash at a southbound database that is empty: Debian's unit starts it again (`Restart=on-failure`).
    /// Returns whether all ran.
    @discardableResult private func revive(_ cloud: String) async throws -> Bool {
        var allRan = true
        for node in scenario.cloud(cloud)?.nodes ?? [] where lab.daemons.process(.controller, .node(cloud, node)).process == nil {
            allRan = false
            try await lab.start(.controller, on: .node(cloud, node))
        }
        return allRan
    }

    /// Until they stay: one that is started before ovn-northd has filled the database crashes once more.
    private func reviveForGood(_ cloud: String) async throws {
        var since = ContinuousClock.now
        try await eventually(within: .seconds(30) * patience, "time without a crash of ovn-controller in \(cloud)") {
            if try await !revive(cloud) { since = .now }
            return ContinuousClock.now - since >= .seconds(2)
        }
    }

    private func mend(_ place: Step.DatabasePlace, _ fault: Step.DatabaseFault) async throws {
        switch (fault, place.name) {
        case (.halfFilled, _): lab.daemons.process(.northd, .central(place.cloud)).signal(SIGCONT)
        case (.wiped, .northbound):
            guard let cloud = scenario.cloud(place.cloud) else { return }
            // ovn-northd has made NB_Global, of which there is one at most.
            let operations: [JSON] =
                [["op": "delete", "table": "NB_Global", "where": []]] + NorthboundContents.operations(for: cloud)
            _ = try await lab.layout.northbound(place.cloud).transact(operations)
        default: break
        }
        try await reviveForGood(place.cloud)
    }
}

extension String {
    /// Runs it as a line of shell, which must succeed.
    fileprivate func done(by judge: Judge, on host: String) async throws {
        let result = try await judge.shell(self, on: host)
        guard result.succeeded else { throw LabError("“\(self)” on \(host) exited with \(result.status): \(result.text)") }
    }
}
