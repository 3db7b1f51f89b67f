import FederationModel
import NetworkTypes

/// A reservation made by command, not in the file.
package struct KeptReservation: Hashable, Sendable, Codable {
    package var reservation: Reservation
    /// Milliseconds since 1970.
    package var since: Int64

    package init(_ reservation: Reservation, since: Int64) {
        self.reservation = reservation
        self.since = since
    }
}
