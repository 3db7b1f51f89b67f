import NetworkTypes

/// What route monitors saw of the federated routes of several hosts.
///
/// zebra replaces an IPv6 route by a deletion and an addition in one message, unless it was started with `--v6-rr-semantics`: a route that is
/// back as soon as it went was replaced, and did not vanish.
struct RouteChanges {
    struct Route: Hashable {
        var host: Host
        var table: UInt32
        var prefix: IPPrefix
    }

    struct Absence {
        var route: Route
        var start: ContinuousClock.Instant
        /// Nil as long as it lasts.
        var end: ContinuousClock.Instant?

        var isReplacement: Bool {
            guard let end, route.prefix.address.family == .ipv6 else { return false }
            return end - start <= RouteChanges.replacement
        }

        func text(since fault: ContinuousClock.Instant) -> String {
            let length = end.map { "for \(Journal.milliseconds($0 - start)) ms" } ?? "for good"
            return "\(route.prefix) at \(route.host), \(Journal.milliseconds(start - fault)) ms after the fault, \(length)"
        }
    }

    /// What a monitor needs at most to read the two halves of one message of zebra.
    static let replacement: Duration = .milliseconds(20)

    private(set) var absences: [Absence] = []
    /// When the last route came or went.
    private(set) var last: ContinuousClock.Instant?

    mutating func note(_ event: RouteEvent, at host: Host, _ time: ContinuousClock.Instant) {
        let route = Route(host: host, table: event.table, prefix: event.prefix)
        if !event.isAdded {
            absences.append(Absence(route: route, start: time))
        } else if let index = absences.lastIndex(where: { $0.route == route && $0.end == nil }) {
            absences[index].end = time
        }
        last = max(last ?? time, time)
    }

    var vanished: [Absence] { absences.filter { !$0.isReplacement } }
}
