import NetworkTypes
import OVSDB

/// Reads BGPVPNs from the `external_ids` of rows. The ports of a router bear the same texts, and each is read once.
struct BGPVPNReader {
    /// A key whose value means nothing.
    struct Refusal: Error, Hashable {
        var key: String
        var value: String
        var reason: String
    }

    private var known: [String: [String: Result<BGPVPNMark, Refusal>]] = [:]

    /// - Parameter labels: all pairs of a row but Neutron's own.
    /// - Returns: Sorted by id, ovn-bgp-agent's last.
    mutating func marks(in labels: [String: String], refusals: inout [Refusal]) -> [BGPVPNMark] {
        guard !labels.isEmpty else { return [] }
        var marks: [BGPVPNMark] = []
        for key in labels.keys.filter({ $0.hasPrefix(BGPVPNMark.key) }).sorted() {
            switch mark(key, labels[key] ?? "") {
            case .success(let mark): marks.append(mark)
            case .failure(let refusal): refusals.append(refusal)
            }
        }
        // The driver writes both kinds of keys for the same BGPVPN.
        if let incumbent = Self.incumbent(labels), !marks.contains(where: { $0.vni == incumbent.vni }) { marks.append(incumbent) }
        return marks
    }

    private mutating func mark(_ key: String, _ text: String) -> Result<BGPVPNMark, Refusal> {
        if let mark = known[key]?[text] { return mark }
        let mark = Result { () throws(Refusal) in try Self.read(key, text) }
        known[key, default: [:]][text] = mark
        return mark
    }

    private static func read(_ key: String, _ text: String) throws(Refusal) -> BGPVPNMark {
        func refusal(_ reason: String) -> Refusal { Refusal(key: key, value: String(text.prefix(64)), reason: reason) }
        guard let id = OVSDBUUID(String(key.dropFirst(BGPVPNMark.key.count)))?.description else {
            throw refusal("has no BGPVPN’s id in its key")
        }
        guard text.utf8.count <= BGPVPNMark.mostBytes else { throw refusal("has more than \(BGPVPNMark.mostBytes) bytes") }
        guard let object = JSONValue(object: text)?.object else { throw refusal("is no JSON object") }
        func member<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws(Refusal) -> Value? {
            guard let value = object[name], value != .null else { return nil }
            guard let known = read(value) else { throw refusal("has a “\(name)” that makes no sense") }
            return known
        }
        func texts(_ name: String) throws(Refusal) -> [String] { try member(name, \.strings) ?? [] }
        guard let by = try member("by", { $0.string.flatMap(BGPVPNMark.Means.init(rawValue:)) }) else {
            throw refusal("does not say “by” what it is associated: router, network, port or none")
        }
        return BGPVPNMark(
            id: id, by: by, association: try member("association", \.string), name: try member("name", \.string) ?? "",
            project: try member("project", \.string).flatMap { $0.isEmpty ? nil : $0 },
            kind: try member("type") { $0.string.flatMap(BGPVPNMark.Kind.init(rawValue:)) } ?? .l3,
            vni: try member("vni") { $0.integer.flatMap { VNI("\($0)") } }, routeTargets: try texts("rt"), importTargets: try texts("it"),
            exportTargets: try texts("et"), routeDistinguishers: try texts("rd"), localPreference: try member("local_pref", \.preference),
            advertisesExtraRoutes: try member("extra_routes", \.boolean) ?? true,
            advertisesFixedIPs: try member("fixed_ips", \.boolean) ?? true, routes: try member("routes", \.routes) ?? [])
    }

    /// ovn-bgp-agent writes lists as JSON; what of its keys makes no sense is left out, as it does.
    private static func incumbent(_ labels: [String: String]) -> BGPVPNMark? {
        func text(_ name: String) -> String? { labels[BGPVPNMark.incumbentKey + name] }
        func texts(_ name: String) -> [String] {
            guard let text = text(name), text.utf8.count <= BGPVPNMark.mostBytes else { return [] }
            return JSONValue(object: "{\"list\":\(text)}")?["list"]?.strings ?? []
        }
        guard let vni = text("vni").flatMap({ VNI($0) }) else { return nil }
        return BGPVPNMark(
            id: nil, by: nil, kind: text("type").flatMap(BGPVPNMark.Kind.init(rawValue:)) ?? .l3, vni: vni, routeTargets: texts("rt"),
            importTargets: texts("it"), exportTargets: texts("et"), routeDistinguishers: texts("rd"),
            localPreference: text("local_pref").flatMap { UInt32($0) })
    }
}

extension JSONValue {
    fileprivate var strings: [String]? {
        guard let array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }

    fileprivate var preference: UInt32? { integer.flatMap { UInt32(exactly: $0) } }

    /// Routes of another type than `prefix` are not this product's, and left out.
    fileprivate var routes: [BGPVPNMark.Route]? {
        guard let array else { return nil }
        var routes: [BGPVPNMark.Route] = []
        for element in array {
            guard let object = element.object else { return nil }
            guard let text = object["prefix"] else { continue }
            guard let prefix = text.string.flatMap({ IPPrefix($0) }) else { return nil }
            let preference = object["local_pref"].flatMap { $0 == .null ? nil : $0 }
            guard preference == nil || preference?.preference != nil else { return nil }
            routes.append(BGPVPNMark.Route(prefix: prefix, localPreference: preference?.preference))
        }
        return routes.sorted { $0.prefix < $1.prefix }
    }
}
