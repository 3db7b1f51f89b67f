import Federation
import FederationAPI
import Terminal

/// What an apply changed, or would change.
struct AppliedChanges: Hashable, Sendable, Encodable {
    struct Change: Hashable, Sendable, Encodable {
        enum Kind: String, Hashable, Sendable, Encodable {
            case added, changed, removed
        }

        var kind: Kind
        /// `vpn/blue`, `gateway/paris/gw1`.
        var object: String
        /// Whose intent changes with it.
        var gateways: [GatewayID]
    }

    /// In force afterwards.
    var revision: UInt64
    var dryRun: Bool
    var changes: [Change]
    var affected: [GatewayID] { Set(changes.flatMap(\.gateways)).sorted() }

    init(revision: UInt64, dryRun: Bool, changes: [Change]) {
        self.revision = revision
        self.dryRun = dryRun
        self.changes = changes
    }

    init(_ wire: WireApplyResponse, dryRun: Bool) throws(ConversionError) {
        self.init(revision: wire.revision, dryRun: dryRun, changes: [])
        for change in wire.changes {
            var gateways: [GatewayID] = []
            for gateway in change.gateways { gateways.append(try GatewayID(gateway)) }
            let kind: Change.Kind =
                switch change.kind {
                case .added: .added
                case .removed: .removed
                case .changed, .unspecified, .UNRECOGNIZED: .changed
                }
            changes.append(Change(kind: kind, object: Self.path(change.object), gateways: gateways))
        }
    }

    /// `VPN blue` as `vpn/blue`, the way that commands name it.
    static func path(_ object: String) -> String {
        let attachment = "attachment of VPN "
        if object.hasPrefix(attachment) {
            let parts = object.dropFirst(attachment.count).split(separator: ": ", maxSplits: 1)
            return parts.count == 2 ? "vpn/\(parts[0]) attachment \(parts[1])" : object
        }
        guard let blank = object.firstIndex(of: " ") else { return object }
        return object[..<blank].lowercased() + "/" + object[object.index(after: blank)...]
    }

    var exitStatus: ExitStatus { dryRun && !changes.isEmpty ? .changesPending : .ok }

    var page: Page {
        var page = Page()
        guard !changes.isEmpty else {
            page.line(StyledText(revision == 0 ? "nothing to change" : "nothing to change; revision \(revision) stays in force"))
            return page
        }
        let width = changes.reduce(0) { max($0, displayWidth($1.object)) }
        for change in changes {
            let filling = String(repeating: " ", count: width - displayWidth(change.object))
            let gateways = change.gateways.isEmpty ? "" : "\(filling)  → \(change.gateways.map(\.description).joined(separator: ", "))"
            page.line(StyledText("\(change.kind.mark) \(change.object)", change.kind.style) + StyledText(gateways, .faint))
        }
        let number = count(changes.count, "change")
        let gateways = affected.isEmpty ? "no gateway is affected" : "\(count(affected.count, "gateway")) affected"
        page.line(
            dryRun
                ? StyledText("\(number) would be made, \(gateways); revision \(revision) stays in force")
                : StyledText("revision \(revision) is in force: \(number), \(gateways)"))
        return page
    }
}

extension AppliedChanges.Change.Kind {
    var mark: String {
        switch self {
        case .added: "+"
        case .changed: "~"
        case .removed: "-"
        }
    }

    var style: Style {
        switch self {
        case .added: .good
        case .changed: .doubtful
        case .removed: .bad
        }
    }
}
