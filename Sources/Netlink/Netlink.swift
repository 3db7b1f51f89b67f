import CNetlink
import Glibc
import NetworkTypes

/// The kernel's network configuration of one network namespace: reads it and changes it.
///
/// Owns one socket, used on one queue. The kernel answers within the system call that asks, so that the waiting is short, but it
/// is waiting: it does not happen on the threads that the rest of the program runs on.
package actor Netlink {
    private let executor = SerialQueueExecutor(label: "netlink")
    private let socket: RouteSocket

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens a socket in the network namespace that the calling thread is in. Writing needs CAP_NET_ADMIN there.
    package init() throws(NetlinkError) {
        do {
            socket = try RouteSocket.open()
        } catch {
            throw error.error(for: "open a NETLINK_ROUTE socket")
        }
    }

    /// Applies one change.
    @discardableResult
    package func apply(_ change: KernelChange) throws(NetlinkError) -> ChangeOutcome {
        do {
            return try socket.perform(change)
        } catch {
            throw error.error(for: change.description)
        }
    }

    /// Applies changes in their order. One that fails does not keep the next ones from being tried.
    package func apply(_ changes: [KernelChange]) -> [Result<ChangeOutcome, NetlinkError>] {
        changes.map { change in
            Result { () throws(NetlinkError) in try apply(change) }
        }
    }

    /// Reads the scope. If the tables change while reading, it retries, at most three times.
    package func snapshot(_ scope: SnapshotScope = SnapshotScope()) throws(NetlinkError) -> KernelSnapshot {
        try reading("read links, addresses, \(scope.tables.count) tables") { (socket: borrowing RouteSocket) throws(Refusal) in
            try repeated(while: { !$0.isConsistent }) { () throws(Refusal) in try socket.snapshot(scope) }
        }
    }

    /// Nil if there is no interface with this name.
    package func link(_ name: String) throws(NetlinkError) -> Link? {
        try reading("ip -d link show \(name)") { (socket: borrowing RouteSocket) throws(Refusal) in
            do throws(Refusal) {
                let record = try socket.link(named: name)
                return record.resolved(try socket.names(of: record.references))
            } catch let error where error.code == ENODEV {
                return nil
            }
        }
    }

    /// The routes of one table and family. If they change while reading, it retries, at most three times; so for rules.
    package func routes(table: UInt32, family: AddressFamily) throws(NetlinkError) -> [Route] {
        try reading("ip route show table \(table)") { (socket: borrowing RouteSocket) throws(Refusal) in
            let links = try repeated(while: { !$0.isConsistent }) { () throws(Refusal) in try socket.links() }
            return try repeated(while: { !$0.isConsistent }) { () throws(Refusal) in
                try socket.routes(table: table, family: family, names: links.names)
            }.routes
        }
    }

    /// The rules of one family, in the order in which they are asked.
    package func rules(_ family: AddressFamily) throws(NetlinkError) -> [Rule] {
        try reading("ip -\(family == .ipv4 ? 4 : 6) rule show") { (socket: borrowing RouteSocket) throws(Refusal) in
            try repeated(while: { !$0.isConsistent }) { () throws(Refusal) in try socket.rules(family) }.rules
        }
    }

    /// How a packet would go there now; nil: there is no route.
    /// - Parameter source: an address of this node; nil: as the kernel chooses.
    package func path(to destination: IPAddress, from source: IPAddress? = nil) throws(NetlinkError) -> RoutePath? {
        try reading("ip route get \(destination)") { (socket: borrowing RouteSocket) throws(Refusal) in
            try socket.path(to: destination, from: source)
        }
    }

    private func reading<T>(
        _ request: String, _ read: (borrowing RouteSocket) throws(Refusal) -> T
    ) throws(NetlinkError) -> T {
        do {
            return try read(socket)
        } catch {
            throw error.error(for: request)
        }
    }
}

/// The first reading that is whole, at most the third: an interrupted dump (NLM_F_DUMP_INTR) may lack what was there all the time.
func repeated<T>(while isTorn: (T) -> Bool, _ read: () throws(Refusal) -> T) throws(Refusal) -> T {
    var result = try read()
    for _ in 1..<3 where isTorn(result) { result = try read() }
    return result
}
