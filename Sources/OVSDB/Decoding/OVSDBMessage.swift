/// A message of JSON-RPC 1.0 as OVSDB uses it (RFC 7047, section 4), its table updates already taken out as rows.
package enum OVSDBMessage: Hashable, Sendable {
    /// Wants an answer, such as the server's `echo`.
    case request(method: String, parameters: [JSONValue], id: JSONValue)
    /// Wants none. Of table updates in the parameters only the empty tables remain there.
    case notification(method: String, parameters: [JSONValue], updates: OVSDBTableUpdates)
    /// The answer to our request; `error` where it is not null. Of table updates in the result only the empty tables remain there.
    case response(id: JSONValue, result: JSONValue, error: JSONValue?, updates: OVSDBTableUpdates)

    /// Nil if the members do not make a message.
    init?(members: [String: JSONValue], updates: OVSDBTableUpdates) {
        let id = members["id"] ?? .null
        if let method = members["method"] {
            guard let name = method.string, let parameters = members["params"]?.array else { return nil }
            if id == .null {
                self = .notification(method: name, parameters: parameters, updates: updates)
            } else {
                self = .request(method: name, parameters: parameters, id: id)
            }
            return
        }
        let error = members["error"] ?? .null
        guard id != .null, error != .null || members["result"] != nil else { return nil }
        self = .response(id: id, result: members["result"] ?? .null, error: error == .null ? nil : error, updates: updates)
    }
}
