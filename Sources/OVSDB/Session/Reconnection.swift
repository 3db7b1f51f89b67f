/// When to connect, to whom, when to ask whether the other side still lives, and when to give up.
///
/// Pure: facts and the time go in, the next step comes out. Times are durations since any fixed moment.
package struct Reconnection: Sendable {
    package struct Policy: Hashable, Sendable {
        /// The pause after every remote has failed once; it doubles with each such round.
        package var initialBackoff: Duration = .seconds(1)
        package var maximumBackoff: Duration = .seconds(8)
        package var connectTimeout: Duration = .seconds(5)
        /// Silence of a server that followed our requests, after which it is asked for an echo.
        package var probeInterval: Duration = .seconds(5)
        /// Silence after that, after which the connection is dead.
        package var probeTimeout: Duration = .seconds(5)
        /// Silence that is borne before the dump is there: a server may be busy with a large one for long.
        package var dumpTimeout: Duration = .seconds(60)

        package init() {}
    }

    package enum Step: Hashable, Sendable {
        /// Connect, and then say `opened` or `closed`.
        case connect(OVSDBRemote)
        /// There is nothing to do before this time unless something happens.
        case wait(until: Duration)
        /// Send an echo request.
        case probe
        /// Close the connection, and then say `closed`.
        case drop(reason: String)
    }

    private enum Phase: Hashable {
        case idle(since: Duration, pause: Duration)
        case connecting(since: Duration)
        case dumping(lastHeard: Duration)
        case following(lastHeard: Duration, probed: Duration?)
        case dropping
    }

    private let remotes: [OVSDBRemote]
    private let policy: Policy
    private var phase = Phase.idle(since: .zero, pause: .zero)
    private var next = 0
    private var failures = 0

    /// - Parameter remotes: at least one; tried in this order, round and round.
    package init(remotes: [OVSDBRemote], policy: Policy = Policy()) {
        self.remotes = remotes
        self.policy = policy
    }

    package mutating func step(at now: Duration) -> Step {
        switch phase {
        case .idle(let since, let pause):
            guard !remotes.isEmpty else { return .wait(until: now + policy.maximumBackoff) }
            guard now >= since + pause else { return .wait(until: since + pause) }
            phase = .connecting(since: now)
            defer { next = (next + 1) % remotes.count }
            return .connect(remotes[next])
        case .connecting(let since):
            return expired(since + policy.connectTimeout, now, "no connection in \(policy.connectTimeout)")
        case .dumping(let lastHeard):
            return expired(lastHeard + policy.dumpTimeout, now, "nothing received in \(policy.dumpTimeout)")
        case .following(let lastHeard, nil):
            guard now >= lastHeard + policy.probeInterval else { return .wait(until: lastHeard + policy.probeInterval) }
            phase = .following(lastHeard: lastHeard, probed: now)
            return .probe
        case .following(_, let probed?):
            return expired(probed + policy.probeTimeout, now, "no answer to an echo request in \(policy.probeTimeout)")
        case .dropping:
            return .wait(until: now + policy.connectTimeout)
        }
    }

    private mutating func expired(_ deadline: Duration, _ now: Duration, _ reason: String) -> Step {
        guard now >= deadline else { return .wait(until: deadline) }
        phase = .dropping
        return .drop(reason: reason)
    }

    /// The remote took the connection.
    package mutating func opened(at now: Duration) { phase = .dumping(lastHeard: now) }

    /// Bytes came, whatever they say.
    package mutating func heard(at now: Duration) {
        switch phase {
        case .dumping: phase = .dumping(lastHeard: now)
        case .following: phase = .following(lastHeard: now, probed: nil)
        case .idle, .connecting, .dropping: break
        }
    }

    /// The dump is there: only now has the remote proved to be of use, so only now are earlier failures forgotten.
    package mutating func synchronised(at now: Duration) {
        phase = .following(lastHeard: now, probed: nil)
        failures = 0
    }

    /// There is no connection (any more).
    ///
    /// - Parameter jitter: from 0 to 1; shortens the pause by up to half, so that a thousand clients do not come back at once.
    package mutating func closed(at now: Duration, jitter: Double) {
        defer { phase = .idle(since: now, pause: pause(jitter)) }
        // The loss of a good connection is not a failure of the next remote.
        guard case .following = phase else {
            failures += 1
            return
        }
    }

    /// None until each remote has had its try; then one before each round.
    private func pause(_ jitter: Double) -> Duration {
        guard failures > 0, failures % max(remotes.count, 1) == 0 else { return .zero }
        let rounds = failures / max(remotes.count, 1)
        let full = min(policy.maximumBackoff, policy.initialBackoff * (1 << min(rounds - 1, 16)))
        return full * (1 - 0.5 * min(max(jitter, 0), 1))
    }
}
