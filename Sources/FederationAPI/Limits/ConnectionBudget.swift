/// Who may be connected: the deciding half of accepting connections. Pure.
///
/// Anybody who reaches the port can connect, so a connection is worth nothing until its peer has shown a certificate. Of those that have
/// not, the oldest makes room for the newest: a flood then costs honest peers only those handshakes that take longer than the flood needs
/// to come around, while refusing the newest would lock everybody out for as long as one connection lives.
package struct ConnectionBudget<Key: Hashable & Sendable>: Sendable {
    /// What became of a connection that arrives.
    package enum Arrival: Hashable, Sendable {
        /// It may go on with its handshake; the other one, if any, is to be closed for it.
        case taken(evicting: Key?)
        /// It is to be closed at once.
        case refused
    }

    private struct Connection: Sendable {
        var address: SourceAddress
        var identity: PeerIdentity?
        /// Told to be closed, and not closed yet: it still has its descriptor.
        var isClosing = false
    }

    package let limits: ConnectionLimits
    private var connections: [Key: Connection] = [:]
    /// Without a certificate so far, the oldest first.
    private var unproven: [Key] = []
    /// By identity, the oldest first.
    private var proven: [PeerIdentity: [Key]] = [:]
    private var closing = 0

    package init(_ limits: ConnectionLimits) { self.limits = limits }

    /// Connections that have a descriptor.
    package var open: Int { connections.count }

    /// Nothing more is to be accepted until one closes: what was told to be closed was not yet, and has its descriptor still.
    package var isFull: Bool { open >= limits.total + limits.slack }

    /// A connection was accepted.
    package mutating func arrive(_ key: Key, from address: SourceAddress) -> Arrival {
        let own = unproven.filter { connections[$0]?.address == address }
        var evicted: Key?
        if own.count >= limits.unprovenPerAddress {
            evicted = own.first
        } else if unproven.count >= limits.unproven || open - closing >= limits.total {
            evicted = unproven.first
        }
        if evicted == nil, open - closing >= limits.total {
            // All the others have certificates.
            connections[key] = Connection(address: address, isClosing: true)
            closing += 1
            return .refused
        }
        if let evicted { close(evicted) }
        connections[key] = Connection(address: address)
        unproven.append(key)
        return .taken(evicting: evicted)
    }

    /// The peer has shown its certificate.
    /// - Returns: connections of the same peer that are to be closed for it: the newest ones stay. Nil where this one is being closed itself.
    package mutating func prove(_ key: Key, _ identity: PeerIdentity) -> [Key]? {
        guard let connection = connections[key], !connection.isClosing else { return nil }
        unproven.removeAll { $0 == key }
        connections[key]?.identity = identity
        proven[identity, default: []].append(key)
        let surplus = Array((proven[identity] ?? []).dropLast(limits.connections(of: identity)))
        for key in surplus { close(key) }
        return surplus
    }

    /// A connection closed, for whatever reason.
    package mutating func leave(_ key: Key) {
        close(key)
        guard connections.removeValue(forKey: key) != nil else { return }
        closing -= 1
    }

    private mutating func close(_ key: Key) {
        guard let connection = connections[key], !connection.isClosing else { return }
        connections[key]?.isClosing = true
        closing += 1
        if let identity = connection.identity {
            proven[identity]?.removeAll { $0 == key }
            if proven[identity]?.isEmpty == true { proven[identity] = nil }
        } else {
            unproven.removeAll { $0 == key }
        }
    }
}
