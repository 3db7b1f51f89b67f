import FederationModel
import Foundation
import NetworkTypes
import Testing

/// A gateway keeps an old intent where the version does not change with the content, and nobody is told. So the versions are not tested field
/// by field: whatever is stored is looked for, also what is added later.
@Suite("Every stored property of an intent changes its version")
struct IntentVersionTests {
    private typealias Object = [String: any Sendable]

    private static func base(_ n: UInt32) throws -> BaseIntent {
        BaseIntent(
            version: "", asn: try #require(ASN(value: n)), vtep: IPv4Address(bits: n), routerMAC: MACAddress(bits: UInt64(n)),
            probeAddress: IPv4Address(bits: n), management: n == 1 ? .agent : .external,
            peers: [EVPNPeer(name: "peer \(n)", address: .v4(IPv4Address(bits: n)), asn: try #require(ASN(value: n)))],
            underlayMTU: 1500 + Int(n), isDraining: n == 1, maximumPrefixes: Int(n), filtersVXLAN: n == 1, failureDetection: .bfd,
            maximumHops: UInt8(n), onSouthboundLoss: n == 1 ? .drain : .withdraw)
    }

    private static func vpn(_ n: UInt32) throws -> VPNIntent {
        func targets(_ number: UInt32) -> [RouteTarget] { [RouteTarget(.as2(64900, 10 * n + number))] }
        func prefix(_ number: UInt32) -> IPPrefix { IPPrefix(containing: .v4(IPv4Address(bits: (10 * n + number) << 8)), length: 24) }
        func rules(_ number: UInt32) -> [PrefixRule] {
            [PrefixRule(n == 1 ? .permit : .deny, prefix(number), ge: 24 + Int(n), le: 28 + Int(n))]
        }
        let selector = AttachmentSelector(
            kind: n == 1 ? .router : .network, key: n == 1 ? .name : .id, value: "thing \(n)", project: "project \(n)")
        return VPNIntent(
            version: "", name: try VPNName(parsing: "v\(n)"), encapsulation: .vxlan(try #require(VNI(value: n))),
            routeDistinguisher: RouteDistinguisher(.as2(1, n)), importTargets: targets(1), exportTargets: targets(2),
            attachments: [
                AttachmentIntent(
                    selector: selector, advertise: n == 1 ? .hosts : .subnets, export: rules(1), only: [prefix(2)],
                    refused: [prefix(3)])
            ],
            originated: [prefix(4)], importFilter: rules(5), exportFilter: rules(6),
            origins: [
                RouteOrigin(
                    vtep: IPv4Address(bits: n), asn: try #require(ASN(value: n)), originatesDefault: n == 1,
                    cloud: try CloudName(parsing: "c\(n)"), probeAddress: IPv4Address(bits: 100 + n))
            ],
            rights: [OriginRight(clouds: [try CloudName(parsing: "r\(n)")], rules: rules(7))],
            tunnelSources: [IPv4Address(bits: n)], maximumPrefixes: Int(n), maximumLearned: Int(n), maximumLearnedPerOrigin: Int(n),
            localPreference: n, mtu: 1300 + Int(n),
            secondary: Binding(
                encapsulation: .vxlan(try #require(VNI(value: 100 + n))), routeDistinguisher: RouteDistinguisher(.as2(2, n)),
                importTargets: targets(3), exportTargets: targets(4)), vniStep: UInt64(n))
    }

    /// Where two samples differ, as paths into their JSON; says so where they do not, or a property is missing there.
    private func paths(_ value: Any, _ first: Any, _ second: Any, at path: [String] = []) -> [[String]] {
        if let a = first as? [String: Any], let b = second as? [String: Any] {
            let stored = Mirror(reflecting: value).children
            #expect(Set(stored.compactMap(\.label)) == Set(a.keys), "\(path): the samples leave out what is nil in them: give each a value")
            return stored.flatMap { child -> [[String]] in
                guard let label = child.label, let a = a[label], let b = b[label] else { return [] }
                let optional = Mirror(reflecting: child.value)
                let inner = optional.displayStyle == .optional ? optional.children.first?.value ?? child.value : child.value
                return paths(inner, a, b, at: path + [label])
            }
        }
        if let a = first as? [Any], let b = second as? [Any], let element = Mirror(reflecting: value).children.first?.value {
            #expect(a.count == 1 && b.count == 1, "\(path): one element each")
            return paths(element, a[0], b[0], at: path + ["0"])
        }
        // The version is what is tested; the only kind that there is cannot be another one.
        if path == ["version"] || (path == ["kind"] && VPNKind.allCases.count == 1) { return [] }
        if path == ["failureDetection"] && FailureDetection.allCases.count == 1 { return [] }
        #expect("\(first)" != "\(second)", "\(path): the samples are the same: give each another value")
        return [path]
    }

    private func replacing(_ path: ArraySlice<String>, in object: Any, from other: Any) -> Any {
        guard let key = path.first else { return other }
        if var list = object as? [Any], let others = other as? [Any] {
            list[0] = replacing(path.dropFirst(), in: list[0], from: others[0])
            return list
        }
        guard var fields = object as? [String: Any], let others = other as? [String: Any] else { return object }
        fields[key] = replacing(path.dropFirst(), in: fields[key] ?? [], from: others[key] ?? [])
        return fields
    }

    private func check<Intent: Codable>(_ first: Intent, _ second: Intent, version: (Intent) -> ResourceVersion) throws -> Int {
        func json(_ intent: Intent) throws -> Any { try JSONSerialization.jsonObject(with: JSONEncoder().encode(intent)) }
        let (a, b) = (try json(first), try json(second))
        let paths = paths(first, a, b)
        var versions: [ResourceVersion: [String]] = [version(first): ["as it was"]]
        for path in paths {
            let data = try JSONSerialization.data(withJSONObject: replacing(path[...], in: a, from: b))
            let changed = try JSONDecoder().decode(Intent.self, from: data)
            let before = versions.updateValue(path, forKey: version(changed))
            #expect(before == nil, "\(path.joined(separator: ".")) does not change the version (as \(before ?? []))")
        }
        return paths.count
    }

    @Test("of the base")
    func base() throws {
        #expect(try check(Self.base(1), Self.base(2), version: \.contentVersion) >= 12)
    }

    @Test("of a VPN, with its attachments, filters, origins and secondary binding")
    func vpn() throws {
        #expect(try check(Self.vpn(1), Self.vpn(2), version: \.contentVersion) >= 28)
    }
}
