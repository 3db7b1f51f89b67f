import NetworkTypes

/// What is versioned, sent and acknowledged by itself: `base` or `vpn/NAME`.
package enum ResourceName: TextualValue, Comparable {
    case base
    case vpn(VPNName)

    package init(parsing text: some StringProtocol) throws(ParseError) {
        if text == "base" {
            self = .base
        } else if text.hasPrefix("vpn/") {
            self = .vpn(try VPNName(parsing: text.dropFirst(4)))
        } else {
            throw ParseError(
                expected: "resource name", value: String(text), reason: "must be “base” or “vpn/NAME”",
                remedy: "run the same release on agents and coordinator")
        }
    }

    package var description: String {
        switch self {
        case .base: "base"
        case .vpn(let name): "vpn/\(name)"
        }
    }

    /// For people: `base` or `VPN blue`.
    package var title: String {
        switch self {
        case .base: "base"
        case .vpn(let name): "VPN \(name)"
        }
    }

    /// The base first, then the VPNs by name.
    package static func < (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (_, .base): false
        case (.base, .vpn): true
        case (.vpn(let first), .vpn(let second)): first < second
        }
    }
}

extension GatewayIntent {
    /// Nil: the gateway is not to have it.
    package func version(of resource: ResourceName) -> ResourceVersion? {
        switch resource {
        case .base: base.version
        case .vpn(let name): vpns[name]?.version
        }
    }

    /// The version of each resource that it holds.
    package var versions: [ResourceName: ResourceVersion] {
        var versions: [ResourceName: ResourceVersion] = [.base: base.version]
        for (name, vpn) in vpns { versions[.vpn(name)] = vpn.version }
        return versions
    }
}
