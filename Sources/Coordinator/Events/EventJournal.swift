import FederationAPI
import Synchronization

/// What happened and is not written down yet. Taking it never waits.
package final class EventJournal: Sendable {
    private struct State: Sendable {
        var events: [FederationEvent] = []
        var pairs = 0
        /// Of agents, among these; and those that were left out.
        var ofAgents = 0
        var leftOut = 0
        /// More came than is kept in memory, because it cannot be written: all of it was let go, and nothing more is taken.
        var isFull = false

        mutating func add(_ events: [FederationEvent]) {
            self.events += events
            pairs += events.reduce(0) { $0 + $1.pairs }
            guard self.events.count > EventJournal.mostEvents || pairs > EventJournal.mostPairs else { return }
            self = State(isFull: true)
        }
    }

    private static let mostEvents = 50_000
    /// Of agents, between two writings: one that floods must not push verdicts out.
    private static let mostOfAgents = 2000
    private static let mostPairs = 1_000_000

    private let state = Mutex(State())

    package init() {}

    func take(_ event: FederationEvent) {
        guard event.isKept else { return }
        state.withLock { state in
            if event.isOfAgent {
                guard state.ofAgents < Self.mostOfAgents else {
                    state.leftOut += 1
                    return
                }
                state.ofAgents += 1
            }
            if !state.isFull { state.add([event]) }
        }
    }

    /// All that is to be written; nil where it was too much (then `resume`). Whoever takes it writes it, or gives it back.
    func takeAll() -> (events: [FederationEvent], leftOut: Int)? {
        state.withLock { state in
            guard !state.isFull else { return nil }
            defer { state = State() }
            return (state.events, state.leftOut)
        }
    }

    func giveBack(_ events: [FederationEvent]) {
        state.withLock { state in
            guard !state.isFull else { return }
            let later = state.events
            state = State()
            state.add(events + later)
        }
    }

    /// Goes on after it was full.
    /// - Parameter events: what makes of all that is written what is so now.
    func resume(with events: [FederationEvent]) { state.withLock { $0 = State(events: events, pairs: events.reduce(0) { $0 + $1.pairs }) } }
}

extension FederationEvent {
    /// As often as agents like.
    var isOfAgent: Bool {
        switch kind {
        case .agentConnected, .agentDisconnected, .resourceAcknowledged, .driftRepaired: true
        case .verdictsChanged, .revisionApplied, .revisionConfirmed, .recordingBegan, .verdicts: false
        }
    }

    /// How many it is of.
    var pairs: Int {
        if case .verdictsChanged(let transition) = kind { transition.pairs.count } else { 0 }
    }
}
