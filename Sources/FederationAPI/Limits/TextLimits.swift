import FederationModel
import Verification

/// How long the texts may be that an agent writes, in bytes of UTF-8, and how many of a kind. The agent cuts its own to these, so that
/// only one that is broken or hostile is refused for them.
package enum TextLimits {
    /// `fed-agent 0.1.0, FRR 8.4.4`.
    package static let software = 256
    /// Of a resource, and the epoch.
    package static let version = 64
    /// A name that OVN or bgpd uses: a router, a chassis, the state of a session.
    package static let name = 256
    /// A sentence: why something was refused, what is wrong, what to do, what was repaired.
    package static let sentence = 1024
    /// Problems of one VPN or of the node.
    package static let problems = 100
    /// Repairs of one VPN.
    package static let drift = 100
    /// Peers, attachments of a VPN, routers of an attachment.
    package static let entries = 4096
    /// AS numbers or route targets of one route.
    package static let attributes = ReceivedRoute.mostTargets
    /// Bytes that a node's foreign VRFs take in a message, together: it holds the sessions and problems of the node too.
    package static let foreignVRFs = 1 << 20
    /// Bytes that the BGPVPNs of a cloud take in a message, together.
    package static let bgpvpns = 1 << 20
    /// A BGPVPN's name: Neutron's column holds 255 characters.
    package static let bgpvpnName = 1024
    /// Resources that an agent says it holds when a session begins.
    package static let held = 16_384

    /// `text`, or as much of its beginning as fits, with `…` at the end.
    package static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let mark = "…"
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: limit - mark.utf8.count)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return text[..<end] + mark
    }
}

/// Refuses a text that is longer than `limit` bytes.
func text(_ text: String, _ field: String, _ limit: Int) throws(ConversionError) -> String {
    guard text.utf8.count <= limit else {
        throw ConversionError(field: field, reason: "must be at most \(limit) bytes, has \(text.utf8.count)")
    }
    return text
}

/// Refuses a list with more than `limit` elements.
func few<Element>(_ elements: [Element], _ field: String, _ limit: Int) throws(ConversionError) -> [Element] {
    guard elements.count <= limit else {
        throw ConversionError(field: field, reason: "must be at most \(limit) elements, has \(elements.count)")
    }
    return elements
}
