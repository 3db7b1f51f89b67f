import Foundation

/// Breaks a lab in one way after the other, and compares what `fedctl verify` says with what packets come to.
package struct FaultInjector: Sendable {
    let lab: Lab
    let judge: Judge
    /// Marks the rows.
    let commit: String
    /// Where rows are kept, JSON.
    let file: String

    package init(_ lab: Lab, patience: Int, commit: String, file: String) {
        self.lab = lab
        judge = Judge(lab, patience: patience)
        self.commit = commit
        self.file = file
    }

    /// Each in turn; a row is written as soon as it is known. Rows of others that are there already stay.
    package func run(_ faults: [InjectedFault]) async {
        for fault in faults {
            var isWell = await isHealthy(within: .seconds(60))
            if !isWell { isWell = await raiseAnew() }
            guard isWell else {
                lab.journal.line("FAIL  the lab is not well, and does not come up again: \(fault.name) and those after it were not tried")
                return
            }
            var row = FaultRow(fault, lab: lab.scenario.name, commit: commit)
            await lab.journal.stage(fault.name, log: lab.layout.logs) {
                do { try await inject(fault, &row) } catch { row.note = "\(error)" }
                await undo(fault)
                write(row)
                guard row.isRight else { throw LabError(row.line) }
                return row.line
            }
            if !row.falseOKs.isEmpty { lab.journal.quote("FALSE OK: \(row.falseOKs.joined(separator: "; "))") }
            if !row.falseFails.isEmpty { lab.journal.quote("FALSE FAIL: \(row.falseFails.joined(separator: "; "))") }
        }
    }

    // MARK: One fault

    private func inject(_ fault: InjectedFault, _ row: inout FaultRow) async throws {
        let (start, date) = (ContinuousClock.now, Date().timeIntervalSince1970 * 1000)
        for harm in fault.harms { try await judge.begin(harm) }
        let answer = try await settle(fault, since: start, &row)
        let truth = try await judge.packets(answer, full: true)
        // What changed while packets were counted was judged by neither.
        let after = try await judge.verifyAnswer()
        let (settled, seen) = after.signature == answer.signature ? (answer, truth) : (after, try await judge.packets(after, full: true))
        (row.lost, row.sent) = (row.lost + seen.lost, row.sent + seen.sent)
        row.isRepaired = Reports.repair(since: date, in: (try? await judge.agents()) ?? .null)
        row.judge(settled, by: seen, of: fault)
        let (last, whole) = try await recheck(settled, seen, of: fault, &row)
        if fault.effect == .lost, last.isWell, row.lost == 0, !row.isRepaired {
            row.note = "it did nothing: no packet was lost, and no agent repaired"
        }
        guard !(last.isWell && whole) else {
            row.fix = row.told != nil || row.healedAfter != nil ? .over : .none
            return
        }
        try await mend(last, &row)
    }

    /// A user-space switch on a busy machine stands still now and then, which loses packets too: what is said to be false must be so twice more.
    /// - Returns: the answer that counts, and whether all packets passed beside it.
    private func recheck(
        _ answer: VerifyAnswer, _ truth: PacketTruth, of fault: InjectedFault, _ row: inout FaultRow
    ) async throws -> (VerifyAnswer, isWhole: Bool) {
        var (best, isWhole) = (answer, truth.isWhole)
        for _ in 0..<2 where !row.falseOKs.isEmpty || !row.falseFails.isEmpty {
            try await Task.sleep(for: .seconds(3))
            let answer = try await judge.verifyAnswer()
            let truth = try await judge.packets(answer, full: true)
            (row.lost, row.sent) = (row.lost + truth.lost, row.sent + truth.sent)
            var other = row
            other.judge(answer, by: truth, of: fault)
            guard other.falseOKs.count + other.falseFails.count < row.falseOKs.count + row.falseFails.count else { continue }
            (row, best, isWhole) = (other, answer, truth.isWhole)
        }
        return (best, isWhole)
    }

    /// Asks until the answer stays the same, and counts what small packets come to meanwhile.
    private func settle(_ fault: InjectedFault, since start: ContinuousClock.Instant, _ row: inout FaultRow) async throws -> VerifyAnswer {
        var last: VerifyAnswer?
        var since = ContinuousClock.now
        var wasLost = false
        while true {
            let answer = try await judge.verifyAnswer()
            let passed = ContinuousClock.now - start
            if answer.signature != last?.signature { since = .now }
            last = answer
            if !answer.isWell, row.told == nil { row.told = Self.seconds(passed) }
            row.before = Set(row.before).union(answer.words).sorted()
            let truth = try await judge.packets(answer, full: false)
            (row.lost, row.sent) = (row.lost + truth.lost, row.sent + truth.sent)
            if truth.isWhole {
                if wasLost, row.healedAfter == nil { row.healedAfter = Self.seconds(ContinuousClock.now - start) }
            } else {
                (wasLost, row.healedAfter) = (true, nil)
            }
            let quiet = ContinuousClock.now - since
            let isSettled = answer.isWell ? passed >= .seconds(fault.within) : quiet >= .seconds(10) && passed >= .seconds(15)
            if isSettled || passed >= .seconds(fault.within + 30) { return answer }
            // What the agent has mended, and is well again, will not change any more.
            if answer.isWell, row.healedAfter != nil, quiet >= .seconds(10), passed >= .seconds(15) { return answer }
            try await Task.sleep(for: .seconds(1))
        }
    }

    // MARK: Fixes

    /// Types what is printed, as it is printed.
    private func mend(_ answer: VerifyAnswer, _ row: inout FaultRow) async throws {
        var lines: [PrintedFix.Line] = []
        for pair in answer.pairs {
            guard let cause = pair.cause else { continue }
            for line in PrintedFix(cause.remedy, in: lab.scenario, otherwise: pair.viewer).mends where !lines.contains(line) {
                lines.append(line)
            }
        }
        guard !lines.isEmpty else {
            row.fix = answer.causes.isEmpty ? .none : .look
            return
        }
        for line in lines.prefix(4) {
            row.typed.append("\(line.host): \(line.command)")
            if let daemons = SystemdUnit.daemons(startedBy: line.command) {
                for daemon in daemons where lab.scenario.daemons(of: line.host).contains(daemon) {
                    try await lab.restart(daemon, on: line.host)
                }
            } else {
                _ = try await judge.shell(line.command, on: line.host.description)
            }
        }
        row.fix = await isHealthy(within: .seconds(60)) ? .healed : .notHealed
    }

    private func undo(_ fault: InjectedFault) async {
        for harm in fault.harms.reversed() {
            switch harm {
            case .command(let host, _, let undo): _ = try? await judge.shell(undo, on: host)
            case .killed(let victims), .stopped(let victims), .frozen(let victims):
                for victim in victims {
                    for kind in victim.kinds {
                        lab.daemons.process(kind, victim.host).signal(SIGCONT)
                        try? await Task.sleep(for: .milliseconds(300))
                        if lab.daemons.process(kind, victim.host).process == nil {
                            try? await judge.restart(.init(kinds: [kind], host: victim.host))
                        }
                    }
                }
            case .database: try? await judge.mend(harm)
            }
        }
    }

    private func isHealthy(within limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit * judge.patience
        while true {
            if let answer = try? await judge.verifyAnswer(), answer.isWell, answer.pairs.contains(where: { $0.state != "empty" }),
                let truth = try? await judge.packets(answer, full: true), truth.isWhole
            {
                return true
            }
            guard ContinuousClock.now < end else { return false }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func raiseAnew() async -> Bool {
        lab.journal.line("note            the lab is not well again after a minute: it is raised anew")
        guard await lab.up() else { return false }
        return await isHealthy(within: .seconds(90))
    }

    // MARK: Rows

    private func write(_ row: FaultRow) {
        var rows = FaultTable.rows(in: file).filter { $0.fault != row.fault }
        rows.append(row)
        FaultTable.write(rows, to: file)
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(Journal.milliseconds(duration)) / 1000
    }
}

extension FaultRow {
    /// For the journal.
    var line: String {
        if let note { return "not judged: \(note.prefix(300))" }
        let loss = "\(lost) of \(sent) lost\(truth.isEmpty ? "" : " (\(truth))")"
        let cause = causes.isEmpty ? "" : ": \(causes.joined(separator: ", "))"
        let time = told.map { " after \($0.formatted(.number.precision(.fractionLength(1)))) s" } ?? ""
        return "\(loss); \(verdict)\(cause)\(time); \(isRight ? "right" : "WRONG"); fix: \(fix.rawValue)"
    }
}
