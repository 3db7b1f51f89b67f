import Federation
import FederationAPI

/// A line of the ledger, for programs.
package struct LedgerLine: Hashable, Sendable, Encodable {
    package var kind: LedgerEntry.Kind
    /// `10001`, `20001-20010`, `64900:10001`: of many kinds, and so text.
    package var value: String
    package var owner: String?
    package var state: LedgerEntry.State
    @RFC3339 package var since: Int64?
    @RFC3339 package var until: Int64?
    package var reason: String

    package init(_ entry: LedgerEntry) {
        kind = entry.kind
        value = entry.value
        owner = entry.owner
        state = entry.state
        since = entry.since.flatMap { $0 > 0 ? $0 : nil }
        until = entry.until
        reason = entry.reason
    }
}
