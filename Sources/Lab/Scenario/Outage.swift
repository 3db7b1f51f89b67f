extension Step {
    /// Something breaks, stays so for a while, and is mended.
    package struct Outage: Hashable, Sendable {
        package var fault: Fault
        /// Seconds from the fault to what is done `meanwhile`, after which it is mended.
        package var after: Int
        /// Steps while it is broken.
        package var meanwhile: [Step] = []
        package var pinging: Pinging
        /// Milliseconds in which no ping of a pair is answered, at most; nil: any time.
        package var gap: Int?
        /// No route may vanish at the other clouds.
        package var keepsRoutes = false
        /// Seconds from the mending, daemons listening, to all routes being back at the other clouds; nil: not looked at.
        package var backWithin: Int?
    }

    package enum Fault: Hashable, Sendable {
        /// SIGKILL; mended by a new start.
        case killed([Victim])
        /// As its unit stops it; mended by a new start.
        case stopped([Victim])
        /// SIGSTOP; mended by SIGCONT.
        case frozen([Victim])
        case database(DatabasePlace, DatabaseFault)
        /// A command in a host does it, and another one undoes it.
        case command(on: String, String, undo: String)
    }

    /// A process, or several: `agent paris/gw1`, `ovn-controller paris/cmp1`, `ovsdb-sb paris/central`, `frr paris/gw1` (all of FRR), `coordinator`.
    package struct Victim: Hashable, Sendable {
        /// In the order of their start.
        package var kinds: [DaemonKind]
        package var host: Host
    }

    /// One of the two databases of a cloud’s OVN.
    package struct DatabasePlace: Hashable, Sendable {
        package enum Name: String, Hashable, Sendable, CaseIterable { case northbound, southbound }
        package var cloud: String
        package var name: Name
    }

    /// What becomes of a database whose server is started again.
    package enum DatabaseFault: String, Hashable, Sendable, CaseIterable {
        /// Empty. ovn-northd and the ovn-controllers fill a southbound by themselves; Neutron fills a northbound when the time is over
        /// (neutron-ovn-db-sync-util).
        case wiped
        /// A southbound that only the ovn-controllers fill until the time is over, because ovn-northd stands still: chassis, and nothing that
        /// is bound to them.
        case halfFilled = "half-filled"
        /// As it was when it was saved.
        case restored
    }
}

extension Step.Victim {
    /// Nil if there is no such process.
    init?(_ text: String, in scenario: Scenario) {
        let words = text.split(separator: " ").map(String.init)
        guard let word = words.first, words.count <= 2,
            let host = words.count == 1 ? Host.management : scenario.host(named: words[1])
        else { return nil }
        let daemons = scenario.daemons(of: host)
        let chosen = daemons.filter { word == "frr" ? $0.isRouting : $0.rawValue == word }
        guard !chosen.isEmpty, (host == .management) == (words.count == 1) else { return nil }
        self.init(kinds: chosen, host: host)
    }
}

extension DaemonKind {
    /// One of FRR’s.
    package var isRouting: Bool { [.zebra, .staticd, .bgpd].contains(self) }
}
