import NetworkTypes

/// What every table of bgpd prints of a path, in the spellings of its short and its detailed form.
struct BGPPathAttributes {
    var isValid = false
    var isBest = false
    var weight: Int64 = 0
    /// As printed; empty for local routes and those of the own AS.
    var path = ""
    /// Nil where none is named, `(unspec)` or `0.0.0.0` for a route that no neighbour sent.
    var peer: String?
    /// The used one first. IPv4 addresses inside IPv6 ones (RFC 4291, section 2.5.5.2), which carry IPv6 routes over an IPv4 VTEP,
    /// are given as IPv4.
    var nextHops: [IPAddress] = []
    private var saysLocal = false

    /// The heaviest weight is bgpd's own mark on routes that it originates; the detailed form says so.
    var isLocal: Bool { saysLocal || weight == 32768 && path.isEmpty && (peer == nil || peer == "(unspec)") }

    mutating func read(_ key: String, _ cursor: inout JSONCursor) throws(FRRDecodingError) {
        switch key {
        case "valid": isValid = try cursor.boolean() ?? false
        case "weight": weight = try cursor.integer() ?? 0
        case "path": path = try cursor.string() ?? ""
        case "peerId": peer = try cursor.string()
        case "local", "sourced": saysLocal = try cursor.boolean() ?? false || saysLocal
        case "bestpath": isBest = try readBest(&cursor)
        case "aspath":
            let text = try cursor.textInside() ?? ""
            path = text == "Local" ? "" : text
        case "peer":
            guard try cursor.entersObject() else { return }
            while let key = try cursor.nextKey() {
                if key == "peerId" { peer = try cursor.string() } else { try cursor.skip() }
            }
        case "nexthops": try readNextHops(&cursor)
        default: try cursor.skip()
        }
    }

    /// `true`, or an object with `overall`.
    private func readBest(_ cursor: inout JSONCursor) throws(FRRDecodingError) -> Bool {
        guard try cursor.kind() == .object else { return try cursor.boolean() ?? false }
        var best = false
        try cursor.enterObject()
        while let key = try cursor.nextKey() {
            if key == "overall" { best = try cursor.boolean() ?? false } else { try cursor.skip() }
        }
        return best
    }

    private mutating func readNextHops(_ cursor: inout JSONCursor) throws(FRRDecodingError) {
        guard try cursor.entersArray() else { return }
        while try cursor.nextElement() {
            guard try cursor.entersObject() else { continue }
            var address: IPAddress?
            var used = false
            while let key = try cursor.nextKey() {
                switch key {
                case "ip": address = try cursor.address()?.withoutMapping
                case "used": used = try cursor.boolean() ?? false
                default: try cursor.skip()
                }
            }
            guard let address else { continue }
            if used { nextHops.insert(address, at: 0) } else { nextHops.append(address) }
        }
    }

    /// The AS numbers of a path, in order, without the brackets of sets and confederations.
    static func numbers(of path: String) -> [UInt32] {
        path.split { !$0.isASCII || !$0.isNumber }.compactMap { UInt32($0) }
    }
}

extension JSONCursor {
    /// The `string` of an object such as `{"string": "…", …}`, or the value itself where it is one.
    mutating func textInside() throws(FRRDecodingError) -> String? {
        guard try kind() == .object else { return try string() }
        var text: String?
        try enterObject()
        while let key = try nextKey() {
            if key == "string" { text = try string() } else { try skip() }
        }
        return text
    }
}
