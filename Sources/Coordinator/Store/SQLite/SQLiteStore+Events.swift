import FederationAPI
import FederationModel
import GRDB
import Verification

extension SQLiteStore {
    package func append(_ events: [FederationEvent], until now: Int64?) async throws {
        let known = try await pool.write { [numbers = pairNumbers.withLock { $0 }] db in
            var numbers = try numbers ?? EventRows.numbers(db)
            for event in events {
                guard case .verdictsChanged(let transition) = event.kind else {
                    try EventRows.insert(event, pairs: nil, db)
                    continue
                }
                var pairs: [Int64] = []
                for pair in transition.pairs {
                    let number = try numbers[pair] ?? EventRows.number(of: pair, db)
                    numbers[pair] = number
                    pairs.append(number)
                }
                try EventRows.insert(event, pairs: pairs.sorted(), db)
            }
            try EventRows.note(events, until: now, db)
            return numbers
        }
        // Only what is on disk. There is one writer at a time (`EventWriter`).
        pairNumbers.withLock { $0 = known }
    }

    package func recording() async throws -> Recording? { try await pool.read { db in try EventRows.recording(db) } }

    package func events(_ request: EventRequest) async throws -> EventLog {
        try await pool.read { db in try EventRows.fetch(request, db) }
    }

    package func verdicts(at time: Int64) async throws -> PastVerdicts {
        try await pool.read { db in
            PastVerdicts(at: time, gap: try EventRows.gap(at: time, db), pairs: try EventRows.verdicts(at: time, db))
        }
    }

    package func lastVerdicts() async throws -> [PairName: Judgement] {
        let pairs = try await pool.read { db in try EventRows.verdicts(at: nil, db) }
        return Dictionary(pairs.map { ($0.name, $0.judgement) }) { $1 }
    }

    package func prune(_ limits: HistoryLimits, at now: Int64) async throws {
        let removed = try await EventPruning(pool: pool).run(limits, at: now)
        guard !removed.isEmpty else { return }
        pairNumbers.withLock { numbers in numbers = numbers?.filter { !removed.contains($0.value) } }
    }
}
