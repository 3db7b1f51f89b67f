import Logging
import NIOCore
import NIOPosix
import Synchronization

/// A replica of the monitored part of an OVSDB database that follows its server, and transactions on it (RFC 7047).
///
/// `run()` connects and reconnects until its task is cancelled; meanwhile `updates()` brings the newest rows, and `transact`
/// changes the database. While no server can be reached the last rows stand; after a reconnection readers get the difference.
package final class OVSDBClient: Sendable {
    struct State: Sendable {
        var reconnection: Reconnection
        var monitor: MonitorState
        var session: MonitorSession?
        var channel: (any Channel)?
        var isRunning = false
        var connection = OVSDBConnectionState()
        /// Why the connection is being closed, where we know better than “it was closed”.
        var failure: OVSDBError?
        var waiting: [Int64: CheckedContinuation<Result<JSONValue, OVSDBError>, Never>] = [:]
        var lastID: Int64 = 0
        /// When anything was last heard, since the client was made.
        var lastHeard = Duration.zero
        var subscribers = OVSDBSubscribers()
        var stateReaders: [Int: AsyncStream<OVSDBConnectionState>.Continuation] = [:]
    }

    /// Rounds of all remotes in which none was as far as our rows, after which the cluster itself has gone back.
    static let lagRounds = 3

    let state: Mutex<State>
    let database: String
    let requiresLeader: Bool
    let policy: Reconnection.Policy
    let tls: OVSDBTLS?
    let group: any EventLoopGroup
    let logger: Logger
    private let clock = ContinuousClock()
    private let origin: ContinuousClock.Instant

    /// - Parameters:
    ///   - remotes: at least one; tried in this order, round and round.
    ///   - tls: needed for `ssl:` remotes.
    ///   - database: its name in its schema, such as `OVN_Southbound`.
    ///   - requiresLeader: whether in a cluster only the leader will do: its rows are the newest, and it writes at once.
    package init(
        remotes: [OVSDBRemote], tls: OVSDBTLS? = nil, database: String, monitor: MonitorRequest, requiresLeader: Bool = false,
        policy: Reconnection.Policy = Reconnection.Policy(), group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        self.tls = tls
        self.database = database
        self.requiresLeader = requiresLeader
        self.policy = policy
        self.group = group
        var logger = logger
        logger[metadataKey: "database"] = .string(database)
        self.logger = logger
        self.origin = clock.now
        self.state = Mutex(
            State(
                reconnection: Reconnection(remotes: remotes, policy: policy),
                monitor: MonitorState(request: monitor, mostLags: Self.lagRounds * remotes.count)))
    }

    /// Since this client was made.
    var now: Duration { origin.duration(to: clock.now) }

    // MARK: What can be seen

    package var connection: OVSDBConnectionState { state.withLock { $0.connection } }

    /// For how long nothing was heard of the database; nil: it is followed.
    package var silence: Duration? { state.withLock { $0.connection.silentSince.map { now - $0 } } }

    /// The rows as of the last message; nil before the first dump.
    package var replica: OVSDBReplica? { state.withLock { $0.monitor.isFilled ? $0.monitor.replica : nil } }

    /// The newest rows whenever they change, for one reader; call it once for each. The first comes as soon as there has been
    /// a dump. A reader that is slow gets what it missed merged into one. Ends when `run()` ends.
    package func updates() -> AsyncStream<OVSDBUpdate> {
        let subscription = OVSDBSubscription(client: self)
        return AsyncStream(unfolding: { await subscription.next() })
    }

    /// How the client stands with its servers, now and whenever that changes; a reader that is slow gets the newest only.
    package func connectionStates() -> AsyncStream<OVSDBConnectionState> {
        let (stream, continuation) = AsyncStream.makeStream(of: OVSDBConnectionState.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { state in
            state.lastID += 1
            state.stateReaders[Int(state.lastID)] = continuation
            continuation.yield(state.connection)
        }
        return stream
    }

    // MARK: Transactions

    /// Does the operations, all or none (RFC 7047, section 4.1.3). When it returns, the replica already shows what they changed.
    ///
    /// - Throws: `.notConnected` where nothing was sent; `.transactionFailed` where nothing was changed; `.disconnected` or
    ///   `.cancelled` where nobody knows.
    package func transact(_ operations: [OVSDBOperation]) async throws(OVSDBError) -> [OVSDBOperationResult] {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let order: (channel: any Channel, request: JSONValue)?? = state.withLock { state in
                    if Task.isCancelled { return nil }
                    guard state.connection.isConnected, let channel = state.channel, let session = state.session else { return .some(nil) }
                    state.waiting[id] = continuation
                    return (channel, session.transaction(operations, id: id))
                }
                switch order {
                case nil: continuation.resume(returning: .failure(.cancelled))
                case .some(nil): continuation.resume(returning: .failure(.notConnected))
                case .some((let channel, let request)?): channel.writeAndFlush(ByteBuffer(bytes: request.bytes), promise: nil)
                }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: .failure(.cancelled))
        }
        return try OVSDBOperationResult.list(try answer.get(), of: operations.count)
    }
}
