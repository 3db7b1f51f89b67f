/// The conversation over one connection: is this server usable, what is the schema, dump, updates, transactions.
///
/// Pure: messages go in, what to send comes out. The replica is handed in, because it outlives the connection.
package struct MonitorSession: Sendable {
    /// How to ask for rows, the best first: older servers answer “unknown method” (`monitor_cond` came with OVS 2.6,
    /// `monitor_cond_since` with 2.12).
    package enum Method: String, Hashable, Sendable {
        case since = "monitor_cond_since"
        case conditional = "monitor_cond"
        case plain = "monitor"

        var fallback: Method? {
            switch self {
            case .since: .conditional
            case .conditional: .plain
            case .plain: nil
            }
        }
    }

    package enum Output: Hashable, Sendable {
        case send(JSONValue)
        /// The replica is now as the server has it.
        case synchronised
        case result(id: Int64, JSONValue)
        case refusal(id: Int64, OVSDBError)
    }

    private enum Phase: Hashable { case examining, requesting, following }

    private static let serverMonitor = "server"
    private static let monitor = "monitor"
    private static let probe = "probe"

    package let database: String
    package let requiresLeader: Bool
    package private(set) var method = Method.since
    private var phase = Phase.examining
    /// Nil if the server has no `_Server` database (before OVS 2.9), and then no cluster either.
    private var status: ServerStatus? = ServerStatus()
    private var isServerKnown = false
    private var layout: MonitorLayout?

    package init(database: String, requiresLeader: Bool) {
        self.database = database
        self.requiresLeader = requiresLeader
    }

    /// What to send first. Both at once, because each round trip delays the dump.
    package var opening: [JSONValue] {
        let columns = ServerStatus.columns.map { JSONValue.string($0) }
        return [
            Self.request(
                "monitor", ["_Server", .string(Self.serverMonitor), ["Database": ["columns": .array(columns)]]], .string(Self.serverMonitor)
            ),
            Self.request("get_schema", [.string(database)], "schema"),
        ]
    }

    /// What to send to a server that has been silent for long.
    package static var probeRequest: JSONValue { request("echo", [], .string(probe)) }

    package func transaction(_ operations: [OVSDBOperation], id: Int64) -> JSONValue {
        Self.request("transact", .array([.string(database)] + operations.map { JSONValue($0) }), .integer(id))
    }

    private static func request(_ method: String, _ parameters: JSONValue, _ id: JSONValue) -> JSONValue {
        ["method": .string(method), "params": parameters, "id": id]
    }

    /// Takes one message.
    ///
    /// - Throws: If the connection is unusable.
    package mutating func receive(
        _ message: OVSDBMessage, _ state: inout MonitorState, recording change: inout ReplicaChange
    ) throws(OVSDBError) -> [Output] {
        switch message {
        case .request(let method, let parameters, let id):
            if method == "echo" { return [.send(["result": .array(parameters), "error": .null, "id": id])] }
            return [.send(["result": .null, "error": "unknown method", "id": id])]
        case .notification(let method, let parameters, let updates):
            try notified(method, parameters, updates, &state, recording: &change)
            return []
        case .response(let id, let result, let error, let updates):
            switch id {
            case .string(Self.serverMonitor): return try examined(error, updates, &state)
            case "schema": return try learnedSchema(result, error, &state)
            case .string(Self.monitor): return try dumped(result, error, updates, &state, recording: &change)
            case .integer(let id):
                if let error { return [.refusal(id: id, .refused("transact", error))] }
                return [.result(id: id, result)]
            default: return []
            }
        }
    }

    // MARK: Which server, which schema

    private mutating func examined(
        _ error: JSONValue?, _ updates: OVSDBTableUpdates, _ state: inout MonitorState
    ) throws(OVSDBError) -> [Output] {
        isServerKnown = true
        if error != nil { status = nil }
        status?.apply(updates)
        try checkStatus(&state)
        return requestRows(state)
    }

    private func checkStatus(_ state: inout MonitorState) throws(OVSDBError) {
        guard let status else { return }
        if let objection = status.objection(to: database, requiresLeader: requiresLeader) { throw .unsuitable(objection) }
        state.adopt(cluster: status.cluster(of: database))
        guard state.adopt(clusterIndex: status.index(of: database)) else { throw .unsuitable("the server lags behind its cluster") }
    }

    private mutating func learnedSchema(
        _ result: JSONValue, _ error: JSONValue?, _ state: inout MonitorState
    ) throws(OVSDBError) -> [Output] {
        if let error { throw .refused("get_schema", error) }
        layout = state.adopt(try OVSDBSchema(result))
        return requestRows(state)
    }

    // MARK: Rows

    /// Once server and schema are known.
    private mutating func requestRows(_ state: MonitorState) -> [Output] {
        guard isServerKnown, let layout, phase == .examining else { return [] }
        phase = .requesting
        return [.send(monitorRequest(layout, state))]
    }

    private func monitorRequest(_ layout: MonitorLayout, _ state: MonitorState) -> JSONValue {
        var parameters: [JSONValue] = [.string(database), .string(Self.monitor), layout.request(isConditional: method != .plain)]
        if method == .since {
            parameters.append(.string((state.lastTransaction ?? OVSDBUUID(high: 0, low: 0)).description))
        }
        return Self.request(method.rawValue, .array(parameters), .string(Self.monitor))
    }

    private mutating func dumped(
        _ result: JSONValue, _ error: JSONValue?, _ updates: OVSDBTableUpdates, _ state: inout MonitorState,
        recording change: inout ReplicaChange
    ) throws(OVSDBError) -> [Output] {
        guard phase == .requesting, let layout else { throw .unexpected("a dump that was not requested") }
        if let error {
            let refusal = OVSDBError.refused(method.rawValue, error)
            guard case .refused(_, "unknown method", _) = refusal, let fallback = method.fallback else { throw refusal }
            method = fallback
            return [.send(monitorRequest(layout, state))]
        }
        if method == .since {
            guard let elements = result.array, elements.count == 3, let isFound = elements[0].boolean else {
                throw .unexpected("a result of monitor_cond_since must be found, transaction and updates")
            }
            if isFound {
                try state.apply(updates, recording: &change)
            } else {
                try state.fill(with: updates, recording: &change)
            }
            state.advance(to: elements[1].string.flatMap { OVSDBUUID($0) })
        } else {
            try state.fill(with: updates, recording: &change)
            state.forgetTransaction()
        }
        phase = .following
        return [.synchronised]
    }

    private mutating func notified(
        _ method: String, _ parameters: [JSONValue], _ updates: OVSDBTableUpdates, _ state: inout MonitorState,
        recording change: inout ReplicaChange
    ) throws(OVSDBError) {
        switch (method, parameters.first) {
        case ("update", .string(Self.serverMonitor)?):
            status?.apply(updates)
            try checkStatus(&state)
        case ("update", .string(Self.monitor)?), ("update2", .string(Self.monitor)?), ("update3", .string(Self.monitor)?):
            try state.apply(updates, recording: &change)
            guard method == "update3" else { return }
            state.advance(to: parameters.count > 1 ? parameters[1].string.flatMap { OVSDBUUID($0) } : nil)
        case ("monitor_canceled", .string(Self.monitor)?), ("monitor_canceled", .string(Self.serverMonitor)?):
            throw .disconnected(reason: "the server cancelled the monitor; the schema may have changed")
        default: break
        }
    }
}
