import NetworkTypes

/// The measuring between gateways: what to send when, what to answer, and what is known of each path. It knows no socket and no clock.
///
/// A sender and a stateful reflector of STAMP (RFC 8762) in one: each path has a session for small and one for large probes.
/// Times are nanoseconds since 1970; one that goes back delays nothing for longer than an interval.
package struct Prober: Sendable {
    private struct Session: Sendable {
        var path: ProbePath
        var mtu: Int
        var isProbed: Bool
        let end: ProbedVRF.Peer.End
        var dueAt: Int64
        /// Small ones until the next large one.
        var untilLarge = 0
        var small = ProbeStream()
        var large = ProbeStream()
        var smallEcho: ProbeEcho?
        var largeEcho: ProbeEcho?
        var replies: ProbeBudget

        /// A router that never sent one back may not know the way, and is not asked more often for that.
        var isSuspect: Bool { (small.isSuspect || large.isSuspect) && isKnown(small) }

        func isKnown(_ stream: ProbeStream) -> Bool { end == .gateway || stream.isKnown }

        func wakesAt(patience: Int64) -> Int64 {
            guard isProbed else { return .max }
            let oldest = min(small.oldest ?? .max, large.oldest ?? .max)
            return min(dueAt, oldest == .max ? .max : oldest + patience)
        }
    }

    private let rates: ProbeRates
    /// Of all our sessions with small probes; with large ones it is one more. Even, not zero.
    private let identifier: UInt16
    private var sessions: [Session] = []
    private var places: [ProbePath: Int] = [:]
    /// Of each session, before when there is nothing to do: thousands are passed over in one look.
    private var wakesAt: [Int64] = []
    private var regular: ProbeBudget
    private var suspects: ProbeBudget
    private var replies: ProbeBudget
    private var probed = 0
    /// Paths on which the latest was not answered.
    private var suspected = 0
    /// Where the next look for something due begins, for each budget, so that no path starves.
    private var regularCursor = 0
    private var suspectCursor = 0
    private var latest: Int64 = 0

    /// - Parameter identifier: chosen anew at each start, so that reflectors count anew.
    package init(identifier: UInt16, rates: ProbeRates = ProbeRates()) {
        self.identifier = max(2, identifier & ~1)
        self.rates = rates
        regular = ProbeBudget(perSecond: rates.perSecond)
        suspects = ProbeBudget(perSecond: rates.suspectsPerSecond)
        replies = ProbeBudget(perSecond: rates.repliesPerSecond)
    }

    /// Between small probes of one path that answers.
    package var interval: Int64 { rates.interval(paths: probed) }

    /// Takes up the paths of these VRFs and leaves all others. What is known of a path that stays, stays.
    package mutating func assign(_ vrfs: [ProbedVRF], at now: Int64) {
        var next: [Session] = []
        var known: [ProbePath: Int] = [:]
        for vrf in vrfs {
            let families = Set(vrf.addresses.map(\.family))
            for peer in vrf.peers where families.contains(peer.address.family) && !vrf.addresses.contains(peer.address) {
                let path = ProbePath(vrf: vrf.index, peer: peer.address)
                guard known[path] == nil else { continue }
                var session =
                    places[path].map { sessions[$0] }
                    ?? Session(
                        path: path, mtu: vrf.mtu, isProbed: peer.isProbed, end: peer.end, dueAt: now,
                        replies: ProbeBudget(perSecond: rates.repliesPerPath, most: rates.repliesPerPath))
                if session.isProbed != peer.isProbed || session.mtu != vrf.mtu {
                    // Another size is another question, and a path that was left is a new one.
                    if session.isProbed != peer.isProbed { session.small = ProbeStream() }
                    session.large = ProbeStream()
                    (session.isProbed, session.mtu) = (peer.isProbed, vrf.mtu)
                }
                known[path] = next.count
                next.append(session)
            }
        }
        (sessions, places) = (next, known)
        probed = sessions.count(where: \.isProbed)
        suspected = sessions.count(where: \.isSuspect)
        (regularCursor, suspectCursor) = (0, 0)
        // New ones begin one after the other.
        let span = interval
        for (place, session) in sessions.enumerated() where session.isProbed && session.small.since == nil {
            sessions[place].dueAt = now + span / 1000 * Int64(place * 1000 / max(1, sessions.count))
            if span > rates.interval { sessions[place].untilLarge = place % rates.smallPerLarge }
        }
        wakesAt = sessions.map { $0.wakesAt(patience: rates.patience) }
    }

    // MARK: - Sending

    /// What is to be sent now.
    /// - Parameter generator: of what nobody can guess. It goes along with each probe, and only the probe's receiver can send it back.
    package mutating func send(at now: Int64, using generator: inout some RandomNumberGenerator) -> [ProbeTransmission] {
        guard !sessions.isEmpty else { return [] }
        if now < latest { restart(at: now) }
        latest = now
        // Those that answer and those that do not have a budget each, and each budget goes round its own paths.
        var (answering, silent): ([Int], [Int]) = ([], [])
        for place in sessions.indices where wakesAt[place] <= now {
            expire(place, at: now)
            guard sessions[place].dueAt <= now else { continue }
            if sessions[place].isSuspect { silent.append(place) } else { answering.append(place) }
        }
        var transmissions: [ProbeTransmission] = []
        for place in Self.turn(answering, from: regularCursor) {
            guard regular.take(at: now) else { break }
            regularCursor = place + 1
            transmissions += probes(of: place, every: interval, isSuspect: false, at: now, &generator)
        }
        let pause = rates.interval(suspects: suspected)
        for place in Self.turn(silent, from: suspectCursor) {
            guard suspects.take(at: now) else { break }
            suspectCursor = place + 1
            transmissions += probes(of: place, every: pause, isSuspect: true, at: now, &generator)
        }
        return transmissions
    }

    /// Ascending places, beginning with the first that is not before the cursor.
    private static func turn(_ places: [Int], from cursor: Int) -> [Int] {
        guard let start = places.firstIndex(where: { $0 >= cursor }) else { return places }
        return Array(places[start...] + places[..<start])
    }

    /// Gives up on what was not answered in time. A path that was not asked often is asked soon then.
    private mutating func expire(_ place: Int, at now: Int64) {
        let wasSuspect = sessions[place].isSuspect
        sessions[place].small.expire(at: now, patience: rates.patience, most: rates.mostUnanswered)
        sessions[place].large.expire(at: now, patience: rates.patience, most: rates.mostUnansweredLarge)
        if sessions[place].small.outcome == .lost { sessions[place].large.forgive() }
        if !wasSuspect, sessions[place].isSuspect {
            suspected += 1
            sessions[place].dueAt = min(sessions[place].dueAt, now)
        }
        wakesAt[place] = sessions[place].wakesAt(patience: rates.patience)
    }

    /// The clock was set back: what was to come is to come within an interval.
    private mutating func restart(at now: Int64) {
        for place in sessions.indices {
            sessions[place].dueAt = min(sessions[place].dueAt, now + interval)
            wakesAt[place] = sessions[place].isProbed ? now : .max
        }
    }

    /// - Parameters:
    ///   - pause: until its next turn.
    ///   - isSuspect: when its turn came. The small one is paid for.
    private mutating func probes(
        of place: Int, every pause: Int64, isSuspect: Bool, at now: Int64, _ generator: inout some RandomNumberGenerator
    ) -> [ProbeTransmission] {
        sessions[place].dueAt = now + pause
        var sent = [request(.small, of: place, at: now, &generator)]
        // At a path's beginning both go at once. Where nothing passes, large ones tell nothing new.
        if sessions[place].untilLarge > 0, !sessions[place].large.isSuspect {
            sessions[place].untilLarge -= 1
        } else if !sessions[place].small.isSuspect {
            // On credit: the same path could have to wait in each of its turns.
            if isSuspect { suspects.owe() } else { regular.owe() }
            sessions[place].untilLarge = rates.smallPerLarge - 1
            sent.append(request(.large, of: place, at: now, &generator))
        }
        wakesAt[place] = sessions[place].wakesAt(patience: rates.patience)
        return sent
    }

    private mutating func request(
        _ size: ProbeSize, of place: Int, at now: Int64, _ generator: inout some RandomNumberGenerator
    ) -> ProbeTransmission {
        let path = sessions[place].path
        let stamp = STAMPTimestamp(nanoseconds: now, token: UInt32.random(in: .min ... .max, using: &generator))
        let (sequence, padding): (UInt32, Int)
        switch size {
        case .small: (sequence, padding) = (sessions[place].small.sent(at: now, stamp), 0)
        case .large:
            (sequence, padding) = (
                sessions[place].large.sent(at: now, stamp), largeSize(of: place) - Self.headers(path.peer.family) - STAMPPacket.length
            )
        }
        let request = STAMPRequest(identifier: identifier(of: size), sequence: sequence, sentAt: stamp, padding: max(0, padding))
        return ProbeTransmission(path: path, bytes: request.bytes, end: sessions[place].end)
    }

    /// Of large ones, in bytes of IP. What is behind a router may carry less than the tunnel, and not less than IPv6 asks for (RFC 8200, section 5).
    private func largeSize(of place: Int) -> Int {
        sessions[place].end == .gateway ? sessions[place].mtu : min(sessions[place].mtu, Self.leastMTU)
    }

    private static let leastMTU = 1_280

    private func identifier(of size: ProbeSize) -> UInt16 { size == .small ? identifier : identifier | 1 }

    /// IP and UDP.
    private static func headers(_ family: AddressFamily) -> Int { family == .ipv4 ? 28 : 48 }

    // MARK: - Receiving

    /// - Parameters:
    ///   - hopLimit: as it came.
    ///   - receivedAt: as the kernel says.
    /// - Returns: what is to be answered; nil: nothing.
    package mutating func receive(
        _ bytes: borrowing RawSpan, on path: ProbePath, hopLimit: UInt8, receivedAt: Int64, at now: Int64
    ) -> ProbeTransmission? {
        guard let place = places[path], let packet = try? STAMPPacket(bytes) else { return nil }
        if sessions[place].end == .router {
            if case .request(let request) = packet { turned(request, place, receivedAt, now) }
            return nil
        }
        // Another gateway sends from its VRF itself: what was routed on the way is a stranger's (RFC 5082).
        guard hopLimit == 255 else { return nil }
        switch packet {
        case .request(let request): return answer(request, place, receivedAt, now)
        case .reply(let reply):
            take(reply, place, receivedAt, now)
            return nil
        }
    }

    private mutating func answer(_ request: STAMPRequest, _ place: Int, _ receivedAt: Int64, _ now: Int64) -> ProbeTransmission? {
        guard sessions[place].replies.take(at: now), replies.take(at: now) else { return nil }
        let isLarge = request.identifier & 1 == 1
        let known = isLarge ? sessions[place].largeEcho : sessions[place].smallEcho
        var echo = known ?? ProbeEcho(identifier: request.identifier, at: now, gap: gap(isLarge))
        let count = echo.heard(request.identifier, at: now)
        if isLarge { sessions[place].largeEcho = echo } else { sessions[place].smallEcho = echo }
        let reply = STAMPReply(
            answered: request, sequence: count, receivedAt: STAMPTimestamp(nanoseconds: receivedAt),
            sentAt: STAMPTimestamp(nanoseconds: now),
            hopLimit: 255)
        return ProbeTransmission(path: sessions[place].path, bytes: reply.bytes)
    }

    private func gap(_ isLarge: Bool) -> Int64 { isLarge ? rates.interval * Int64(rates.smallPerLarge) : rates.interval }

    private mutating func take(_ reply: STAMPReply, _ place: Int, _ receivedAt: Int64, _ now: Int64) {
        take(reply.answered, count: reply.sequence, residence: reply.sentAt.since(reply.receivedAt), place, receivedAt, now)
    }

    /// Our own came back. Nobody counted it on the way, so that which half is lost is not known: all of it counts for the way back.
    private mutating func turned(_ request: STAMPRequest, _ place: Int, _ receivedAt: Int64, _ now: Int64) {
        take(request, count: request.sequence, residence: 0, place, receivedAt, now)
    }

    private mutating func take(
        _ request: STAMPRequest, count: UInt32, residence: Int64, _ place: Int, _ receivedAt: Int64, _ now: Int64
    ) {
        guard sessions[place].isProbed else { return }
        func answered(_ stream: inout ProbeStream) {
            stream.answered(request.sequence, request.sentAt, count: count, receivedAt: receivedAt, residence: residence, at: now)
        }
        let wasSuspect = sessions[place].isSuspect
        switch request.identifier {
        case identifier(of: .small): answered(&sessions[place].small)
        case identifier(of: .large): answered(&sessions[place].large)
        default: return
        }
        if wasSuspect != sessions[place].isSuspect { suspected += wasSuspect ? -1 : 1 }
        wakesAt[place] = sessions[place].wakesAt(patience: rates.patience)
    }

    // MARK: - Findings

    /// What is known of each path that is probed.
    package func findings(at now: Int64) -> [ProbePath: ProbeFinding] {
        var findings: [ProbePath: ProbeFinding] = [:]
        for session in sessions where session.isProbed {
            guard let since = session.small.since else { continue }
            func part(_ stream: ProbeStream, _ echo: ProbeEcho?, _ isLarge: Bool) -> ProbeFinding.Part {
                .init(
                    // Who never sent one back may not know the way.
                    outcome: session.isKnown(stream) ? stream.outcome : .waiting, since: stream.since ?? since,
                    isHeard: echo?.isHeard(at: now, longest: gap(isLarge)) ?? false)
            }
            let loss = session.small.outcome == .lossy ? session.small.loss : session.large.loss
            findings[session.path] = ProbeFinding(
                small: part(session.small, session.smallEcho, false), large: part(session.large, session.largeEcho, true),
                largeSize: session.end == .gateway ? session.mtu : min(session.mtu, Self.leastMTU), lossOut: loss.out, lossBack: loss.back,
                roundTrip: session.small.roundTrip)
        }
        return findings
    }
}
