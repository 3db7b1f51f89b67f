import Federation
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
                expected: "resource name", value: String(text), reason: "it is neither “base” nor “vpn/NAME”",
                remedy: "use the same release on agent and coordinator")
        }
    }

    package var description: String {
        switch self {
        case .base: "base"
        case .vpn(let name): "vpn/\(name)"
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

extension ResourceName {
    package init(_ resource: IntentResource) {
        switch resource {
        case .base: self = .base
        case .vpn(let name): self = .vpn(name)
        }
    }
}

extension IntentResource {
    package init(_ name: ResourceName) {
        switch name {
        case .base: self = .base
        case .vpn(let name): self = .vpn(name)
        }
    }
}
